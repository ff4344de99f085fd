// Looks over a room's shoulder: what must hold after every event, whatever the events were. Shared
// by the property tests and the fuzz target; a broken rule is an exception that names it.
#pragma once

#include "core/room.hpp"
#include "core/timeline.hpp"

#include <map>
#include <set>
#include <stdexcept>

namespace owp::core::test {

class RoomWatch {
public:
    /// After the constructor's effects too, with WakeUp as the event.
    void saw(const Room& room, const Event& event, ServerTime now,
             const std::vector<Effect>& effects) {
        if (const auto* lost = std::get_if<Disconnect>(&event)) {
            forget(lost->client);
            joining_.erase(lost->client);
        }
        if (const auto* join = std::get_if<Join>(&event))
            ++joining_[join->who.client];
        for (const Effect& effect : effects) {
            require(!ended_ || std::holds_alternative<JoinRefused>(effect),
                    "nothing but refusals follows Closed");
            std::visit([&](const auto& e) { check(e, event, now); }, effect);
        }
        require(room.closed() == ended_, "closed() says what Closed said");
        if (ended_) {
            require(members_.empty(), "a closed room has dismissed everybody");
            require(!room.wake_at(), "a closed room sleeps");
            return;
        }
        require(room.timeline().seq >= seq_, "seq never goes back");
        require(is_position(room.timeline().position_seconds), "positions are positions");
        require(!opened_ || room.summary().count == members_.size(),
                "the count is of those connected");
        if (std::holds_alternative<WakeUp>(event)) {
            require(!room.wake_at() || *room.wake_at() > now, "a wake-up does its work");
            require(!pending_until_ || *pending_until_ > now, "a pending play ends in time");
        }
    }

    [[nodiscard]] const std::set<ClientId>& members() const { return members_; }

private:
    static void require(bool holds, const char* rule) {
        if (!holds)
            throw std::logic_error(rule);
    }

    bool forget(const ClientId& client) {
        told_of_wait_.erase(client);
        if (told_of_wait_.empty())
            pending_until_.reset(); // nobody is left who was told
        return members_.erase(client) == 1;
    }

    void check(const AskAccess& e, const Event&, ServerTime) {
        if (!opened_) // its host, who comes with the room
            joining_[e.client] = 1;
    }
    void check(const Admitted& e, const Event&, ServerTime) {
        members_.insert(e.client);
        joining_.erase(e.client);
        opened_ = true;
    }
    void check(const Dismissed& e, const Event&, ServerTime) {
        require(forget(e.client), "only members are dismissed");
    }
    void check(const JoinRefused& e, const Event&, ServerTime) {
        require(joining_[e.client]-- > 0, "a refusal answers a join");
    }
    void check(const SeatHeld& e, const Event&, ServerTime now) {
        require(!e.user_id.empty() && e.until >= now, "a seat is held for somebody");
    }
    void check(const SummaryChanged&, const Event&, ServerTime) {}
    void check(const Closed&, const Event&, ServerTime) { ended_ = true; }
    void check(const Send& e, const Event& event, ServerTime now) {
        require(!e.to.empty(), "a message has receivers");
        require(std::set(e.to.begin(), e.to.end()).size() == e.to.size(), "nobody gets it twice");
        const bool error = std::holds_alternative<to_client::Error>(e.message);
        for (const ClientId& to : e.to)
            require(error || members_.contains(to), "no message to a non-member");
        if (std::holds_alternative<SetMedia>(event))
            require(!std::holds_alternative<to_client::PlayerEvent>(e.message),
                    "another title waits for its play");
        std::visit([&](const auto& message) { look(message, e, now); }, e.message);
    }

    void look(const auto&, const Send&, ServerTime) {}
    void look(const to_client::RoomState& m, const Send& e, ServerTime) {
        require(e.to == std::vector{m.client}, "a state has one addressee");
        require(members_.contains(m.host), "the host is a member");
        see(m.timeline);
        std::size_t hosts = 0;
        for (const Participant& each : m.participants)
            hosts += each.is_host ? 1u : 0u;
        require(hosts == 1, "one host");
    }
    void look(const to_client::PlayerEvent& m, const Send& e, ServerTime now) {
        require(e.to.size() == members_.size(), "a command goes to all");
        require(m.target >= now && is_position(m.position_seconds), "a command lies ahead");
        require(m.timeline.seq > seq_, "a command moves the timeline");
        if (m.action == PlayerAction::play)
            require(!pending_until_, "a play that starts waits no more");
        see(m.timeline);
    }
    void look(const to_client::StateUpdate& m, const Send& e, ServerTime) {
        require(e.superseding && is_position(m.position_seconds), "reports supersede each other");
        see(m.timeline);
    }
    void look(const to_client::PlayPending& m, const Send& e, ServerTime now) {
        told_of_wait_ = {e.to.begin(), e.to.end()};
        require(!m.waiting || !m.waiting->clients.empty(), "somebody is waited for");
        require(!m.waiting || m.waiting->until > now, "a wait lies ahead");
        pending_until_ = m.waiting ? std::optional{m.waiting->until} : std::nullopt;
    }
    void look(const to_client::ParticipantsUpdate& m, const Send&, ServerTime) {
        require(m.participant_count == members_.size(), "the update counts who is connected");
    }

    void see(const Timeline& timeline) {
        require(timeline.seq >= seq_, "seq never goes back");
        require(timeline.seq > seq_ || timeline == last_, "one seq, one timeline");
        seq_ = timeline.seq;
        last_ = timeline;
    }

    std::set<ClientId> members_;
    std::uint64_t seq_ = 0;
    Timeline last_;
    std::optional<ServerTime> pending_until_;
    std::set<ClientId> told_of_wait_;
    std::map<ClientId, int> joining_; // joins without an answer
    bool opened_ = false;             // its host is in
    bool ended_ = false;
};

} // namespace owp::core::test
