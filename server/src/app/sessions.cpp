#include "app/sessions.hpp"

#include "app/overloaded.hpp"
#include "app/random_ids.hpp"
#include "auth/jellyfin.hpp"
#include "protocol/codec.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

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
    return {.client = client.id,
            .shard = wire_.self(),
            .dialect = client.session.dialect(),
            .place = client.place};
}

void Sessions::take_place(Client& client) {
    if (free_places_.empty()) {
        client.place = static_cast<std::uint32_t>(places_.size());
        places_.emplace_back();
    } else {
        client.place = free_places_.back();
        free_places_.pop_back();
    }
    places_[client.place] = {.client = client.id, .connection = &client.connection};
}

const Sessions::Place* Sessions::place_of(const Receiver& receiver) const {
    const Place* place = receiver.place < places_.size() ? &places_[receiver.place] : nullptr;
    const bool still_theirs =
        place != nullptr && place->connection != nullptr && place->client == receiver.client;
    return still_theirs ? place : nullptr;
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
    take_place(opened);
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
    sign_ins_.forget(id);
    list_turns_.forget(id);
    browsing_.erase(&client);
    places_[client.place] = {};
    free_places_.push_back(client.place);
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

void Sessions::on(const AskAccess& message) {
    const auto found = clients_.find(message.question.client);
    if (found == clients_.end())
        return; // the room hears of that, too
    const Client& client = *found->second;
    const core::AskAccess& question = message.question;
    const auto answer = [this, room = message.room, question](bool allowed) {
        const auto asked = clients_.find(question.client);
        if (asked != clients_.end())
            wire_.to_room(room, RoomCommand{sender(*asked->second), room,
                                            core::AccessVerdict{question.client, question.user_id,
                                                                question.media_id, allowed}});
    };
    // A credential speaks for the user that it came with.
    if (!access_ || client.session.user_id() != question.user_id)
        return answer(false);
    access_->ask({question.user_id, client.credential, question.media_id}, clock_.now(), answer);
}

void Sessions::on(const Deliver& message) {
    const std::uint64_t key =
        message.superseding && message.room ? superseding_key(*message.room) : 0;
    std::int64_t deliveries = 0;
    // Of thousands of connections none is in the cache. So their memory comes side by side rather
    // than for one after another.
    for (const Receiver& receiver : *message.to)
        if (const Place* place = place_of(receiver))
            __builtin_prefetch(place->connection); // who says what it looks at, below
    for (const Receiver& receiver : *message.to)
        if (const Place* place = place_of(receiver))
            place->connection->prefetch();
    for (const Receiver& receiver : *message.to) {
        const Place* place = place_of(receiver);
        if (place == nullptr || (message.room && place->heard_room != message.room))
            continue;
        // A connection that has just become v2 may meet a frame that was made for v1, never the
        // other way round.
        const std::optional<net::Frame>* frame =
            &message.frames.at(static_cast<std::size_t>(place->dialect));
        if (!*frame && place->dialect == Dialect::v2)
            frame = &message.frames.front();
        if (!*frame)
            continue;
        ++deliveries;
        place->connection->send(**frame, {.supersede_key = key, .at_once = false});
    }
    metrics_.add(Metric::deliveries, deliveries);
    metrics_.add(Metric::messages_sent, deliveries);
}

void Sessions::flush_directory(ServerTime now) {
    if (access_)
        return flush_visible(now);
    const net::Frame delta = directory_.take_delta(now);
    for (Client* client : browsing_) {
        if (client->session.wants_room_list())
            list_turns_.wait(client->id);
        else
            send(*client, delta);
    }
    send_lists_in_turn(now);
}

void Sessions::send_lists_in_turn(ServerTime now) {
    while (const std::optional<ClientId> first = list_turns_.next(now)) {
        Client& client = *clients_.at(*first);
        const std::size_t before = list_bytes_;
        feed(client, edge::DirectoryChanged{}, now);
        list_turns_.sent(list_bytes_ - before, now);
    }
}

// ---- access to titles --------------------------------------------------------------------------

void Sessions::check_access(AccessAuthority& authority, AccessCache::Post post) {
    access_ = std::make_unique<AccessCache>(authority, std::move(post),
                                            [this](const std::string& user_id) {
                                                news_for_.insert(user_id);
                                                directory_.touch(clock_.now());
                                            });
}

void Sessions::expire_access(ServerTime now) {
    if (access_)
        access_->expire(now);
}

VisibleRooms::MaySee Sessions::may_see(Client& client, ServerTime now) {
    if (client.rooms_user != client.session.user_id()) {
        client.rooms_user = client.session.user_id();
        client.rooms.forget();
    }
    return [this, &client, now](const MediaId& media) {
        const std::string& user = client.session.user_id();
        const std::optional<bool> known = access_->known(user, media, now);
        if (!known) // the answer comes as news
            access_->ask({user, client.credential, media}, now);
        return known;
    };
}

void Sessions::flush_visible(ServerTime now) {
    const std::unordered_set<RoomId> changed = directory_.take_changed();
    const std::unordered_set<std::string> news_for = std::exchange(news_for_, {});
    for (Client* client : browsing_) {
        const bool news = news_for.contains(client->session.user_id());
        if (changed.empty() && !news)
            continue;
        if (client->session.wants_room_list()) {
            list_turns_.wait(client->id);
        } else {
            const auto delta =
                client->rooms.delta(directory_.rooms(), changed, news, may_see(*client, now));
            if (!delta.upserted.empty() || !delta.removed.empty())
                send(*client, delta);
        }
    }
    send_lists_in_turn(now);
}

// ---- time --------------------------------------------------------------------------------------

void Sessions::wake(ServerTime now) {
    for (const ClientId& id : deadlines_.take_due(now)) {
        Client& client = *clients_.at(id);
        client.wakes_at = ServerTime::max();
        feed(client, edge::WakeUp{}, now);
    }
    send_lists_in_turn(now);
}

void Sessions::stop() {
    for (const auto& [id, client] : clients_)
        feed(*client, edge::ServerStopping{}, clock_.now());
}

// ---- effects -----------------------------------------------------------------------------------

void Sessions::feed(Client& client, const edge::Event& event, ServerTime now) {
    // A feed inside this one, of whoever's turn for a list has come, has effects of its own.
    std::vector<edge::Effect> effects = std::exchange(effects_, {});
    client.session.on(event, now, effects);
    carry_out(client, effects, now);
    effects.clear();
    effects_ = std::move(effects);
    if (const auto when = client.session.wake_at(); when && *when < client.wakes_at) {
        client.wakes_at = *when;
        deadlines_.want(client.id, *when);
    }
    Place& place = places_[client.place];
    place.heard_room = client.session.heard_room();
    place.dialect = client.session.dialect();
    note_browsing(client);
}

void Sessions::note_browsing(Client& client) {
    const bool browses =
        client.session.wants_room_list() || client.session.wants_directory_deltas();
    if (browses == client.browsing)
        return;
    client.browsing = browses;
    if (browses)
        browsing_.insert(&client);
    else
        browsing_.erase(&client);
}

void Sessions::carry_out(Client& client, std::vector<edge::Effect>& effects, ServerTime now) {
    const Overloaded carry{
        [&](const edge::Send& effect) { send(client, effect.message); },
        [&](const edge::SendRoomList&) {
            send_list(client, now, {.supersede_key = room_list_key, .at_once = false});
        },
        [&](const edge::AwaitRoomList&) {
            list_turns_.wait(client.id);
            send_lists_in_turn(now);
        },
        [&](const edge::SubscribeDirectory& effect) {
            if (effect.on)
                send_list(client, now);
        },
        [&](const edge::VerifyToken& effect) { verify(client, effect.token, now); },
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
        [&](edge::ToRoom& effect) {
            wire_.to_room(effect.room,
                          RoomCommand{sender(client), effect.room, std::move(effect.event)});
        },
        [&](const edge::MakeInvite& effect) {
            wire_.to_room(effect.room,
                          RoomCommand{sender(client), effect.room,
                                      core::CreateInvite{client.id, random_invite_ticket()}});
        },
        [&](const edge::SendPing&) { client.connection.ping(); },
        [&](const edge::Close& effect) { client.connection.close(effect.code, effect.reason); },
        [&](const edge::HoldReads& effect) { client.connection.hold_reads(effect.time); },
        [&](const edge::LogClient& effect) {
            spdlog::debug("client {} says [{}] {}", to_uuid_string(client.id.bytes),
                          effect.category, effect.message);
        },
    };
    for (edge::Effect& effect : effects)
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
    encode(message, client.session.dialect(), clock_.now(), text_);
    if (!text_.empty())
        send(client, frames_.text(text_),
             {.supersede_key = 0, .at_once = std::holds_alternative<to_client::Pong>(message)});
}

void Sessions::send_list(Client& client, ServerTime now, net::SendOptions options) {
    const Dialect dialect = client.session.dialect();
    const net::Frame frame =
        access_ ? net::Frame::text(encode(
                      client.rooms.list(directory_.rooms(), may_see(client, now)), dialect, now))
                : directory_.snapshot(dialect, now);
    list_bytes_ += frame.size();
    send(client, frame, options);
}

// ---- tokens ------------------------------------------------------------------------------------

void Sessions::ask_jellyfin(JellyfinDesk& desk, AccessCache::Post post) {
    jellyfin_ = &desk;
    post_ = std::move(post);
}

void Sessions::verify(Client& client, const std::string& token, ServerTime now) {
    ++client.token_number;
    if (std::exchange(client.asking, false)) // the answer to the token before this one is void
        judged(client, {}, edge::TokenVerdict::refused(), now);
    if (jellyfin_ == nullptr || (policy_ && auth::is_jwt(token))) {
        edge::TokenVerdict verdict = edge::TokenVerdict::refused();
        if (policy_)
            verdict = auth::verify(*policy_, token, now);
        if (verdict.valid)
            client.by_jellyfin = false;
        return judged(client, token, verdict, now);
    }
    client.asking = true;
    jellyfin_->sign_in(token, client.connection.remote_address(),
                       [this, id = client.id, number = client.token_number,
                        token](const edge::TokenVerdict& verdict) {
                           post_([this, id, number, token, verdict] {
                               const auto found = clients_.find(id);
                               if (found == clients_.end() || found->second->token_number != number)
                                   return;
                               Client& asker = *found->second;
                               asker.asking = false;
                               if (verdict.valid) {
                                   asker.by_jellyfin = true;
                                   sign_ins_.want(id, clock_.now() + sign_in_kept);
                               }
                               judged(asker, token, verdict, clock_.now());
                           });
                       });
}

void Sessions::judged(Client& client, const std::string& token, const edge::TokenVerdict& verdict,
                      ServerTime now) {
    metrics_.add(verdict.valid ? Metric::tokens_accepted : Metric::tokens_refused);
    if (verdict.valid)
        client.credential = auth::Secret{token};
    feed(client, verdict, now);
}

void Sessions::believe(auth::TokenPolicy policy, ServerTime now) {
    policy_ = std::move(policy);
    for (const auto& [id, client] : clients_) {
        if (client->by_jellyfin || client->credential.empty())
            continue; // Jellyfin's, or none
        const edge::TokenVerdict verdict = auth::verify(*policy_, client->credential.reveal(), now);
        if (!verdict.valid && verdict.code != ErrorCode::token_expired)
            feed(*client, edge::SignedOut{}, now);
    }
}

void Sessions::ask_again(ServerTime now) {
    for (const ClientId& id : sign_ins_.take_due(now)) {
        const Client& client = *clients_.at(id);
        if (!client.by_jellyfin)
            continue;
        sign_ins_.want(id, now + sign_in_kept);
        const std::string token{client.credential.reveal()};
        jellyfin_->sign_in(token, {}, [this, asked = id, token](const edge::TokenVerdict& verdict) {
            // Only a clear no ends a party for somebody; that Jellyfin gave no answer does not.
            if (verdict.valid || verdict.code == ErrorCode::auth_unavailable)
                return;
            post_([this, asked, token] {
                const auto found = clients_.find(asked);
                if (found != clients_.end() && found->second->credential.reveal() == token)
                    feed(*found->second, edge::SignedOut{}, clock_.now());
            });
        });
    }
}

} // namespace owp::app
