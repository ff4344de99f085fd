#include "load/profiles.hpp"

#include "load/drain.hpp"
#include "load/flood.hpp"
#include "load/memory_walk.hpp"
#include "load/setup.hpp"
#include "load/soak.hpp"
#include "load/statistics.hpp"
#include "load/window.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace owp::load {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr auto open_wait_max = 180s;
constexpr auto late_wait_max = 30s;         // after the last was sent
constexpr auto silence_max = 2s;            // and after the last that came
constexpr std::uint32_t files_max = 19'900; // of a process here, less what it needs itself

/// One server under one crowd, from its start to its end.
class Bench {
public:
    Bench(const std::string& program, const RunOptions& options,
          const std::vector<std::string>& more_flags = {})
        : command_{server_command(program, options, more_flags)} {
        process_ = std::make_unique<Process>(command_);
    }

    void open(std::uint32_t rooms, std::uint32_t members, std::uint32_t visitors = 0) {
        if (rooms * members + visitors > files_max)
            throw std::runtime_error{"more connections than a server may have files here"};
        crowd.open(process_->port(), rooms, members, visitors, at_once);
        if (!run_until(io, Clock::now() + open_wait_max, [this] { return crowd.all_inside(); }))
            throw std::runtime_error{"not everybody came in"};
    }

    /// The host plays, and what the start stirred up settles.
    void warm_up() {
        crowd.press_play();
        rest(4s);
    }

    void rest(std::chrono::nanoseconds time) {
        run_until(io, Clock::now() + time, [] { return false; });
    }

    /// Sends the schedule and adds all there is to say about it.
    Round measure(std::string name, const Traffic& traffic, std::uint64_t seed) {
        const std::vector<Action> actions = make_schedule(traffic, seed);
        Round round{std::move(name), {}, {}};
        crowd.forget(static_cast<std::size_t>(traffic.length.count()));
        const Window window{*process_, probe_};
        const SteadyTime start = Clock::now() + 100ms;
        crowd.play(actions, start);
        run_until(io, start + traffic.length, [] { return false; });
        const auto in_time = static_cast<double>(crowd.samples().deliveries);
        run_until(io, Clock::now() + late_wait_max, [this] { return crowd.played(); });
        wait_for_late(); // so that the work for all that was sent is in it
        round.add("arrived_in_time_share", in_time / static_cast<double>(std::max<std::uint64_t>(
                                                         crowd.samples().deliveries, 1)));
        add_samples(round, crowd.samples(), crowd.ledger().totals(), traffic.length);
        window.finish(round, static_cast<double>(crowd.samples().deliveries),
                      crowd.samples().send_lag);
        return round;
    }

    /// Until everything is there, or nothing more comes; and a moment more, for doubles.
    void wait_for_late() {
        const SteadyTime give_up = Clock::now() + late_wait_max;
        std::uint64_t had = 0;
        do {
            had = crowd.samples().deliveries;
            run_until(io, Clock::now() + silence_max,
                      [this] { return crowd.ledger().all_arrived(); });
        } while (!crowd.ledger().all_arrived() && crowd.samples().deliveries != had &&
                 Clock::now() < give_up);
        rest(100ms);
    }

    /// As much as goes through.
    Round measure_full(std::string name, std::chrono::seconds length) {
        constexpr std::uint32_t chats_on_the_way = 64; // of each room
        Round round{std::move(name), {}, {}};
        crowd.forget(0);
        const Window window{*process_, probe_};
        crowd.keep_full(chats_on_the_way);
        rest(length);
        const auto deliveries = static_cast<double>(crowd.samples().deliveries);
        window.finish(round, deliveries, {});
        crowd.stop();
        wait_for_late();
        round.add("deliveries_per_s", deliveries / static_cast<double>(length.count()));
        round.add("lost", static_cast<double>(crowd.ledger().totals().lost));
        round.add("doubled", static_cast<double>(crowd.ledger().totals().doubled));
        round.add("closed", static_cast<double>(crowd.samples().closed));
        return round;
    }

