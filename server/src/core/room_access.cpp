// Who may be here: where access is checked, nobody is admitted to a room, or told of its title,
// before the answer that this user may see it. So joins knock, a room opens when its host may come
// in, and another title waits until it is known who goes along.
#include "core/room.hpp"

#include <algorithm>
#include <utility>

namespace owp::core {

namespace {

constexpr const char* went_on = "The party goes on with a title that you may not see.";

} // namespace

void Room::ask(const Identity& who, const MediaId& media_id, Effects& effects) {
    effects.push_back(AskAccess{who.client, who.user_id, media_id});
}

// ---- opening ----------------------------------------------------------------------------------

void Room::before_open(const Event& event, Effects& effects) {
    const Identity& host = participants_.host().who;
    if (const auto* join = std::get_if<Join>(&event)) {
        effects.push_back(JoinRefused{join->who.client, ErrorCode::room_not_found});
    } else if (const auto* verdict = std::get_if<AccessVerdict>(&event)) {
        if (verdict->client != host.client)
            return;
        opening_ = false;
        if (!verdict->allowed) {
            effects.push_back(JoinRefused{host.client, ErrorCode::media_forbidden});
            end(effects);
            return;
        }
        open(effects);
    } else if (const auto* leave = std::get_if<Leave>(&event)) {
        if (leave->client != host.client)
            return;
        effects.push_back(JoinRefused{host.client, ErrorCode::room_not_found});
        end(effects);
    } else if (const auto* lost = std::get_if<Disconnect>(&event)) {
        if (lost->client == host.client)
            end(effects);
    }
}

// ---- joining ----------------------------------------------------------------------------------

void Room::knock(const Join& join, Effects& effects) {
    if (knocking_.size() >= options_.members_max) {
        effects.push_back(JoinRefused{join.who.client, ErrorCode::room_full});
        return;
    }
    knocking_.push_back(join);
    if (!next_title_)
        ask(join.who, *timeline_.media_id, effects);
}

void Room::refuse_knock(const ClientId& client, Effects& effects) {
    if (forget_knock(client))
        effects.push_back(JoinRefused{client, ErrorCode::room_not_found});
}

bool Room::forget_knock(const ClientId& client) {
    return std::erase_if(knocking_, [&](const Join& join) { return join.who.client == client; }) >
           0;
}

void Room::ask_knocking(ServerTime now, Effects& effects) {
    if (timeline_.media_id) {
        for (const Join& join : knocking_)
            ask(join.who, *timeline_.media_id, effects);
        return;
    }
    for (const Join& join : std::exchange(knocking_, {}))
        seat(join, now, effects);
}

void Room::handle(const AccessVerdict& event, ServerTime now, Effects& effects) {
    if (next_title_) { // who knocks is asked about the title that there will be
        hear_about_next_title(event, now, effects);
        return;
    }
    // The connection may have changed its user, and the room its title, since it was asked.
    const auto found = std::ranges::find_if(knocking_, [&](const Join& join) {
        return join.who.client == event.client && join.who.user_id == event.user_id;
    });
    if (found == knocking_.end() || event.media_id != timeline_.media_id)
        return;
    const Join join = std::move(*found);
    knocking_.erase(found);
    if (event.allowed)
        seat(join, now, effects);
    else
        effects.push_back(JoinRefused{event.client, ErrorCode::media_forbidden});
}

// ---- another title ----------------------------------------------------------------------------

void Room::propose_title(const SetMedia& event, Effects& effects) {
    const Audience& here = participants_.connected();
    next_title_ = NextTitle{event, {here.begin(), here.end()}, {}};
    for (const Member& member : participants_.all())
        if (member.connected)
            ask(member.who, event.media_id, effects);
}

void Room::hear_about_next_title(const AccessVerdict& event, ServerTime now, Effects& effects) {
    if (event.media_id != next_title_->wanted.media_id ||
        std::erase(next_title_->undecided, event.client) == 0 || event.allowed)
        return;
    if (!participants_.is_host(event.client)) {
        next_title_->denied.push_back(event.client);
        return;
    }
    send_error(event.client, ErrorCode::media_forbidden, effects);
    next_title_.reset();
    ask_knocking(now, effects);
}

void Room::settle_title(ServerTime now, Effects& effects) {
    if (!next_title_)
        return;
    const auto is_gone = [&](const ClientId& client) { return !participants_.find(client); };
    std::erase_if(next_title_->undecided, is_gone);
    std::erase_if(next_title_->denied, is_gone);
    if (!next_title_->undecided.empty())
        return;
    const NextTitle next = *std::exchange(next_title_, std::nullopt);
    for (const ClientId& client : next.denied) {
        send_error(client, ErrorCode::media_forbidden, effects);
        effects.push_back(Send{{client}, to_client::RoomClosed{id_, went_on}});
        effects.push_back(Dismissed{client});
        remove(client, now, effects);
    }
    change_title(next.wanted, now, effects);
    ask_knocking(now, effects);
}

} // namespace owp::core
