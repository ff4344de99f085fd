#include "app/room_owner.hpp"

#include "app/overloaded.hpp"
#include "protocol/codec.hpp"

#include <map>
#include <utility>

namespace owp::app {

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
    std::vector<core::Effect> effects;
    hosted.room.emplace(options_, std::move(message.setup), clock_.now(), effects);
    carry_out(id, hosted, effects, &message.sender);
}

void RoomOwner::on(const RoomCommand& message) {
    const auto found = rooms_.find(message.room);
    if (found == rooms_.end()) {
        if (std::holds_alternative<core::Join>(message.event))
            wire_.send(message.sender.shard,
                       ToSession{message.sender.client, edge::RoomUnknown{message.room}});
        return;
    }
    Hosted& hosted = found->second;
    if (const auto seat = hosted.members.find(message.sender.client); seat != hosted.members.end())
        seat->second.dialect = message.sender.dialect;
    const std::vector<core::Effect> effects = hosted.room->on(message.event, clock_.now());
    if (std::holds_alternative<core::Disconnect>(message.event)) {
        remove_member(hosted, message.sender.client);
        hosted.knocking.erase(message.sender.client);
    }
    carry_out(message.room, hosted, effects, &message.sender);
}

void RoomOwner::wake(ServerTime now) {
    for (const RoomId& id : deadlines_.take_due(now)) {
        Hosted& hosted = rooms_.at(id);
        const std::vector<core::Effect> effects = hosted.room->on(core::WakeUp{}, now);
        carry_out(id, hosted, effects, nullptr);
    }
}

void RoomOwner::carry_out(const RoomId& id, Hosted& hosted,
                          const std::vector<core::Effect>& effects, const Sender* cause) {
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
                from != nullptr && hosted.members.try_emplace(admitted.client, *from).second)
                metrics_.add(Metric::members);
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
    for (const core::Effect& effect : effects)
        std::visit(carry, effect);

    if (closed) {
        metrics_.add(Metric::members, -static_cast<std::int64_t>(hosted.members.size()));
        metrics_.add(Metric::rooms, -1);
        deadlines_.forget(id);
        rooms_.erase(id);
    } else if (const std::optional<ServerTime> when = hosted.room->wake_at()) {
        deadlines_.want(id, *when);
    }
}

void RoomOwner::deliver(const RoomId& id, const Hosted& hosted, const core::Send& send,
                        const Sender* cause) {
    const to_client::Error* error = std::get_if<to_client::Error>(&send.message);
    if (error != nullptr)
        metrics_.count_error(error->code);
    Deliver message;
    message.superseding = send.superseding;
    if (error == nullptr) // an error is an answer, to non-members too
        message.room = id;
    std::array<bool, 2> encoded{};
    std::map<ShardIndex, std::vector<ClientId>> by_shard;
    for (const ClientId& client : send.to) {
        const Sender* receiver = find_edge(hosted, client, cause);
        if (receiver == nullptr)
            continue;
        by_shard[receiver->shard].push_back(client);
        const auto dialect = static_cast<std::size_t>(receiver->dialect);
        if (std::exchange(encoded.at(dialect), true))
            continue;
        const std::string text = encode(send.message, receiver->dialect, clock_.now());
        if (!text.empty())
            message.frames.at(dialect) = net::Frame::text(text);
    }
    for (auto& [shard, clients] : by_shard) {
        message.to = std::move(clients);
        wire_.send(shard, message);
    }
}

void RoomOwner::tell(const Hosted& hosted, const ClientId& client, const Sender* cause,
                     edge::Event event) {
    if (const Sender* receiver = find_edge(hosted, client, cause))
        wire_.send(receiver->shard, ToSession{client, std::move(event)});
}

void RoomOwner::remove_member(Hosted& hosted, const ClientId& client) {
    if (hosted.members.erase(client) != 0)
        metrics_.add(Metric::members, -1);
}

} // namespace owp::app