    /// The server ends and another takes its place.
    void restart() {
        process_.reset();
        if (!run_until(io, Clock::now() + open_wait_max, [this] { return crowd.all_gone(); }))
            throw std::runtime_error{"connections outlive their server"};
        process_ = std::make_unique<Process>(command_);
    }

    [[nodiscard]] Process& process() { return *process_; }
    [[nodiscard]] Probe& probe() { return probe_; }

    boost::asio::io_context io{1};
    Crowd crowd{io};

private:
    std::vector<std::string> command_;
    std::unique_ptr<Process> process_;
    Probe probe_{io};
};

/// Rooms that are opened in steps on a fresh server: resident bytes for each further room.
double bytes_per_room(Bench& bench, std::uint32_t rooms, std::uint32_t members) {
    constexpr std::uint32_t steps = 6;
    std::vector<Point> points;
    for (std::uint32_t step = 1; step <= steps; ++step) {
        const std::uint32_t opened = rooms * step / steps;
        bench.open(opened, members);
        bench.rest(300ms);
        points.push_back(
            {static_cast<double>(opened), static_cast<double>(bench.process().resident_bytes())});
    }
    return slope(points);
}

// ---- the profiles
// --------------------------------------------------------------------------------

Round idle(const RunOptions& options, const std::string& server, const std::string& name) {
    std::optional<Bench> bench{std::in_place, server, options, members_flag(options)};
    const double large = bytes_per_room(*bench, options.rooms, options.members);
    const double held_bytes = static_cast<double>(bench->process().resident_bytes());
    Traffic traffic;
    traffic.rooms = options.rooms;
    traffic.members = options.members;
    traffic.length = std::chrono::seconds{options.seconds};
    traffic.pings_per_minute = 2;
    Round round = bench->measure(name, traffic, options.seed);
    bench.reset();
    constexpr std::uint32_t small_room = 2;
    Bench again{server, options, members_flag(options)};
    const double small = bytes_per_room(again, options.rooms, small_room);
    const double per_connection = (large - small) / (options.members - small_room);
    const double per_room = small - small_room * per_connection;
    round.add("connections", options.rooms * options.members);
    round.add("rooms", options.rooms);
    round.add("resident_MiB", held_bytes / 1024 / 1024);
    round.add("KiB_per_connection_all_told", large / options.members / 1024);
    round.add("KiB_per_connection", per_connection / 1024);
    round.add("KiB_per_room", per_room / 1024);
    round.add("GiB_for_a_million_in_rooms_of_20",
              (per_connection + per_room / 20) * 1e6 / 1024 / 1024 / 1024);
    return round;
}

Round party(const RunOptions& options, const std::string& server, const std::string& name) {
    Bench bench{server, options, members_flag(options)};
    const Traffic traffic = human_traffic(options);
    bench.open(options.rooms, options.members, visitors_needed(traffic));
    const Histogram join = bench.crowd.samples().join;
    bench.warm_up();
    Round round = bench.measure(name, traffic, options.seed);
    add_histogram(round, "join", join);
    return round;
}

Round churn(const RunOptions& options, const std::string& server, const std::string& name) {
    Bench bench{server, options, members_flag(options, places_max)};
    Traffic traffic = human_traffic(options);
    traffic.visits_per_second = options.creates_per_second;
    bench.open(options.rooms, options.members, visitors_needed(traffic));
    bench.warm_up();
    return bench.measure(name, traffic, options.seed);
}

Round slow(const RunOptions& options, const std::string& server, const std::string& name,
           bool with_slow) {
    Bench bench{server, options, members_flag(options)};
    if (with_slow)
        bench.crowd.some_are_slow();
    Traffic traffic = human_traffic(options);
    traffic.chats_per_minute *= 20; // or it would take hours to fill their buffers
    bench.open(options.rooms, options.members);
    bench.warm_up();
    const double before = static_cast<double>(bench.process().resident_bytes());
    Round round = bench.measure(name, traffic, options.seed);
    round.add("resident_growth_MiB",
              (static_cast<double>(bench.process().resident_bytes()) - before) / 1024 / 1024);
    return round;
}

