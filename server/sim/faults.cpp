#include "faults.hpp"

#include <array>
#include <sstream>

namespace owp::sim {

using namespace std::chrono_literals;

Scenario draw_scenario(Prng& prng) {
    Scenario s;
    auto& f = s.faults;
    // Every draw is made whether the fault is on or not, so that the streams stay comparable.
    const auto on = [&](auto value, auto off) { return prng.chance(0.5) ? value : off; };
    f.delay_max = on(prng.between(Duration{1ms}, Duration{150ms}), Duration{1ms});
    f.jitter_mean = on(prng.between(Duration{0ms}, Duration{40ms}), Duration{});
    f.loss = on(prng.between(0.0, 0.05), 0.0);
    f.asymmetry = on(prng.unit(), 0.0);
    f.partitions_per_minute = on(prng.between(0.0, 2.0), 0.0);
    f.partition_max = prng.between(Duration{1s}, Duration{30s});
    f.resets_per_minute = on(prng.between(0.0, 3.0), 0.0);
    f.half_open = on(prng.unit(), 0.0);
    f.clock_offset_max = on(prng.between(Duration{1s}, Duration{86'400s}), Duration{});
    f.clock_drift_max_ppm = on(prng.between(0.0, 200.0), 0.0);
    f.clock_steps_per_minute = on(prng.between(0.0, 2.0), 0.0);
    f.clock_step_max = prng.between(Duration{10ms}, Duration{600s});
    f.crashes_per_minute = on(prng.between(0.0, 2.0), 0.0);
    f.stalls_per_minute = on(prng.between(0.0, 4.0), 0.0);
    f.never_ready = on(prng.unit(), 0.0);
    f.hasty = on(prng.between(0.0, 0.6), 0.0);
    f.hostile = on(prng.between(0.0, 0.4), 0.0);
    f.shards = on(static_cast<unsigned>(2 + prng.below(3)), 1U);
    f.bus_delay_max = on(prng.between(Duration{100us}, Duration{50ms}), Duration{});
    f.timer_lateness_max = on(Duration{20ms}, Duration{});
    f.verdict_delay_max = on(prng.between(Duration{1ms}, Duration{500ms}), Duration{});

    s.room.members_max = on(static_cast<std::uint32_t>(2 + prng.below(4)), 20U);
    s.room.lead = prng.chance(0.3) ? core::Lead::fixed : core::Lead::adaptive;
    s.room.seat_hold = on(prng.between(Duration{2s}, Duration{15s}), Duration{60s});
    s.session.auth_required = prng.chance(0.4);
    s.session.rooms_per_user = on(static_cast<std::uint32_t>(1 + prng.below(2)), 3U);
    s.session.ping_interval = on(prng.between(Duration{2s}, Duration{6s}), Duration{20s});
    s.session.dead_after = s.session.ping_interval * 3;
    s.duration = prng.between(Duration{30s}, Duration{120s});
    s.members = static_cast<unsigned>(2 + prng.below(7));
    s.v1_share = std::array{0.0, 0.3, 0.6, 1.0}[prng.below(4)];
    s.action_mean = prng.between(Duration{1500ms}, Duration{8s});

    s.room.access_checked = prng.chance(0.4);
    f.access_delay_max = on(prng.between(Duration{1ms}, Duration{3s}), Duration{});
    f.forbidden = on(prng.between(0.1, 0.5), 0.0);
    f.one_way = on(prng.unit(), 0.0);
    f.lingering = on(prng.unit(), 0.0);
    f.repeats = on(prng.unit(), 0.0);
    const auto leap = prng.between(Duration{1h}, Duration{7 * 24h});
    f.clock_step_max = prng.chance(0.3) ? leap : f.clock_step_max;
    f.standstills_per_minute = on(prng.between(0.0, 2.0), 0.0);
    f.standstill_max = prng.between(Duration{500ms}, Duration{30s});
    f.ends = prng.chance(0.3);
    s.room.invite_lifetime = prng.between(Duration{2s}, Duration{60s});
    // A stream of its own: nobody heeds a repeated message, so every other thing is as without them
    Prng apart = Prng{prng}.fork().fork();
    f.bus_repeats = apart.chance(0.5) ? apart.between(0.0, 0.3) : 0.0;
    return s;
}

bool Scenario::may_see(std::string_view user_id, const MediaId& media) const {
    std::uint32_t hash = 2'166'136'261U; // FNV-1a: a seed must replay with every standard library
    const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 16'777'619U; };
    for (const char c : user_id)
        mix(static_cast<unsigned char>(c));
    for (const auto byte : media.bytes)
        mix(byte);
    return !room.access_checked || (hash >> 8U) % 1000 >= faults.forbidden * 1000;
}

std::string describe(const Scenario& s) {
    const auto& f = s.faults;
    const auto ms = [](Duration d) { return static_cast<double>(d.count()) / 1000.0; };
    std::ostringstream out;
    out << s.members << " members (" << s.v1_share * 100 << "% v1) for " << to_seconds(s.duration)
        << " s; delay<" << ms(f.delay_max) << "ms jitter~" << ms(f.jitter_mean)
        << "ms loss=" << f.loss << " asymmetry=" << f.asymmetry
        << " partitions/min=" << f.partitions_per_minute << " (<" << to_seconds(f.partition_max)
        << "s) one-way=" << f.one_way << " resets/min=" << f.resets_per_minute
        << " half-open=" << f.half_open << " lingering=" << f.lingering << " repeats=" << f.repeats
        << " clock-offset<" << to_seconds(f.clock_offset_max) << "s drift<" << f.clock_drift_max_ppm
        << "ppm steps/min=" << f.clock_steps_per_minute << " (<" << to_seconds(f.clock_step_max)
        << "s) crashes/min=" << f.crashes_per_minute << " stalls/min=" << f.stalls_per_minute
        << " never-ready=" << f.never_ready << " hasty=" << f.hasty << " hostile=" << f.hostile
        << " standstills/min=" << f.standstills_per_minute << " (<" << to_seconds(f.standstill_max)
        << "s) ends=" << f.ends << " shards=" << f.shards << " bus<" << ms(f.bus_delay_max)
        << "ms bus-repeats=" << f.bus_repeats << " late<" << ms(f.timer_lateness_max)
        << "ms verdict<" << ms(f.verdict_delay_max) << "ms access ";
    if (s.room.access_checked)
        out << "checked<" << ms(f.access_delay_max) << "ms forbidden=" << f.forbidden;
    else
        out << "open";
    out << "; room of " << s.room.members_max << ", lead "
        << (s.room.lead == core::Lead::fixed ? "fixed" : "adaptive") << ", seats held "
        << to_seconds(s.room.seat_hold) << "s, auth " << (s.session.auth_required ? "on" : "off")
        << ", rooms/user " << s.session.rooms_per_user << ", ping "
        << to_seconds(s.session.ping_interval) << "s, invites for "
        << to_seconds(s.room.invite_lifetime) << "s";
    return out.str();
}

} // namespace owp::sim
