// What a session is told when what it said to a room meets none.
#pragma once

#include "core/events.hpp"
#include "edge/session.hpp"

#include <optional>

namespace owp::edge {

/// Nothing where nobody waits for an answer.
[[nodiscard]] inline std::optional<Event> answer_of_no_room(const RoomId& room,
                                                            const core::Event& said) {
    if (std::holds_alternative<core::Join>(said))
        return RoomUnknown{room};
    if (core::needs_a_member(said))
        return RoomMissed{room};
    return std::nullopt;
}

} // namespace owp::edge