/// The same schedule twice on one server, the second time beside those who abuse it.
void abuse(Report& report, const RunOptions& options, const std::string& server,
           const std::string& name) {
    constexpr std::uint32_t abusers = 1000;
    constexpr std::uint32_t messages_per_second_each = 3000; // a hundred times what is allowed
    Bench bench{server, options, members_flag(options)};
    const Traffic traffic = human_traffic(options);
    bench.open(options.rooms, options.members);
    bench.warm_up();
    report.rounds.push_back(bench.measure(name, traffic, options.seed));
    Flood flood{bench.process().port(), abusers, messages_per_second_each};
    bench.rest(2s);
    Round round = bench.measure(name + " and abusers", traffic, options.seed);
    const Flood::Totals totals = flood.end();
    round.add("abusers", abusers);
    round.add("abusers_messages", static_cast<double>(totals.messages));
    round.add("abusers_closed", static_cast<double>(totals.closed));
    round.add("abusers_refused", static_cast<double>(totals.refused));
    report.rounds.push_back(std::move(round));
}

Round storm(const RunOptions& options, const std::string& server, const std::string& name) {
    Bench bench{server, options, members_flag(options)};
    bench.open(options.rooms, options.members);
    bench.restart();
    Round round{name, {}, {}};
    bench.crowd.forget(0);
    const Window window{bench.process(), bench.probe()};
    const SteadyTime start = Clock::now();
    bench.crowd.reconnect(bench.process().port());
    const bool back =
        run_until(bench.io, start + open_wait_max, [&] { return bench.crowd.all_inside(); });
    const std::chrono::duration<double> took = Clock::now() - start;
    const Samples& samples = bench.crowd.samples();
    round.add("connections", static_cast<double>(bench.crowd.connections()));
    round.add("all_back", back ? 1 : 0);
    round.add("all_back_after_s", took.count());
    add_histogram(round, "back", samples.enter);
    round.add("refused", static_cast<double>(samples.refused));
    round.add("closed", static_cast<double>(samples.closed));
    for (const auto& [code, count] : samples.errors)
        round.add("error_" + code, static_cast<double>(count));
    round.add("server_runs", bench.process().running() ? 1 : 0);
    window.finish(round, 0, {});
    return round;
}

/// A loop that only sends, at that rate; 0: as fast as it can.
Round bare(const RunOptions& options, const std::string& name, double messages_per_second,
           double bytes) {
    const std::uint32_t connections = options.rooms * options.members;
    const auto text = [](double value) { return std::to_string(std::llround(value)); };
    Process process{{options.bare, "--connections", std::to_string(connections), "--group",
                     std::to_string(options.members), "--per-second", text(messages_per_second),
                     "--bytes", text(bytes), "--seconds", std::to_string(options.seconds)}};
    boost::asio::io_context io{1};
    Probe probe{io};
    Round round{name, {}, {}};
    const bool paced = messages_per_second > 0;
    Drain drain{io, process.port(), connections,
                paced ? static_cast<std::size_t>(std::llround(bytes)) : 0};
    const Window window{process, probe};
    run_until(io, Clock::now() + std::chrono::seconds{options.seconds},
              [&] { return drain.ended(); });
    const double deliveries = static_cast<double>(drain.bytes()) / std::round(bytes);
    round.add("deliveries_per_s", deliveries / options.seconds);
    if (paced) {
        Histogram delivery;
        for (const Histogram& second : drain.each_second())
            delivery.merge(second);
        add_delivery(round, delivery, drain.each_second());
    }
    window.finish(round, deliveries, {});
    return round;
}

std::vector<std::string> fanout_flags(const RunOptions& options) {
    std::vector<std::string> flags = members_flag(options);
    flags.insert(flags.end(), {"--messages-per-second", "10000"});
    return flags;
}

Traffic fanout_traffic(const RunOptions& options, double deliveries_per_second) {
    Traffic traffic;
    traffic.rooms = options.rooms;
    traffic.members = options.members;
    traffic.length = std::chrono::seconds{options.seconds};
    traffic.even_chats_per_second = deliveries_per_second / options.members;
    return traffic;
}

