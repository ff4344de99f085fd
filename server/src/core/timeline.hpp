// How commands and reports bend a room's timeline: (timeline, what happened, when) → timeline.
//
// Two kinds of host decide the shape. A v2 host obeys its own command when it comes back (P-V2-12),
// so the vector changes at the target, for it as for everybody. A v1 host has acted before it sent:
// its position is true now, and the target is only what its guests are told.
#pragma once

#include "protocol/limits.hpp"

namespace owp::core {

/// Finite and within 0 to 86,400.
[[nodiscard]] bool is_position(double seconds);
/// The nearest position there is; 0 for what is no number.
[[nodiscard]] double clamp_position(double seconds);

/// Paused at `position_seconds`, the first vector of a room.
[[nodiscard]] Timeline first_timeline(std::optional<MediaId> media_id, double position_seconds,
                                      ServerTime now);

/// Paused at the start of another title: the next vector.
[[nodiscard]] Timeline next_title(const Timeline& before, const MediaId& media_id,
                                  double position_seconds, ServerTime now);

/// The next vector: seq + 1, the position clamped.
[[nodiscard]] Timeline next_timeline(const Timeline& before, double position_seconds, bool playing,
                                     ServerTime at);

/// Where the picture is at `time`, clamped; a play that has not begun yet stands at its start.
[[nodiscard]] double standing_at(const Timeline& timeline, ServerTime time);

/// From which distance on an accepted report of a v1 host moves the timeline: what the record calls
/// synchronous is ±50 ms.
inline constexpr double report_tolerance_seconds = 0.05;

/// The timeline after an accepted report: the same vector if the report agrees with it. A v1 host
/// is where it says. A v2 host corrects its own player towards the timeline, which would chase its
/// error and, on a path that holds a report back, its delay: only a change of the play state
/// counts.
[[nodiscard]] Timeline after_report(const Timeline& before, double position_seconds, bool playing,
                                    bool host_follows_timeline, ServerTime now);

} // namespace owp::core
