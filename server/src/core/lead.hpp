// How far ahead of now an action takes effect: long enough that every member has heard of it and
// its player is ready to act, and no longer, since everybody waits for it.
//
//     a member's need = round_trip / 2 + 4 * jitter + 80 ms
//
// The first term carries the message there. In the second, jitter is the median distance from the
// median (edge/delay_estimate.hpp): four of them are 2.7 standard deviations of a normal law and
// the whole of a uniform one, so all but freak delays are covered. The third is a player's start.
#pragma once

#include "core/options.hpp"
#include "protocol/messages.hpp"

#include <optional>
#include <span>

namespace owp::core {

/// The network to a member as its edge measured it.
struct Network {
    Duration round_trip{};
    Duration jitter{};
};

/// What a member brings to the choice of a lead.
struct Listener {
    std::optional<Network> network; // nullopt: not measured yet
    bool follows_timeline = false;  // v2
};

/// From play() to the first new frame: two to five frames of a 60 Hz display.
inline constexpr Duration player_start = std::chrono::milliseconds{80};
/// One way, until it is measured: a transatlantic path with some queueing.
inline constexpr Duration unmeasured_delay = std::chrono::milliseconds{150};
/// Sync lab: a page that has been at rest is up to 60 ms late in handling the first play. What
/// comes too late for its instant is walked in by rates for seconds, so all wait these 60 ms more.
inline constexpr Duration play_lead_min = std::chrono::milliseconds{160};
/// Below this a lead would be shorter than the batching of a browser's own event loop.
inline constexpr Duration command_lead_min = std::chrono::milliseconds{50};
/// A v1 host has started already, and a v1 guest may start alone after a pause inside the lead:
/// with either in the room, what the oldest clients used is the most (wire-v1, 'How v1 players
/// behave').
inline constexpr Duration lead_max_with_v1 = std::chrono::milliseconds{300};

/// What one member needs; never negative, whatever was measured.
[[nodiscard]] Duration lead_needed(const Listener& listener);

/// The lead for an action in a room of these members.
[[nodiscard]] Duration lead_for(PlayerAction action, const RoomOptions& options,
                                std::span<const Listener> listeners);

} // namespace owp::core
