// Which of a host's reports (`state_update`, one a second) are worth relaying. A report is an order
// to v1 guests, so a noisy one makes them jump: HLS players report small steps back, and for two
// seconds after a command they report where they were before it.
//
// The rules and their order are wire-v1's ("Filter of state_update"):
//   1. a change of the play state always passes;
//   2. within 2,000 ms after the last command's target: dropped;
//   3. within 500 ms after the last accepted report or command: dropped;
//   4. moved back by more than 0.5 and at most 2.0 s, or forward by less than 0.5 s, against the
//      last accepted position: dropped.
// A dropped report changes nothing.
#pragma once

#include "protocol/types.hpp"

namespace owp::core {

inline constexpr Duration command_cooldown = std::chrono::milliseconds{2000};
inline constexpr Duration report_interval_min = std::chrono::milliseconds{500};
inline constexpr double backward_noise_min_seconds = 0.5;
inline constexpr double backward_noise_max_seconds = 2.0;
inline constexpr double forward_noise_seconds = 0.5;

class ReportFilter {
public:
    ReportFilter(double start_position_seconds, PlayState play_state)
        : position_seconds_(start_position_seconds), play_state_(play_state) {}

    [[nodiscard]] bool passes(double position_seconds, PlayState play_state, ServerTime now) const;

    void accepted(double position_seconds, PlayState play_state, ServerTime now);
    /// A command was relayed at `now` for `target`; the room now stands as it said.
    void commanded(double position_seconds, PlayState play_state, ServerTime now,
                   ServerTime target);

private:
    double position_seconds_;
    PlayState play_state_;
    std::optional<ServerTime> accepted_at_;
    std::optional<ServerTime> command_target_;
};

} // namespace owp::core
