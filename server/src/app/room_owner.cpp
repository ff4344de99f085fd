#include "app/room_owner.hpp"

#include "app/overloaded.hpp"
#include "edge/no_room.hpp"
#include "protocol/codec.hpp"

#include <algorithm>
#include <utility>

namespace owp::app {
namespace {

/// Everybody, everybody but the host: what nearly all messages go to.
constexpr std::size_t routes_max = 2;

} // namespace

const Sender* RoomOwner::find_edge(const Hosted& hosted, const ClientId& client,
                                   const Sender* cause) {
    for (const auto* known : {&hosted.members, &hosted.knocking})
        if (const auto found = known->find(client); found != known->end())
            return &found->second;
    return cause != nullptr && cause->client == client ? cause : nullptr;
}

void RoomOwner::on(CreateRoom&& message) {
    const RoomId id = message.setup.id;
    const auto [found, fresh] = rooms_.try_emplace(id);
    if (!fresh)
        return; // ids are random and reserved: this one is taken only if a message came twice
    Hosted& hosted = found->second;
    metrics_.add(Metric::rooms);
    metrics_.add(Metric::rooms_created);
    hosted.room.emplace(options_, std::move(message.setup), clock_.now(), effects_);
    carry_out(id, hosted, &message.sender);
}

void RoomOwner::on(RoomCommand&& message) {
    const auto found = rooms_.find(message.room);
    if (found == rooms_.end()) {
        if (auto answer = edge::answer_of_no_room(message.room, message.event))
            wire_.send(message.sender.shard, ToSession{message.sender.client, *std::move(answer)});
        return;
    }
    Hosted& hosted = found->second;
    if (const auto seat = hosted.members.find(message.sender.client);
        seat != hosted.members.end() && seat->second.dialect != message.sender.dialect) {
        seat->second.dialect = message.sender.dialect;
        hosted.routes.clear();
    }
    const bool lost = std::holds_alternative<core::Disconnect>(message.event);
    hosted.room->on(std::move(message.event), clock_.now(), effects_);
    if (lost) {
        remove_member(hosted, message.sender.client);
        hosted.knocking.erase(message.sender.client);
    }
    carry_out(message.room, hosted, &message.sender);
}

void RoomOwner::wake(ServerTime now) {
    for (const RoomId& id : deadlines_.take_due(now)) {
        Hosted& hosted = rooms_.at(id);
        hosted.room->on(core::WakeUp{}, now, effects_);
        carry_out(id, hosted, nullptr);
    }
}

void RoomOwner::carry_out(const RoomId& id, Hosted& hosted, const Sender* cause) {
    bool closed = false;
    const Overloaded carry{
        [&](const core::Send& send) { deliver(id, hosted, send, cause); },
        [&](const core::AskAccess& question) {
            const Sender* to = find_edge(hosted, question.client, cause);
            if (to == nullptr)
                return;
            wire_.send(to->shard, AskAccess{id, question});
            if (!hosted.members.contains(question.client))
                hosted.knocking.try_emplace(question.client, *to);
        },
        [&](const core::Admitted& admitted) {
            if (const Sender* from = find_edge(hosted, admitted.client, cause);
                from != nullptr && hosted.members.try_emplace(admitted.client, *from).second) {
                hosted.routes.clear();
                metrics_.add(Metric::members);
            }
            hosted.knocking.erase(admitted.client);
            tell(hosted, admitted.client, cause, edge::RoomAdmitted{id, admitted.listed});
            if (!admitted.user_id.empty())
                wire_.to_user(admitted.user_id, DropSeat{admitted.user_id, id});
        },
        [&](const core::JoinRefused& refused) {
            tell(hosted, refused.client, cause, edge::RoomRefused{id, refused.code});
            hosted.knocking.erase(refused.client);
        },
        [&](const core::Dismissed& dismissed) {
            tell(hosted, dismissed.client, cause, edge::RoomDismissed{id, dismissed.replaced});
            remove_member(hosted, dismissed.client);
        },
        [&](const core::SeatHeld& held) {
            if (!held.user_id.empty())
                wire_.to_user(held.user_id, HoldSeat{held.user_id, id, held.until});
        },
        [&](const core::SummaryChanged& changed) { wire_.to_all(RoomListed{changed.summary}); },
        [&](const core::Closed& end) {
            closed = true;
            wire_.to_user(end.owner_user_id, ReleaseRoom{end.owner_user_id});
            wire_.to_all(RoomDelisted{id});
        },
    };
    for (const core::Effect& effect : effects_)
        std::visit(carry, effect);
    effects_.clear();

    if (closed) {
        metrics_.add(Metric::members, -static_cast<std::int64_t>(hosted.members.size()));
        metrics_.add(Metric::rooms, -1);
        deadlines_.forget(id);
        rooms_.erase(id);
    } else if (const std::optional<ServerTime> when = hosted.room->wake_at()) {
        deadlines_.want(id, *when);
    }
}

const RoomOwner::Route& RoomOwner::route_to(const core::Audience& audience, Hosted& hosted,
                                            const Sender* cause) {
    const auto known = std::ranges::find_if(
        hosted.routes, [&](const Route& route) { return route.audience.is(audience); });
    if (known != hosted.routes.end())
        return *known;
    Route route{audience};
    std::vector<std::pair<ShardIndex, std::vector<Receiver>>> by_shard;
    for (const ClientId& client : audience) {
        const Sender* receiver = find_edge(hosted, client, cause);
        if (receiver == nullptr)
            continue;
        route.speaks.at(static_cast<std::size_t>(receiver->dialect)) = true;
        auto shard = std::ranges::find(by_shard, receiver->shard,
                                       &std::pair<ShardIndex, std::vector<Receiver>>::first);
        if (shard == by_shard.end())
            shard = by_shard.insert(shard, {receiver->shard, {}});
        shard->second.push_back({client, receiver->place});
    }
    for (auto& [shard, receivers] : by_shard)
        route.by_shard.emplace_back(
            shard, std::make_shared<const std::vector<Receiver>>(std::move(receivers)));
    if (hosted.routes.size() == routes_max)
        hosted.routes.erase(hosted.routes.begin());
    return hosted.routes.emplace_back(std::move(route));
}

void RoomOwner::deliver(const RoomId& id, Hosted& hosted, const core::Send& send,
                        const Sender* cause) {
    const to_client::Error* error = std::get_if<to_client::Error>(&send.message);
    if (error != nullptr)
        metrics_.count_error(error->code);
    Deliver message;
    message.superseding = send.superseding;
    if (error == nullptr) // an error is an answer, to non-members too
        message.room = id;
    const Route& route = route_to(send.to, hosted, cause);
    for (const Dialect dialect : {Dialect::v1, Dialect::v2}) {
        if (!route.speaks.at(static_cast<std::size_t>(dialect)))
            continue;
        encode(send.message, dialect, clock_.now(), text_);
        if (!text_.empty())
            message.frames.at(static_cast<std::size_t>(dialect)) = frames_.text(text_);
    }
    for (const auto& [shard, receivers] : route.by_shard) {
        message.to = receivers;
        wire_.send(shard, message);
    }
}

void RoomOwner::tell(const Hosted& hosted, const ClientId& client, const Sender* cause,
                     edge::Event event) {
    if (const Sender* receiver = find_edge(hosted, client, cause))
        wire_.send(receiver->shard, ToSession{client, std::move(event)});
}

void RoomOwner::remove_member(Hosted& hosted, const ClientId& client) {
    if (hosted.members.erase(client) == 0)
        return;
    hosted.routes.clear();
    metrics_.add(Metric::members, -1);
}

} // namespace owp::app
