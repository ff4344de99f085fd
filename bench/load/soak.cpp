#include "load/soak.hpp"

#include "load/crowd.hpp"
#include "load/metrics_page.hpp"
#include "load/process.hpp"
#include "load/schedule.hpp"
#include "load/setup.hpp"
#include "load/statistics.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace owp::load {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds parties_length{50};
constexpr auto open_wait_max = 60s;
constexpr auto late_wait = 2s;
constexpr auto places_run_out = 75s; // a member's is held for a minute

constexpr std::array<std::string_view, 6> watched{
    "owp_rooms",  "owp_members",          "owp_sessions",
    "owp_timers", "owp_send_queue_bytes", "owp_connections{kind=\"websocket\"}"};

void ask(const Process& process, double minutes, std::vector<Curve>& curves) {
    const auto add = [&](std::string_view name, double value) {
        auto curve = std::ranges::find(curves, name, &Curve::name);
        if (curve == curves.end())
            curve = curves.insert(curve, Curve{std::string{name}, {}});
        curve->points.push_back({minutes, value});
    };
    add("resident_MiB", static_cast<double>(process.resident_bytes()) / 1024 / 1024);
    add("descriptors", static_cast<double>(process.descriptors()));
    const auto samples = scrape(process.port());
    for (const std::string_view name : watched)
        if (const auto found = samples.find(std::string{name}); found != samples.end())
            add(name, found->second);
}

/// What of it the second half of the crowds added, by the straight line through them. The first has
/// the server fetch the memory that it then uses again; the last point is of nobody.
double growth(const Curve& curve) {
    const std::size_t crowds = curve.points.size() - 1;
    const std::span<const Point> half =
        std::span{curve.points}.subspan(crowds / 2, crowds - crowds / 2);
    return half.size() < 2 ? 0 : slope(half) * (half.back().x - half.front().x);
}

} // namespace

void soak(Report& report, const RunOptions& options, const std::string& server,
          const std::string& name) {
    Process process{server_command(server, options, members_flag(options, places_max))};
    Traffic traffic = human_traffic(options);
    traffic.length = parties_length;
    traffic.visits_per_second = options.creates_per_second;

    Round round{name, {}, {}};
    Ledger::Totals totals;
    std::uint64_t crowds = 0;
    std::uint64_t deliveries = 0;
    std::uint64_t closed = 0;
    const SteadyTime began = Clock::now();
    const auto minutes = [&] {
        return std::chrono::duration<double, std::ratio<60>>(Clock::now() - began).count();
    };
    do {
        boost::asio::io_context io{1};
        Crowd crowd{io};
        crowd.open(process.port(), options.rooms, options.members, visitors_needed(traffic),
                   at_once);
        if (!run_until(io, Clock::now() + open_wait_max, [&] { return crowd.all_inside(); }))
            throw std::runtime_error{"not everybody came in"};
        crowd.press_play();
        const std::vector<Action> actions = make_schedule(traffic, options.seed + crowds);
        crowd.forget(static_cast<std::size_t>(traffic.length.count()));
        crowd.play(actions, Clock::now() + 100ms);
        run_until(io, Clock::now() + 2 * traffic.length, [&] { return crowd.played(); });
        run_until(io, Clock::now() + late_wait, [] { return false; });
        const Ledger::Totals here = crowd.ledger().totals();
        totals.sent += here.sent;
        totals.lost += here.lost;
        totals.doubled += here.doubled;
        totals.misdelivered += here.misdelivered;
        deliveries += crowd.samples().deliveries;
        closed += crowd.samples().closed;
        ++crowds;
        ask(process, minutes(), report.curves);
        static_cast<void>(std::fprintf(stderr, "soak: %.1f of %.0f minutes\n", minutes(),
                                       options.seconds / 60.0));
    } while (minutes() * 60 < options.seconds && process.running());
    std::this_thread::sleep_for(places_run_out);
    ask(process, minutes(), report.curves);

    const auto count = [&](const char* what, std::uint64_t value) {
        round.add(what, static_cast<double>(value));
    };
    count("crowds", crowds);
    count("messages_sent", totals.sent);
    count("deliveries", deliveries);
    count("lost", totals.lost);
    count("doubled", totals.doubled);
    count("misdelivered", totals.misdelivered);
    count("closed", closed);
    round.add("server_cpu_s", std::chrono::duration<double>(process.cpu()).count());
    for (const Curve& curve : report.curves) {
        round.add(curve.name + " after the last crowd", curve.points.at(crowds - 1).y);
        round.add(curve.name + " after all", curve.points.back().y);
        report.conclude(curve.name + " grown in the second half", growth(curve));
    }
    report.rounds.push_back(std::move(round));
}

} // namespace owp::load
