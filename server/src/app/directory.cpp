#include "app/directory.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace owp::app {

void Directory::put(RoomSummary summary, ServerTime now) {
    const RoomId id = summary.id;
    rooms_.insert_or_assign(id, std::move(summary));
    changed(id, now);
}

void Directory::remove(const RoomId& room, ServerTime now) {
    if (rooms_.erase(room) != 0) // a private room was never listed
        changed(room, now);
}

const net::Frame& Directory::snapshot(Dialect dialect, ServerTime now) {
    std::optional<Snapshot>& snapshot = snapshots_.at(static_cast<std::size_t>(dialect));
    if (!snapshot || now - snapshot->made >= directory_batch) {
        to_client::RoomList list;
        list.rooms.reserve(std::min(rooms_.size(), room_list_rooms_max));
        for (const auto& [id, summary] : rooms_) {
            if (list.rooms.size() == room_list_rooms_max)
                break;
            list.rooms.push_back(summary);
        }
        snapshot = Snapshot{net::Frame::text(encode(list, dialect, now)), now};
    }
    return snapshot->frame;
}

void Directory::changed(const RoomId& room, ServerTime now) {
    changed_.insert(room);
    touch(now);
}

void Directory::touch(ServerTime now) {
    if (!flush_at_)
        flush_at_ = now + directory_batch;
}

std::unordered_set<RoomId> Directory::take_changed() {
    flush_at_.reset();
    return std::exchange(changed_, {});
}

net::Frame Directory::take_delta(ServerTime now) {
    to_client::RoomListDelta delta;
    for (const RoomId& id : changed_) {
        const auto found = rooms_.find(id);
        if (found != rooms_.end())
            delta.upserted.push_back(found->second);
        else
            delta.removed.push_back(id);
    }
    changed_.clear();
    snapshots_ = {};
    flush_at_.reset();
    return net::Frame::text(encode(delta, Dialect::v2, now));
}

} // namespace owp::app
