// The room's members: who comes, who goes, who is ready, what they say. Playback is in
// room_playback.cpp.
#include "core/room.hpp"

#include "core/timeline.hpp"

#include <algorithm>
#include <utility>

namespace owp::core {

namespace {

// Shown to people as they are (wire-v1: "reasons are shown as they come").
constexpr const char* host_left = "The host has left, so the room is closed.";
constexpr const char* host_lost = "The connection to the host was lost, so the room is closed.";
constexpr const char* host_closed = "The host has closed the room.";

Member host_member(const Identity& who) {
    return {.who = who, .ready = true, .reported = ParticipantStatus::ready};
}

std::optional<ServerTime> earlier(std::optional<ServerTime> a, std::optional<ServerTime> b) {
    return a && b ? std::min(*a, *b) : a ? a : b;
}

} // namespace

Room::Room(RoomOptions options, const RoomSetup& setup, ServerTime now,
           std::vector<Effect>& effects)
    : options_(options), id_(setup.id), name_(setup.host.name), owner_user_id_(setup.host.user_id),
      private_(setup.is_private), participants_(host_member(setup.host)),
      batch_(options.participants_batch),
      timeline_(first_timeline(setup.media_id, setup.start_position_seconds, now)),
      filter_(timeline_.position_seconds, PlayState::paused), summary_(make_summary()),
      opening_(options.access_checked && setup.media_id) {
    if (opening_) {
        ask(setup.host, *setup.media_id, effects);
        return;
    }
    open(effects);
}

void Room::open(Effects& effects) {
    admit(participants_.all().front(), effects);
    tell_directory(effects);
}

std::vector<Effect> Room::on(Event event, ServerTime now) {
    std::vector<Effect> effects;
    on(std::move(event), now, effects);
    return effects;
}

void Room::on(Event&& event, ServerTime now, Effects& effects) {
    if (closed_) {
        if (const auto* join = std::get_if<Join>(&event))
            effects.push_back(JoinRefused{join->who.client, ErrorCode::room_not_found});
        return;
    }
    if (opening_) {
        before_open(event, effects);
        return;
    }
    std::visit([&](auto& e) { handle(e, now, effects); }, event);
    if (!closed_) {
        settle_title(now, effects);
        advance_gate(now, effects);
        update_summary(effects);
    }
}

std::optional<ServerTime> Room::wake_at() const {
    if (closed_)
        return std::nullopt;
    std::optional<ServerTime> wake = earlier(batch_.due(), settle_at_);
    if (gate_.pending())
        wake = earlier(wake, gate_.play().waiting.until);
    if (participants_.count() < participants_.all().size())
        for (const Member& member : participants_.all())
            if (!member.connected)
                wake = earlier(wake, member.held_until);
    return wake;
}

// ---- coming and going -------------------------------------------------------------------------

void Room::handle(const Join& event, ServerTime now, Effects& effects) {
    if (Member* member = participants_.find(event.who.client)) {
        admit(*member, effects);
        return;
    }
    refuse_knock(event.who.client, effects); // the newer wish counts
    if (!invited(event, now))                // before anything tells that there is a room
        effects.push_back(JoinRefused{event.who.client, ErrorCode::room_not_found});
    else if (options_.access_checked && (timeline_.media_id || next_title_))
        knock(event, effects);
    else
        seat(event, now, effects);
}

bool Room::invited(const Join& join, ServerTime now) {
    return !private_ || participants_.seat_for(join) || invites_.open(join.ticket, now);
}

void Room::seat(const Join& event, ServerTime now, Effects& effects) {
    if (Member* seat = participants_.seat_for(event)) {
        const ClientId before = seat->who.client;
        if (seat->connected)
            effects.push_back(Dismissed{before, true});
        participants_.take_over(*seat, event.who);
        batch_.membership_changed(now);
        admit(*seat, effects);
        return;
    }
    // A seat or a ticket may have come to its end while the join waited for the answer.
    if (event.reseat_only || !invited(event, now)) {
        effects.push_back(JoinRefused{event.who.client, ErrorCode::room_not_found});
        return;
    }
    if (participants_.all().size() >= options_.members_max) {
        effects.push_back(JoinRefused{event.who.client, ErrorCode::room_full});
        return;
    }
    participants_.add({.who = event.who});
    batch_.membership_changed(now);
    admit(participants_.all().back(), effects);
}

void Room::admit(Member& member, Effects& effects) {
    effects.push_back(Admitted{member.who.client, member.who.user_id, !private_});
    send_state(member, effects);
}

void Room::send_state(Member& member, Effects& effects) {
    member.knows = batch_.version();
    effects.push_back(Send{{member.who.client},
                           to_client::RoomState{.room = id_,
                                                .client = member.who.client,
                                                .name = name_,
                                                .host = participants_.host().who.client,
                                                .participant_count = participants_.count(),
                                                .timeline = timeline_,
                                                .participants = participants_.listed(),
                                                .waiting = gate_.waiting(),
                                                .is_private = private_}});
}

void Room::handle(const Leave& event, ServerTime now, Effects& effects) {
    refuse_knock(event.client, effects);
    if (!participants_.find(event.client))
        return; // nothing is owed to someone who is gone (wire-v1 rule 4)
    if (participants_.is_host(event.client)) {
        close(host_left, participants_.guests(), effects);
        return;
    }
    effects.push_back(Dismissed{event.client});
    remove(event.client, now, effects);
}

void Room::handle(const Disconnect& event, ServerTime now, Effects& effects) {
    forget_knock(event.client);
    Member* member = participants_.find(event.client);
    if (!member)
        return;
    participants_.lose(*member); // from here on nothing goes to it
    if (participants_.is_host(event.client)) {
        close(host_lost, participants_.connected(), effects);
        return;
    }
    if (!member->can_come_back()) {
        remove(event.client, now, effects);
        return;
    }
    member->held_until = now + options_.seat_hold;
    // For v1 it has left. v2 sees it away in the list, and hears client_left when the seat is
    // dropped.
    if (auto to = participants_.v1_members(); !to.empty())
        effects.push_back(
            Send{std::move(to), to_client::ClientLeft{id_, event.client, participants_.count()}});
    batch_.membership_changed(now);
    if (!member->who.user_id.empty())
        effects.push_back(SeatHeld{member->who.user_id, member->held_until});
}

void Room::handle(const Close& event, ServerTime, Effects& effects) {
    if (host_or_error(event.client, effects))
        close(host_closed, participants_.guests(), effects);
}

void Room::handle(const CreateInvite& event, ServerTime now, Effects& effects) {
    if (!host_or_error(event.client, effects))
        return;
    const ServerTime expires = now + options_.invite_lifetime;
    invites_.add(event.ticket, expires);
    effects.push_back(Send{{event.client}, to_client::Invite{id_, event.ticket, expires}});
}

void Room::remove(ClientId client, ServerTime now, Effects& effects) {
    participants_.remove(client);
    effects.push_back(
        Send{participants_.connected(), to_client::ClientLeft{id_, client, participants_.count()}});
    batch_.membership_changed(now);
}

void Room::close(const char* reason, const Audience& to, Effects& effects) {
    if (!to.empty())
        effects.push_back(Send{to, to_client::RoomClosed{id_, reason}});
    for (const ClientId& client : participants_.connected())
        effects.push_back(Dismissed{client});
    for (const Join& join : std::exchange(knocking_, {}))
        effects.push_back(JoinRefused{join.who.client, ErrorCode::room_not_found});
    end(effects);
}

void Room::end(Effects& effects) {
    effects.push_back(Closed{id_, owner_user_id_});
    closed_ = true;
}

void Room::drop_expired_seats(ServerTime now, Effects& effects) {
    std::vector<ClientId> expired;
    for (const Member& member : participants_.all())
        if (!member.connected && member.held_until <= now)
            expired.push_back(member.who.client);
    for (const ClientId& client : expired) {
        participants_.remove(client);
        if (auto to = participants_.followers(); !to.empty())
            effects.push_back(
                Send{std::move(to), to_client::ClientLeft{id_, client, participants_.count()}});
        batch_.status_changed(now); // v1 has been told when the guest was lost
    }
}

// ---- what members say -------------------------------------------------------------------------

void Room::handle(const Ready& event, ServerTime now, Effects& effects) {
    Member* member = member_or_error(event.client, effects);
    if (!member)
        return;
    if (!member->ready || member->reported != ParticipantStatus::ready)
        batch_.status_changed(now);
    member->ready = true;
    member->excused = false;
    member->reported = ParticipantStatus::ready;
}

void Room::handle(const Status& event, ServerTime now, Effects& effects) {
    Member* member = member_or_error(event.client, effects);
    if (!member)
        return;
    if (member->reported != event.status)
        batch_.status_changed(now);
    else if (member->offset_ms != event.offset_ms || member->delay_ms != event.delay_ms)
        batch_.measures_changed(now);
    member->reported = event.status;
    member->offset_ms = event.offset_ms;
    member->delay_ms = event.delay_ms;
    if (event.status == ParticipantStatus::buffering) {
        member->ready = false;
    } else if (event.status != ParticipantStatus::away) { // away says nothing about the player
        member->ready = true;
        member->excused = false;
    }
}

void Room::handle(const DelayMeasured& event, ServerTime, Effects&) {
    if (Member* member = participants_.find(event.client))
        member->network = {event.round_trip, event.jitter};
}

void Room::handle(Chat& event, ServerTime, Effects& effects) {
    if (const Member* member = member_or_error(event.client, effects))
        effects.push_back(Send{
            participants_.connected(),
            to_client::ChatMessage{id_, event.client, member->who.name, std::move(event.text)}});
}

// ---- time -------------------------------------------------------------------------------------

void Room::handle(const WakeUp&, ServerTime now, Effects& effects) {
    drop_expired_seats(now, effects);
    if (gate_.pending() && gate_.play().waiting.until <= now)
        for (Member& member : participants_.all())
            if (member.delays_play())
                member.excused = true;
    if (settle_at_ && *settle_at_ <= now)
        settle_v1_guests(effects);
    if (batch_.due() && *batch_.due() <= now)
        send_participants(effects);
}

void Room::send_participants(Effects& effects) {
    if (auto to = batch_.take(participants_.all()); !to.empty())
        effects.push_back(
            Send{std::move(to), to_client::ParticipantsUpdate{id_, participants_.count(),
                                                              participants_.listed()}});
}

RoomSummary Room::make_summary() const {
    return {.id = id_,
            .name = name_,
            .host_name = participants_.host().who.name,
            .count = participants_.count(),
            .media_id = timeline_.media_id,
            .playing = timeline_.playing};
}

bool Room::summary_holds() const {
    return summary_.count == participants_.count() && summary_.playing == timeline_.playing &&
           summary_.media_id == timeline_.media_id &&
           summary_.host_name == participants_.host().who.name;
}

void Room::update_summary(Effects& effects) {
    if (summary_holds())
        return;
    summary_ = make_summary();
    tell_directory(effects);
}

void Room::tell_directory(Effects& effects) const {
    if (!private_)
        effects.push_back(SummaryChanged{summary_});
}

void Room::send_error(const ClientId& to, ErrorCode code, Effects& effects) {
    effects.push_back(Send{{to}, to_client::Error{code, {}}});
}

Member* Room::member_or_error(const ClientId& client, Effects& effects) {
    Member* member = participants_.find(client);
    if (!member)
        send_error(client, ErrorCode::not_in_room, effects);
    return member;
}

bool Room::host_or_error(const ClientId& client, Effects& effects) {
    if (!member_or_error(client, effects))
        return false;
    if (participants_.is_host(client))
        return true;
    send_error(client, ErrorCode::host_permission_required, effects);
    return false;
}

} // namespace owp::core
