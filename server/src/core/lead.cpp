#include "core/lead.hpp"

#include <algorithm>

namespace owp::core {

namespace {

// Beyond this a measurement only says "very far", and sums of it cannot overflow.
constexpr Duration network_delay_max = std::chrono::seconds{60};

Duration sane(Duration delay) {
    return std::clamp(delay, Duration{0}, network_delay_max);
}

} // namespace

Duration lead_needed(const Listener& listener) {
    if (!listener.network)
        return unmeasured_delay + player_start;
    return sane(listener.network->round_trip) / 2 + 4 * sane(listener.network->jitter) +
           player_start;
}

Duration lead_for(PlayerAction action, const RoomOptions& options,
                  std::span<const Listener> listeners) {
    const bool is_play = action == PlayerAction::play;
    const Duration longest = is_play ? options.play_lead_max : options.command_lead_max;
    if (options.lead == Lead::fixed)
        return longest;
    Duration lead = is_play ? play_lead_min : command_lead_min;
    Duration ceiling = longest;
    for (const Listener& listener : listeners) {
        lead = std::max(lead, lead_needed(listener));
        if (!listener.follows_timeline)
            ceiling = std::min(ceiling, lead_max_with_v1);
    }
    return std::min(lead, ceiling);
}

} // namespace owp::core
