#include "app/visible_rooms.hpp"

#include "protocol/limits.hpp"

#include <utility>

namespace owp::app {

bool VisibleRooms::visible(const RoomSummary& room, const MaySee& may_see) const {
    if (!room.media_id)
        return true;
    const auto shown = shown_.find(room.id);
    return may_see(*room.media_id)
        .value_or(shown != shown_.end() && shown->second == room.media_id);
}

to_client::RoomList VisibleRooms::list(const Rooms& rooms, const MaySee& may_see) {
    to_client::RoomList list;
    std::unordered_map<RoomId, Title> now_shown;
    for (const auto& [id, room] : rooms) {
        if (list.rooms.size() == room_list_rooms_max)
            break;
        if (visible(room, may_see)) {
            list.rooms.push_back(room);
            now_shown.emplace(id, room.media_id);
        }
    }
    shown_ = std::move(now_shown);
    return list;
}

to_client::RoomListDelta VisibleRooms::delta(const Rooms& rooms,
                                             const std::unordered_set<RoomId>& changed, bool news,
                                             const MaySee& may_see) {
    to_client::RoomListDelta delta;
    const auto look = [&](const RoomId& id, bool is_changed) {
        const auto room = rooms.find(id);
        if (room == rooms.end() || !visible(room->second, may_see)) {
            if (shown_.erase(id) != 0)
                delta.removed.push_back(id);
        } else if (shown_.insert_or_assign(id, room->second.media_id).second || is_changed) {
            delta.upserted.push_back(room->second);
        }
    };
    for (const RoomId& id : changed)
        look(id, true);
    if (news)
        for (const auto& [id, room] : rooms)
            if (!changed.contains(id))
                look(id, false);
    return delta;
}

} // namespace owp::app