double bytes_of_a_delivery(const Bench& bench) {
    const Samples& samples = bench.crowd.samples();
    return static_cast<double>(samples.delivery_bytes) /
           static_cast<double>(std::max<std::uint64_t>(samples.deliveries, 1));
}

void fanout(Report& report, const RunOptions& options, const std::string& server,
            const std::string& name) {
    const Traffic traffic = fanout_traffic(options, options.deliveries_per_second);
    double bytes = 0;
    {
        Bench bench{server, options, fanout_flags(options)};
        bench.open(options.rooms, options.members);
        report.rounds.push_back(bench.measure(name, traffic, options.seed));
        bytes = bytes_of_a_delivery(bench);
    }
    if (!options.bare.empty())
        report.rounds.push_back(bare(options, "bare", traffic.even_chats_per_second, bytes));
}

/// The highest rate of even chats that is held: at the schedule's end nearly all of it has arrived,
/// so nothing piles up. Comes from below, as a server that was overrun has its receivers' queues
/// full.
Round highest_held(Bench& bench, const RunOptions& options, const std::string& name,
                   double out_of_reach) {
    constexpr double first_share = 0.2;
    constexpr double step = 1.12;
    constexpr double held_share = 0.99;
    RunOptions probe = options;
    probe.seconds = std::min(options.seconds, 4U);
    std::optional<Round> held;
    double rate = first_share * out_of_reach;
    while (rate < out_of_reach) {
        Round round = bench.measure(name, fanout_traffic(probe, rate), options.seed);
        if (round.value("arrived_in_time_share") < held_share)
            break;
        held = std::move(round);
        rate *= step;
    }
    if (!held)
        throw std::runtime_error{"not even a fifth of what goes through in bunches is held"};
    return *std::move(held);
}

void saturated(Report& report, const RunOptions& options, const std::string& server,
               const std::string& name) {
    double bytes = 0;
    {
        Bench bench{server, options, fanout_flags(options)};
        bench.open(options.rooms, options.members);
        report.rounds.push_back(bench.measure_full(name, std::chrono::seconds{options.seconds}));
        bytes = bytes_of_a_delivery(bench);
        report.rounds.push_back(highest_held(bench, options, name + " at its top rate",
                                             report.rounds.back().value("deliveries_per_s")));
        const double top = report.rounds.back().value("deliveries_per_s");
        report.rounds.push_back(
            bench.measure(name + " at 70 %", fanout_traffic(options, 0.7 * top), options.seed));
    }
    if (options.bare.empty())
        return;
    report.rounds.push_back(bare(options, "bare", 0, bytes));
    const double sends = report.rounds.back().value("deliveries_per_s");
    report.rounds.push_back(bare(options, "bare at 70 %", 0.7 * sends / options.members, bytes));
    Bench bench{server, options, fanout_flags(options)};
    bench.open(options.rooms, options.members);
    report.rounds.push_back(bench.measure(name + " at 70 % of bare",
                                          fanout_traffic(options, 0.7 * sends), options.seed));
}

// ---- the table of them
// ---------------------------------------------------------------------------

struct Profile {
    std::string_view name;
    std::string_view help;
    std::uint32_t rounds;
    std::uint32_t seconds;
    std::uint32_t rooms;
    std::uint32_t members;
    double deliveries_per_second;
    double creates_per_second;
    void (*run)(Report&, const RunOptions&, const std::string& server, const std::string& name);
};

template <Round (*Measure)(const RunOptions&, const std::string&, const std::string&)>
void one_round(Report& report, const RunOptions& options, const std::string& server,
               const std::string& name) {
    report.rounds.push_back(Measure(options, server, name));
}

void slow_and_not(Report& report, const RunOptions& options, const std::string& server,
                  const std::string& name) {
    report.rounds.push_back(slow(options, server, name, false));
    report.rounds.push_back(slow(options, server, name + " and slow", true));
}

