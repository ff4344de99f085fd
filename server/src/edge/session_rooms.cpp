// The room of a connection: entering, leaving, and what passes between the two.
#include "edge/session.hpp"

#include "edge/session_effects.hpp"

#include <utility>

namespace owp::edge {

// ---- entering ---------------------------------------------------------------------------------

bool Session::may_enter(Effects& effects) {
    if (token_fresh_)
        return true;
    send_error(ErrorCode::token_expired, effects);
    return false;
}

void Session::take(from_client::CreateRoom& message, ServerTime, Effects& effects) {
    if (!may_enter(effects))
        return;
    take_name(message.user_name);
    // The room that closes here may still be counted when the reservation is made.
    const bool replaces_own = own_room_ && link_.with(*own_room_);
    leave_room(effects);
    message.is_private = message.is_private && dialect_ == Dialect::v2;
    creating_ = std::move(message);
    if (reservation_)
        return; // the one under way will do
    reservation_ = user_id_;
    effects.push_back(ReserveRoom{user_id_, options_.rooms_per_user + (replaces_own ? 1u : 0u)});
}

void Session::handle(const RoomReserved& event, ServerTime, Effects& effects) {
    if (!reservation_)
        return;
    const std::string user_id = *std::exchange(reservation_, std::nullopt);
    const auto wanted = std::exchange(creating_, std::nullopt);
    if (!event.room) {
        if (wanted)
            send_error(ErrorCode::room_limit_reached, effects);
        return;
    }
    if (!wanted || !link_.can_join()) {
        effects.push_back(ReleaseRoom{user_id});
        return;
    }
    core::RoomSetup setup{.id = *event.room,
                          .host = identity(),
                          .start_position_seconds = wanted->start_position_seconds,
                          .media_id = wanted->media_id,
                          .is_private = wanted->is_private};
    setup.host.user_id = user_id; // whose count it is, should a new token have come since
    link_.join(*event.room);
    reseating_ = false;
    own_room_ = *event.room;
    effects.push_back(CreateRoom{std::move(setup)});
}

void Session::take(from_client::JoinRoom& message, ServerTime, Effects& effects) {
    if (!may_enter(effects))
        return;
    if (!link_.can_join()) {
        send_error(ErrorCode::rate_limited, effects);
        return;
    }
    take_name(message.user_name);
    if (!link_.with(message.room))
        leave_room(effects);
    const auto ticket = parse_hex(message.invite_ticket);
    join({.who = identity(),
          .resume = dialect_ == Dialect::v2 ? message.resume_token : std::nullopt,
          .ticket = ticket ? std::optional{InviteTicket{*ticket}} : std::nullopt},
         message.room, effects);
    invited_ = !message.invite_ticket.empty();
}

void Session::handle(const SeatFound& event, ServerTime, Effects& effects) {
    if (!seat_sought_ || link_.room() || creating_ || !link_.can_join() || dialect_ != Dialect::v1)
        return; // not asked for, or it has found a place by itself meanwhile
    join({.who = identity(), .resume = std::nullopt, .reseat_only = true}, event.room, effects);
}

void Session::join(core::Join join, RoomId room, Effects& effects) {
    creating_.reset();
    reseating_ = join.reseat_only;
    seat_gone_.reset();
    invited_ = false;
    link_.join(room);
    effects.push_back(ToRoom{room, std::move(join)});
}

void Session::handle(const RoomAdmitted& event, ServerTime, Effects& effects) {
    if (!link_.admitted(event.room))
        return;
    list_owed_ = own_room_ == event.room;
    listed_ = event.listed;
    tell_delay(effects);
}

void Session::handle(const RoomUnknown& event, ServerTime, Effects& effects) {
    not_admitted(event.room, ErrorCode::room_not_found, effects);
}

void Session::handle(const RoomMissed& event, ServerTime, Effects& effects) {
    // Anybody else was told that the room has closed, or that there is none
    if (seat_gone_ == event.room)
        send_error(ErrorCode::not_in_room, effects);
}

void Session::handle(const RoomRefused& event, ServerTime, Effects& effects) {
    not_admitted(event.room, event.code, effects);
}

void Session::not_admitted(RoomId room, ErrorCode code, Effects& effects) {
    if (!link_.refused(room))
        return;
    if (reseating_) // a seat that is gone was never asked for
        seat_gone_ = room;
    else
        send_error(invited_ && code == ErrorCode::room_not_found ? ErrorCode::invite_invalid : code,
                   effects);
}

// ---- leaving ----------------------------------------------------------------------------------

void Session::leave_room(Effects& effects) {
    creating_.reset();
    if (const auto room = link_.room()) {
        link_.leave();
        effects.push_back(ToRoom{*room, core::Leave{client_}});
    }
}

void Session::take(from_client::LeaveRoom&, ServerTime, Effects& effects) {
    // Whoever was inside gets the list with the change that its leaving makes in the directory.
    const bool list_now = !(link_.inside() && listed_) && dialect_ == Dialect::v1;
    leave_room(effects);
    if (list_now)
        effects.push_back(SendRoomList{});
}

void Session::handle(const RoomDismissed& event, ServerTime, Effects& effects) {
    if (!link_.dismissed(event.room))
        return;
    if (!listed_ && dialect_ == Dialect::v1) // no change of the directory brings it
        effects.push_back(SendRoomList{});
    if (event.replaced)
        close(CloseCode::replaced, "The same member has connected again.", effects);
}

// ---- inside -----------------------------------------------------------------------------------

void Session::to_room(RoomId room, core::Event event, Effects& effects) {
    // The owner of the room knows whether a join that is still under way has succeeded.
    if (!link_.with(room))
        return send_error(ErrorCode::not_in_room, effects);
    effects.push_back(ToRoom{room, std::move(event)});
}

void Session::tell_delay(Effects& effects) {
    if (const auto measured = delay_.event_for(client_))
        effects.push_back(ToRoom{*link_.room(), *measured});
}

void Session::take(from_client::CloseRoom& message, ServerTime, Effects& effects) {
    to_room(message.room, core::Close{client_}, effects);
}

void Session::take(from_client::Ready& message, ServerTime, Effects& effects) {
    to_room(message.room, core::Ready{client_, message.media_id}, effects);
}

void Session::take(from_client::PlayerEvent& message, ServerTime, Effects& effects) {
    to_room(message.room,
            core::Command{client_, message.action, message.position_seconds, message.play_state,
                          message.ts},
            effects);
}

void Session::take(from_client::StateUpdate& message, ServerTime, Effects& effects) {
    to_room(message.room,
            core::Report{client_, message.position_seconds, message.play_state, message.ts},
            effects);
}

void Session::take(from_client::ChatMessage& message, ServerTime, Effects& effects) {
    to_room(message.room, core::Chat{client_, std::move(message.text)}, effects);
}

void Session::take(from_client::StatusReport& message, ServerTime, Effects& effects) {
    to_room(message.room,
            core::Status{client_, message.status, message.offset_ms, message.delay_ms}, effects);
}

void Session::take(from_client::SetMedia& message, ServerTime, Effects& effects) {
    to_room(message.room, core::SetMedia{client_, message.media_id, message.start_position_seconds},
            effects);
}

void Session::take(from_client::CreateInvite& message, ServerTime, Effects& effects) {
    if (link_.with(message.room))
        effects.push_back(MakeInvite{message.room});
    else
        send_error(ErrorCode::not_in_room, effects);
}

} // namespace owp::edge
