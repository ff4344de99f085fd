// What must be counted per user across rooms and connections: rooms open, seats held.
// A user's registry lives on the one thread that the user id hashes to.
#pragma once

#include "protocol/types.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace owp::edge {

class UserRegistry {
public:
    /// True and counted if the user has fewer than `rooms_max` rooms.
    [[nodiscard]] bool reserve_room(std::string_view user_id, std::uint32_t rooms_max);
    void release_room(std::string_view user_id);
    void hold_seat(std::string_view user_id, RoomId room, ServerTime until);
    void drop_seat(std::string_view user_id, RoomId room);
    /// The seat held last for this user, if it has not expired.
    [[nodiscard]] std::optional<RoomId> find_seat(std::string_view user_id, ServerTime now) const;
    /// Forgets what has expired. Call about once a second.
    void expire(ServerTime now);
};

} // namespace owp::edge
