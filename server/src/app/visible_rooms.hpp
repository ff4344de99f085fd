// What one connection has been told of the directory, where not everybody may see every title: a
// room whose title its user may not see is not there for it.
#pragma once

#include "protocol/messages.hpp"

#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace owp::app {

class VisibleRooms {
public:
    using Rooms = std::unordered_map<RoomId, RoomSummary>;
    /// May it be seen? None: that is not known yet, and being asked.
    using MaySee = std::function<std::optional<bool>(const MediaId& media)>;

    /// All that may be seen, up to what a list can hold.
    [[nodiscard]] to_client::RoomList list(const Rooms& rooms, const MaySee& may_see);
    /// What is new since the last call, of what `changed`; with `news` of who may see what, of all.
    [[nodiscard]] to_client::RoomListDelta delta(const Rooms& rooms,
                                                 const std::unordered_set<RoomId>& changed,
                                                 bool news, const MaySee& may_see);
    /// Another user looks: nothing has been shown to that one.
    void forget() { shown_.clear(); }

private:
    using Title = std::optional<MediaId>;

    /// While it is not known, what was shown stays, as long as its title does.
    [[nodiscard]] bool visible(const RoomSummary& room, const MaySee& may_see) const;

    std::unordered_map<RoomId, Title> shown_;
};

} // namespace owp::app
