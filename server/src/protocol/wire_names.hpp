// The enumerations as the wire writes them: one table each, used by decode and encode.
#pragma once

#include "protocol/types.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace owp {

inline constexpr std::pair<PlayState, std::string_view> play_state_names[] = {
    {PlayState::paused, "paused"},
    {PlayState::playing, "playing"},
};
inline constexpr std::pair<PlayerAction, std::string_view> player_action_names[] = {
    {PlayerAction::play, "play"},
    {PlayerAction::pause, "pause"},
    {PlayerAction::seek, "seek"},
    {PlayerAction::buffering, "buffering"},
};
inline constexpr std::pair<ParticipantStatus, std::string_view> participant_status_names[] = {
    {ParticipantStatus::ready, "ready"},
    {ParticipantStatus::playing, "playing"},
    {ParticipantStatus::buffering, "buffering"},
    {ParticipantStatus::away, "away"},
};

/// The name of a value in its table.
template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::string_view
wire_name(const std::pair<Enum, std::string_view> (&table)[N], Enum value) {
    for (const auto& [each, name] : table)
        if (each == value)
            return name;
    return {};
}
[[nodiscard]] constexpr std::string_view wire_name(PlayState value) {
    return wire_name(play_state_names, value);
}
[[nodiscard]] constexpr std::string_view wire_name(PlayerAction value) {
    return wire_name(player_action_names, value);
}
[[nodiscard]] constexpr std::string_view wire_name(ParticipantStatus value) {
    return wire_name(participant_status_names, value);
}

/// The value of a name in a table; none: no such name.
template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::optional<Enum>
from_wire_name(const std::pair<Enum, std::string_view> (&table)[N], std::string_view name) {
    for (const auto& [value, each] : table)
        if (each == name)
            return value;
    return std::nullopt;
}

} // namespace owp
