#include "app/sessions.hpp"

#include "app/overloaded.hpp"
#include "app/random_ids.hpp"
#include "protocol/codec.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace owp::app {
namespace {

// Keys of frames that only the newest of is worth sending. Those of rooms are never 0 or 1.
constexpr std::uint64_t room_list_key = 1;

std::uint64_t superseding_key(const RoomId& room) {
    return std::hash<RoomId>{}(room) | (std::uint64_t{1} << 63);
}

} // namespace

Sessions::Client& Sessions::client_of(net::Connection& connection) {
    return *static_cast<Client*>(connection.context);
}

Sender Sessions::sender(const Client& client) const {
    return {.client = client.id, .shard = wire_.self(), .dialect = client.session.dialect()};
}

// ---- from the network --------------------------------------------------------------------------

void Sessions::opened(net::Connection& connection) {
    const ServerTime now = clock_.now();
    const ClientId id = random_client_id();
    std::optional<edge::KnownUser> known;
    if (connection.user)
        known = {connection.user->id, connection.user->name};
    auto client = std::make_unique<Client>(
        Client{id, connection, edge::Session{options_, id, random_resume_token(), now, known}});
    connection.context = client.get();
    Client& opened = *clients_.emplace(id, std::move(client)).first->second;
    metrics_.add(Metric::sessions);
    spdlog::debug("session {} opened from {}", to_uuid_string(id.bytes),
                  connection.remote_address());
    feed(opened, edge::Opened{}, now);
}

void Sessions::text(net::Connection& connection, std::string_view text, ServerTime arrival) {
    metrics_.add(Metric::messages_received);
    feed(client_of(connection), edge::FrameReceived{text}, arrival);
}

void Sessions::binary(net::Connection& connection, ServerTime arrival) {
    metrics_.add(Metric::messages_received);
    feed(client_of(connection), edge::BinaryReceived{}, arrival);
}

void Sessions::pong(net::Connection& connection, Duration round_trip, ServerTime arrival) {
    feed(client_of(connection), edge::PongReceived{round_trip}, arrival);
}

void Sessions::closed(net::Connection& connection, const net::CloseInfo& info) {
    Client& client = client_of(connection);
    const ClientId id = client.id;
    spdlog::debug("session {} closed with {} by {}", to_uuid_string(id.bytes), info.code,
                  info.by_peer ? "the client" : "us");
    feed(client, edge::Closed{}, clock_.now());
    connection.context = nullptr;
    deadlines_.forget(id);
    clients_.erase(id);
    metrics_.add(Metric::sessions, -1);
}

// ---- from the bus ------------------------------------------------------------------------------

void Sessions::on(const ToSession& message) {
    const auto found = clients_.find(message.client);
    if (found != clients_.end())
        feed(*found->second, message.event, clock_.now());
}

void Sessions::on(const RoomAnswer& message) {
    const auto found = clients_.find(message.client);
    if (found != clients_.end())
        feed(*found->second, edge::RoomReserved{message.room}, clock_.now());
    else if (message.room) // whom it was counted for has gone
        wire_.to_user(message.user_id, ReleaseRoom{message.user_id});
}

void Sessions::on(const Deliver& message) {
    for (const ClientId& id : message.to) {
        const auto found = clients_.find(id);
        if (found == clients_.end())
            continue;
        Client& client = *found->second;
        if (message.room && !client.session.hears(*message.room))
            continue;
        // A connection that has just become v2 may meet a frame that was made for v1, never the
        // other way round.
        const std::optional<net::Frame>* frame =
            &message.frames.at(static_cast<std::size_t>(client.session.dialect()));
        if (!*frame && client.session.dialect() == Dialect::v2)
            frame = &message.frames.front();
        if (!*frame)
            continue;
        metrics_.add(Metric::deliveries);
        const std::uint64_t key =
            message.superseding && message.room ? superseding_key(*message.room) : 0;
        send(client, **frame, {.supersede_key = key, .at_once = false});
    }
}

