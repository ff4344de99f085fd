#include "edge/room_link.hpp"

#include <algorithm>

namespace owp::edge {

void RoomLink::join(const RoomId& room) {
    if (room_ != room)
        inside_ = false;
    room_ = room;
    unanswered_.push_back(room);
}

void RoomLink::leave() {
    room_.reset();
    inside_ = false;
}

bool RoomLink::answer(const RoomId& room) {
    const auto it = std::ranges::find(unanswered_, room);
    if (it == unanswered_.end())
        return false;
    unanswered_.erase(it);
    return room_ == room && !std::ranges::count(unanswered_, room);
}

bool RoomLink::admitted(const RoomId& room) {
    if (!answer(room))
        return false;
    inside_ = true;
    return true;
}

bool RoomLink::refused(const RoomId& room) {
    if (!answer(room))
        return false;
    leave();
    return true;
}

bool RoomLink::dismissed(const RoomId& room) {
    if (!inside_ || room_ != room)
        return false;
    inside_ = false;
    if (!std::ranges::count(unanswered_, room))
        room_.reset(); // else it has asked to come in again and waits for that answer
    return true;
}

} // namespace owp::edge
