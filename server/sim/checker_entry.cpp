// Who may be in a room: the invariants `access` and `private`.
#include "checker.hpp"

#include <algorithm>

namespace owp::sim {

void Checker::check_access(const RoomId& id, const RoomTwin& room, const ClientId& client,
                           const std::optional<MediaId>& media) const {
    if (media && !scenario_.may_see(room.members.at(client), *media))
        fail("access", text_of(client) + " (" + room.members.at(client) + ") is in " + text_of(id) +
                           " on a title that is not for them");
}

void Checker::check_list(LinkId link, const Frame& frame) const {
    for (const auto& listed : frame.rooms)
        if (const auto room = rooms_.find(listed); room != rooms_.end() && room->second.is_private)
            fail("private", who(link) + " finds a private room in its list: " + frame.text);
}

/// By a live ticket, or by a seat of the same user or of the token that it shows.
bool Checker::may_enter(const RoomTwin& room, const core::Join& join) const {
    for (const auto& [ticket, expires] : room.tickets)
        if (join.ticket == ticket && now() < expires)
            return true;
    return std::any_of(room.admitted.begin(), room.admitted.end(), [&](const auto& entry) {
        const auto& [client, identity] = entry;
        if (!room.members.contains(client) && !room.seats.contains(client))
            return false;
        return client == join.who.client || (join.resume && identity.resume_token == join.resume) ||
               (!identity.user_id.empty() && identity.user_id == join.who.user_id);
    });
}

void Checker::note_entry(const RoomId& id, RoomTwin& room, const core::Event& event,
                         const std::vector<core::Effect>& effects) {
    if (const auto* invite = std::get_if<core::CreateInvite>(&event);
        invite && invite->client == room.host)
        room.tickets.emplace_back(invite->ticket, now() + scenario_.room.invite_lifetime);
    if (const auto* join = std::get_if<core::Join>(&event))
        room.joins[join->who.client] = *join;
    for (const core::Effect& effect : effects) {
        const auto* admitted = std::get_if<core::Admitted>(&effect);
        const auto join = admitted ? room.joins.find(admitted->client) : room.joins.end();
        if (join == room.joins.end())
            continue; // its host, who comes with the room
        if (room.is_private && !may_enter(room, join->second))
            fail("private",
                 text_of(admitted->client) + " comes into " + text_of(id) + " uninvited");
        room.admitted[admitted->client] = join->second.who;
    }
}

} // namespace owp::sim