void Sessions::flush_directory(ServerTime now) {
    const net::Frame delta = directory_.take_delta(now);
    for (const auto& [id, client] : clients_) {
        if (client->session.wants_room_list())
            feed(*client, edge::DirectoryChanged{}, now);
        else if (client->session.wants_directory_deltas())
            send(*client, delta);
    }
}

void Sessions::wake(ServerTime now) {
    for (const ClientId& id : deadlines_.take_due(now))
        feed(*clients_.at(id), edge::WakeUp{}, now);
}

void Sessions::stop() {
    for (const auto& [id, client] : clients_)
        feed(*client, edge::ServerStopping{}, clock_.now());
}

std::int64_t Sessions::queued_bytes() const {
    std::int64_t sum = 0;
    for (const auto& [id, client] : clients_)
        sum += static_cast<std::int64_t>(client->connection.queued_bytes());
    return sum;
}

// ---- effects -----------------------------------------------------------------------------------

void Sessions::feed(Client& client, const edge::Event& event, ServerTime now) {
    carry_out(client, client.session.on(event, now), now);
    if (const std::optional<ServerTime> when = client.session.wake_at())
        deadlines_.want(client.id, *when);
}

void Sessions::carry_out(Client& client, const std::vector<edge::Effect>& effects, ServerTime now) {
    const Overloaded carry{
        [&](const edge::Send& effect) { send(client, effect.message); },
        [&](const edge::SendRoomList&) {
            send(client, directory_.snapshot(client.session.dialect(), now),
                 {.supersede_key = room_list_key, .at_once = false});
        },
        [&](const edge::SubscribeDirectory& effect) {
            if (effect.on)
                send(client, directory_.snapshot(client.session.dialect(), now));
        },
        [&](const edge::VerifyToken& effect) { feed(client, judge(effect.token, now), now); },
        [&](const edge::ReserveRoom& effect) {
            wire_.to_user(effect.user_id,
                          ReserveRoom{sender(client), effect.user_id, effect.rooms_max});
        },
        [&](const edge::ReleaseRoom& effect) {
            wire_.to_user(effect.user_id, ReleaseRoom{effect.user_id});
        },
        [&](const edge::FindSeat& effect) {
            wire_.to_user(effect.user_id, FindSeat{sender(client), effect.user_id});
        },
        [&](const edge::CreateRoom& effect) {
            wire_.to_room(effect.setup.id, CreateRoom{sender(client), effect.setup});
        },
        [&](const edge::ToRoom& effect) {
            wire_.to_room(effect.room, RoomCommand{sender(client), effect.room, effect.event});
        },
        [&](const edge::SendPing&) { client.connection.ping(); },
        [&](const edge::Close& effect) { client.connection.close(effect.code, effect.reason); },
        [&](const edge::LogClient& effect) {
            spdlog::debug("client {} says [{}] {}", to_uuid_string(client.id.bytes),
                          effect.category, effect.message);
        },
    };
    for (const edge::Effect& effect : effects)
        std::visit(carry, effect);
}

void Sessions::send(Client& client, const net::Frame& frame, net::SendOptions options) {
    metrics_.add(Metric::messages_sent);
    client.connection.send(frame, options);
}

void Sessions::send(Client& client, const ServerMessage& message) {
    if (const to_client::Error* error = std::get_if<to_client::Error>(&message))
        metrics_.count_error(error->code);
    // The time is read here, as late as can be: a pong carries the moment of its departure.
    const std::string text = encode(message, client.session.dialect(), clock_.now());
    if (!text.empty())
        send(client, net::Frame::text(text),
             {.supersede_key = 0, .at_once = std::holds_alternative<to_client::Pong>(message)});
}

edge::TokenVerdict Sessions::judge(const std::string& token, ServerTime now) {
    edge::TokenVerdict verdict{.valid = false,
                               .code = ErrorCode::invalid_token,
                               .user_id = {},
                               .user_name = {},
                               .expires = {}};
    if (policy_ != nullptr)
        verdict = auth::verify(*policy_, token, now);
    metrics_.add(verdict.valid ? Metric::tokens_accepted : Metric::tokens_refused);
    return verdict;
}

} // namespace owp::app
