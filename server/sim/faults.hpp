// Everything that can go wrong in a simulation, by name. Zero is off. A seed turns on a random
// subset (swarm testing): rare combinations come up that a fixed mix would never show.
#pragma once

#include "core/room.hpp"
#include "edge/session.hpp"
#include "prng.hpp"

#include <string>
#include <string_view>

namespace owp::sim {

struct Faults {
    // the network
    Duration delay_max{};   // one way; each member draws its own, each direction apart
    Duration jitter_mean{}; // exponential, on top of the delay
    double loss = 0;        // per message: a retransmission stall, all behind it wait
    double asymmetry = 0;   // 0: same delay both ways; 1: all of it on one way
    double partitions_per_minute = 0;
    Duration partition_max{};
    double one_way = 0;           // share of partitions in which one direction goes on
    double resets_per_minute = 0; // the connection dies; each end learns it by itself
    double half_open = 0;         // share of deaths that the server is not told of
    double lingering = 0;         // share of deaths after which what was under way still arrives
    double repeats = 0; // share of connections on which the last words of the former are said again

    // the clocks of the members
    Duration clock_offset_max{};
    double clock_drift_max_ppm = 0;
    double clock_steps_per_minute = 0;
    Duration clock_step_max{};

    // the members
    double crashes_per_minute = 0;
    double stalls_per_minute = 0; // the player waits for data
    double never_ready = 0;       // share of members who say nothing when they are ready
    double hasty = 0;             // chance that an action is followed by another at once
    double hostile = 0;           // share of members who send what nobody should

    // the server
    unsigned shards = 1;
    double standstills_per_minute = 0; // the whole process, which goes on where it was
    Duration standstill_max{};
    bool ends = false; // after any of its effects; the next process begins with nothing
    Duration bus_delay_max{};
    double bus_repeats = 0; // share of messages between shards that come once more, later
    Duration timer_lateness_max{};
    Duration verdict_delay_max{};
    Duration access_delay_max{}; // where access is checked; answers overtake each other
    double forbidden = 0;        // share of titles that a user may not see
};

/// What one seed is: how many members of which kind, for how long, under which options.
struct Scenario {
    Faults faults;
    core::RoomOptions room;
    edge::SessionOptions session;
    Duration duration{};
    unsigned members = 0;
    double v1_share = 0;
    Duration action_mean{}; // between two actions of one member

    /// What the authority says: the same whenever it is asked.
    [[nodiscard]] bool may_see(std::string_view user_id, const MediaId& media) const;
};

[[nodiscard]] Scenario draw_scenario(Prng& prng);
/// One line for people.
[[nodiscard]] std::string describe(const Scenario& scenario);

} // namespace owp::sim
