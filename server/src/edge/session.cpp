// The session's life: opening, frames, pings, time, end. Who it is: session_auth.cpp. Its room:
// session_rooms.cpp.
#include "edge/session.hpp"

#include "edge/session_effects.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace owp::edge {

namespace {

template <class... Types, class Variant>
bool is_any(const Variant& value) {
    return (std::holds_alternative<Types>(value) || ...);
}

/// Needs no token: to get in, to keep the clock, and to be told what was wrong.
bool open_to_all(const ClientMessage& message) {
    return is_any<from_client::Invalid, from_client::Auth, from_client::Ping>(message);
}

/// What only v2 has; from v1 these are unknown types.
bool v2_only(const ClientMessage& message) {
    return is_any<from_client::SubscribeRooms, from_client::UnsubscribeRooms,
                  from_client::CloseRoom, from_client::StatusReport, from_client::SetMedia,
                  from_client::CreateInvite>(message);
}

/// So late that it was we who were away: a process that was stopped, a machine that slept.
bool overslept(std::optional<ServerTime> due, ServerTime now, Duration ping_interval) {
    return due && now - *due > ping_interval / 2;
}

// The lead of the first play rests on these; the clock's exchanges of our client take as long.
constexpr Duration first_pings_apart = std::chrono::milliseconds{250};

} // namespace

Session::Session(SessionOptions options, ClientId client, ResumeToken resume_token, ServerTime now,
                 const std::optional<KnownUser>& known)
    : options_(options), client_(client), resume_token_(resume_token),
      rate_(options.messages_per_second, now), known_(known.has_value()),
      authenticated_(known_ || !options.auth_required) {
    if (!known)
        return;
    user_id_ = known->id;
    name_ = clean_text(known->name, user_name_code_points_max);
    name_is_proven_ = true;
}

std::vector<Effect> Session::on(const Event& event, ServerTime now) {
    std::vector<Effect> effects;
    on(event, now, effects);
    return effects;
}

void Session::on(const Event& event, ServerTime now, Effects& effects) {
    // After the end only what others must get back still counts.
    if (!closing_ || is_any<RoomReserved, Closed>(event))
        std::visit([&](const auto& e) { handle(e, now, effects); }, event);
}

std::optional<ServerTime> Session::wake_at() const {
    if (!open_ || closing_)
        return std::nullopt;
    ServerTime wake = std::min(next_ping_, last_life_ + options_.dead_after);
    if (!authenticated_)
        wake = std::min(wake, opened_at_ + options_.auth_wait_max);
    if (token_expires_ && token_fresh_)
        wake = std::min(wake, *token_expires_);
    return wake;
}

std::optional<RoomId> Session::heard_room() const {
    return !closing_ && link_.inside() ? link_.room() : std::nullopt;
}

bool Session::wants_room_list() const {
    return open_ && !closing_ && authenticated_ && dialect_ == Dialect::v1 &&
           (!link_.room() || list_owed_);
}

// ---- life -------------------------------------------------------------------------------------

void Session::handle(const Opened&, ServerTime now, Effects& effects) {
    open_ = true;
    opened_at_ = last_life_ = now;
    next_ping_ = now + options_.ping_interval;
    effects.push_back(Send{to_client::Hello{client_}});
    if (authenticated_)
        effects.push_back(AwaitRoomList{});
    effects.push_back(SendPing{});
}

void Session::handle(const PongReceived& event, ServerTime now, Effects& effects) {
    last_life_ = now;
    delay_.measured(event.round_trip);
    if (!delay_.full())
        next_ping_ = std::min(next_ping_, now + first_pings_apart);
    if (link_.inside())
        tell_delay(effects);
}

void Session::handle(const BinaryReceived&, ServerTime, Effects& effects) {
    close(CloseCode::unsupported_data, "Only text messages are understood.", effects);
}

void Session::handle(const DirectoryChanged&, ServerTime, Effects& effects) {
    if (!wants_room_list())
        return;
    list_owed_ = false;
    effects.push_back(SendRoomList{});
}

void Session::handle(const WakeUp&, ServerTime now, Effects& effects) {
    if (!open_)
        return;
    if (overslept(wake_at(), now, options_.ping_interval))
        last_life_ = now; // what it said meanwhile is still to be read
    if (now >= last_life_ + options_.dead_after) {
        close(CloseCode::timed_out, "No sign of life for too long.", effects);
        return;
    }
    if (!authenticated_ && now >= opened_at_ + options_.auth_wait_max) {
        close(CloseCode::authentication_timeout, "No valid token arrived in time.", effects);
        return;
    }
    if (token_expires_ && token_fresh_ && now >= *token_expires_) {
        token_fresh_ = false; // it keeps its room: a film does not stop for a token
        send_error(ErrorCode::token_expired, effects);
    }
    if (now >= next_ping_) {
        next_ping_ = now + options_.ping_interval;
        effects.push_back(SendPing{});
    }
}

void Session::handle(const ServerStopping&, ServerTime, Effects& effects) {
    close(CloseCode::service_restart, "The server is restarting.", effects);
}

void Session::close(CloseCode code, const char* reason, Effects& effects) {
    closing_ = true;
    creating_.reset();
    effects.push_back(Close{code, reason});
}

void Session::handle(const Closed&, ServerTime, Effects& effects) {
    closing_ = true;
    creating_.reset();
    if (const auto room = link_.room()) {
        link_.leave();
        effects.push_back(ToRoom{*room, core::Disconnect{client_}});
    }
}

// ---- what the client says ---------------------------------------------------------------------

void Session::handle(const FrameReceived& event, ServerTime now, Effects& effects) {
    if (!open_)
        return;
    last_life_ = now;
    switch (rate_.on_message(now)) {
    case RateLimit::Verdict::pass:
        break;
    case RateLimit::Verdict::drop:
        return;
    case RateLimit::Verdict::drop_and_tell:
        send_error(ErrorCode::rate_limited, effects);
        return;
    case RateLimit::Verdict::drop_and_wait:
        effects.push_back(HoldReads{rate_.window_end() - now});
        return;
    case RateLimit::Verdict::close:
        close(CloseCode::policy_violation, "Too many messages for too long.", effects);
        return;
    }
    ClientMessage message = decode(event.text);
    if (!authenticated_ && !open_to_all(message))
        send_error(ErrorCode::authentication_required, effects);
    else if (dialect_ == Dialect::v1 && v2_only(message))
        send_error(ErrorCode::unknown_message_type, effects);
    else
        std::visit([&](auto& m) { take(m, now, effects); }, message);
}

void Session::take(from_client::Invalid& message, ServerTime, Effects& effects) {
    effects.push_back(Send{to_client::Error{message.code, std::move(message.message)}});
}

void Session::take(from_client::ListRooms&, ServerTime, Effects& effects) {
    effects.push_back(SendRoomList{});
}

void Session::take(from_client::Ping& message, ServerTime now, Effects& effects) {
    effects.push_back(Send{to_client::Pong{message.room, std::move(message.payload_json), now}});
}

void Session::take(from_client::ClientLog& message, ServerTime, Effects& effects) {
    effects.push_back(LogClient{std::move(message.category), std::move(message.message)});
}

void Session::take(from_client::SubscribeRooms&, ServerTime, Effects& effects) {
    subscribed_ = true;
    effects.push_back(SubscribeDirectory{true});
}

void Session::take(from_client::UnsubscribeRooms&, ServerTime, Effects& effects) {
    subscribed_ = false;
    effects.push_back(SubscribeDirectory{false});
}

} // namespace owp::edge
