#include "load/schedule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace owp::load {
namespace {

class Builder {
public:
    Builder(const Traffic& traffic, std::uint64_t seed)
        : traffic_{traffic}, random_{seed}, end_seconds_{
                                                static_cast<double>(traffic.length.count())} {}

    std::vector<Action> build() {
        for (std::uint32_t room = 0; room < traffic_.rooms; ++room)
            add_room(room);
        add_visitors();
        add_even_chats();
        std::ranges::stable_sort(actions_, {}, &Action::at);
        return std::move(actions_);
    }

private:
    void add_room(std::uint32_t room) {
        each_period(traffic_.reports_per_second,
                    [&](double at) { add(at, room, 0, Kind::report); });
        constexpr std::array commands{Kind::pause, Kind::play, Kind::seek};
        std::size_t turn = 0;
        at_random(traffic_.commands_per_minute / 60,
                  [&](double at) { add(at, room, 0, commands.at(turn++ % commands.size())); });
        at_random(traffic_.chats_per_minute / 60 * traffic_.members, [&](double at) {
            std::uniform_int_distribution<std::uint32_t> anybody{0, traffic_.members - 1};
            add(at, room, anybody(random_), Kind::chat);
        });
        for (std::uint32_t member = 0; member < traffic_.members; ++member)
            each_period(traffic_.pings_per_minute / 60,
                        [&](double at) { add(at, room, member, Kind::ping); });
    }

    void add_visitors() {
        const std::uint32_t visitors = visitors_needed(traffic_);
        std::uint32_t turn = 0;
        const auto come = [&](Kind kind) {
            return [&, kind](double at) {
                const std::uint32_t room = traffic_.rooms > 0 ? turn % traffic_.rooms : 0;
                const std::uint32_t visitor = turn++ % visitors;
                add(at, room, visitor, kind);
                add(at + static_cast<double>(visit_length.count()), room, visitor, Kind::leave);
            };
        };
        // One after the other by number, which visitors_needed() is about
        std::vector<std::pair<double, Kind>> comings;
        each_period(traffic_.creates_per_second,
                    [&](double at) { comings.emplace_back(at, Kind::create); });
        each_period(traffic_.visits_per_second,
                    [&](double at) { comings.emplace_back(at, Kind::visit); });
        std::ranges::sort(comings);
        for (const auto& [at, kind] : comings)
            come(kind)(at);
    }

    void add_even_chats() {
        std::uint32_t turn = 0;
        each_period(traffic_.even_chats_per_second, [&](double at) {
            const std::uint32_t room = turn % traffic_.rooms;
            add(at, room, turn / traffic_.rooms % traffic_.members, Kind::chat);
            ++turn;
        });
    }

    template <class Add>
    void each_period(double per_second, Add add_at) {
        if (per_second <= 0)
            return;
        const double period = 1 / per_second;
        const double phase = std::uniform_real_distribution{0.0, period}(random_);
        for (std::uint64_t i = 0; phase + period * static_cast<double>(i) < end_seconds_; ++i)
            add_at(phase + period * static_cast<double>(i));
    }

    template <class Add>
    void at_random(double per_second, Add add_at) {
        if (per_second <= 0)
            return;
        std::exponential_distribution<double> gap{per_second};
        double at = gap(random_);
        while (at < end_seconds_) {
            add_at(at);
            at += gap(random_);
        }
    }

    void add(double at_seconds, std::uint32_t room, std::uint32_t who, Kind kind) {
        actions_.push_back(
            {std::chrono::nanoseconds{std::llround(at_seconds * 1e9)}, room, who, kind});
    }

    const Traffic& traffic_;
    std::mt19937_64 random_;
    double end_seconds_;
    std::vector<Action> actions_;
};

} // namespace

std::uint32_t visitors_needed(const Traffic& traffic) {
    const double comings = traffic.creates_per_second + traffic.visits_per_second;
    if (comings <= 0)
        return 0;
    // Twice the stay: an answer may come late
    return static_cast<std::uint32_t>(
               std::ceil(comings * 2 * static_cast<double>(visit_length.count()))) +
           1;
}

std::vector<Action> make_schedule(const Traffic& traffic, std::uint64_t seed) {
    return Builder{traffic, seed}.build();
}

} // namespace owp::load
