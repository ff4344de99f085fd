// What must be counted per user across rooms and connections: rooms open, seats held.
// A user's registry lives on the one thread that the user id hashes to.
#pragma once

#include "protocol/types.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace owp::edge {

/// Seats remembered for one user; the oldest gives way. A user has a handful of devices.
inline constexpr std::size_t seats_per_user_max = 8;

class UserRegistry {
public:
    /// True and counted if the user has fewer than `rooms_max` rooms. An empty user id is nobody:
    /// a connection without one has one room at a time, so there is nothing to count.
    [[nodiscard]] bool reserve_room(std::string_view user_id, std::uint32_t rooms_max);
    void release_room(std::string_view user_id);
    void hold_seat(std::string_view user_id, RoomId room, ServerTime until);
    void drop_seat(std::string_view user_id, RoomId room);
    /// The seat held last for this user, if it has not expired.
    [[nodiscard]] std::optional<RoomId> find_seat(std::string_view user_id, ServerTime now) const;
    /// Forgets what has expired. Call about once a second.
    void expire(ServerTime now);

    /// Users that it remembers, for the metrics.
    [[nodiscard]] std::size_t size() const { return users_.size(); }

private:
    struct Seat {
        RoomId room;
        ServerTime until;
    };
    struct User {
        std::uint32_t rooms = 0;
        std::vector<Seat> seats; // in the order of holding
        [[nodiscard]] bool idle() const { return rooms == 0 && seats.empty(); }
    };

    std::map<std::string, User, std::less<>> users_;
};

} // namespace owp::edge