constexpr std::array profiles{
    Profile{"idle", "connections in rooms, pings only; memory from the slope of a ramp", 1, 20, 900,
            20, 0, 0, one_round<idle>},
    Profile{"party", "a report a second from each host, commands and chat at human pace", 2, 20,
            900, 20, 0, 0, one_round<party>},
    Profile{"fanout", "chats at even distances, beside a bare loop that only sends", 3, 10, 50, 20,
            50'000, 0, fanout},
    Profile{"saturated",
            "as much as goes through; the highest rate by schedule, and 70 % of it; the bare loop",
            2, 10, 50, 20, 0, 0, saturated},
    Profile{"churn", "a party, with rooms created and visitors coming and leaving", 2, 20, 100, 15,
            0, 25, one_round<churn>},
    Profile{"slow", "a party in which a tenth read slowly or not at all, beside one without", 2, 20,
            200, 20, 0, 0, slow_and_not},
    Profile{"abuse", "a party without and with 1,000 connections that flood", 2, 20, 200, 20, 0, 0,
            abuse},
    Profile{"soak",
            "crowds with churn that come and break off for half an hour; what the server has", 1,
            1800, 100, 10, 0, 10, soak},
    Profile{"storm", "everybody comes back at once after a restart", 1, 0, 750, 20, 0, 0,
            one_round<storm>},
};

const Profile& profile_of(const std::string& name) {
    const auto found = std::ranges::find(profiles, name, &Profile::name);
    if (found == profiles.end())
        throw std::runtime_error{"no profile called " + name + "; there are:\n" + profile_help()};
    return *found;
}

RunOptions with_defaults(RunOptions options, const Profile& profile) {
    const auto fill = [](auto& value, auto otherwise) { value = value == 0 ? otherwise : value; };
    fill(options.rounds, profile.rounds);
    fill(options.seconds, profile.seconds);
    fill(options.rooms, profile.rooms);
    fill(options.members, profile.members);
    fill(options.deliveries_per_second, profile.deliveries_per_second);
    fill(options.creates_per_second, profile.creates_per_second);
    if (options.members < 2 || options.members > places_max)
        throw std::runtime_error{"a room has 2 to 64 members here"};
    return options;
}

void conclude(Report& report, const RunOptions& options, const std::string& name,
              const std::string& other) {
    const auto ratio = [&](const std::string& what, const std::string& a, const std::string& b,
                           const std::string& figure) {
        if (const double below = report.median_of(b, figure); below != 0)
            report.conclude(what, report.median_of(a, figure) / below);
    };
    if (!other.empty()) {
        ratio("server_cpu_over_other", name, other, "server_cpu_ms_per_1000_deliveries");
        ratio("p99_over_other", name, other, "delivery_median_second_p99_ms");
    }
    if (options.profile == "fanout")
        ratio("cpu_over_bare", name, "bare", "server_cpu_ms_per_1000_deliveries");
    if (options.profile == "saturated")
        ratio("deliveries_per_cpu_over_bare", name, "bare", "deliveries_per_server_cpu_s");
    if (options.profile == "abuse")
        ratio("p99_with_abusers_over_without", name + " and abusers", name,
              "delivery_median_second_p99_ms");
    if (options.profile == "slow")
        ratio("p99_with_slow_over_without", name + " and slow", name,
              "delivery_median_second_p99_ms");
}

} // namespace

std::string profile_help() {
    std::string help;
    for (const Profile& profile : profiles)
        help += "  " + std::string{profile.name} + std::string(11 - profile.name.size(), ' ') +
                std::string{profile.help} + '\n';
    return help;
}

Report run_profile(const RunOptions& given) {
    const Profile& profile = profile_of(given.profile);
    const RunOptions options = with_defaults(given, profile);
    const std::string name = "server";
    const std::string other = options.against.empty() ? "" : "other";
    Report report;
    report.profile = options.profile;
    constexpr std::chrono::milliseconds walk_min = 250ms;
    constexpr std::chrono::milliseconds walk_max = 5s;
    report.conclude("memory_slow_share",
                    memory_slow_share(std::clamp(options.seconds * walk_min, walk_min, walk_max)));
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        profile.run(report, options, options.server, name);
        if (!other.empty())
            profile.run(report, options, options.against, other);
    }
    conclude(report, options, name, other);
    return report;
}

} // namespace owp::load
