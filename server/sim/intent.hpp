// What a member meant by a frame. It travels beside the text, so that the checker knows what has to
// follow without parsing what the server parses.
#pragma once

#include "protocol/types.hpp"

#include <cstdint>
#include <optional>

namespace owp::sim {

using LinkId = std::uint32_t; // one connection, counted from 0

struct Intent {
    enum class Kind : std::uint8_t {
        nothing,      // garbage, reports, statuses: no answer is owed
        authenticate, // may stay unanswered
        authenticate_v2,
        ping,
        list,
        create,
        join,
        leave,
        play,
        command, // pause, seek, buffering
        chat,
        set_media,
        create_invite,
        close_room,
        binary,
    };
    Kind kind = Kind::nothing;
    std::uint64_t id = 0;       // of a ping or a chat
    std::optional<RoomId> room; // where a room is meant
};

} // namespace owp::sim
