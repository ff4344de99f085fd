#include "edge/user_registry.hpp"

#include <algorithm>

namespace owp::edge {

bool UserRegistry::reserve_room(std::string_view user_id, std::uint32_t rooms_max) {
    if (rooms_max == 0)
        return false;
    if (user_id.empty())
        return true;
    const auto it = users_.try_emplace(std::string{user_id}).first;
    if (it->second.rooms >= rooms_max)
        return false;
    ++it->second.rooms;
    return true;
}

void UserRegistry::release_room(std::string_view user_id) {
    const auto it = users_.find(user_id);
    if (it == users_.end() || it->second.rooms == 0)
        return;
    --it->second.rooms;
    if (it->second.idle())
        users_.erase(it);
}

void UserRegistry::hold_seat(std::string_view user_id, RoomId room, ServerTime until) {
    if (user_id.empty())
        return;
    std::vector<Seat>& seats = users_.try_emplace(std::string{user_id}).first->second.seats;
    std::erase_if(seats, [&](const Seat& seat) { return seat.room == room; });
    if (seats.size() == seats_per_user_max)
        seats.erase(seats.begin());
    seats.push_back({room, until});
}

void UserRegistry::drop_seat(std::string_view user_id, RoomId room) {
    const auto it = users_.find(user_id);
    if (it == users_.end())
        return;
    std::erase_if(it->second.seats, [&](const Seat& seat) { return seat.room == room; });
    if (it->second.idle())
        users_.erase(it);
}

std::optional<RoomId> UserRegistry::find_seat(std::string_view user_id, ServerTime now) const {
    const auto it = users_.find(user_id);
    if (it == users_.end())
        return std::nullopt;
    const auto& seats = it->second.seats;
    const auto held = std::find_if(seats.rbegin(), seats.rend(),
                                   [&](const Seat& seat) { return seat.until > now; });
    if (held == seats.rend())
        return std::nullopt;
    return held->room;
}

void UserRegistry::expire(ServerTime now) {
    for (auto it = users_.begin(); it != users_.end();) {
        std::erase_if(it->second.seats, [&](const Seat& seat) { return seat.until <= now; });
        it = it->second.idle() ? users_.erase(it) : std::next(it);
    }
}

} // namespace owp::edge
