// Who sits in a room. A seat is a member that is connected or, for a while, a lost guest's.
#pragma once

#include "core/events.hpp"
#include "core/lead.hpp"

#include <optional>
#include <vector>

namespace owp::core {

struct Member {
    Identity who;
    bool connected = true;   // Participants alone changes it
    ServerTime held_until{}; // while not connected
    bool ready = false;
    bool excused = false; // a gate timed out on it: not waited for until it says ready again
    ParticipantStatus reported = ParticipantStatus::buffering;
    std::optional<double> offset_ms{};
    std::optional<double> delay_ms{};
    std::optional<Network> network{};
    std::uint64_t knows = 0; // the last ParticipantsBatch::version it was sent

    [[nodiscard]] ParticipantStatus status() const {
        return connected ? reported : ParticipantStatus::away;
    }
    /// Would a play wait for it?
    [[nodiscard]] bool delays_play() const {
        return connected && !ready && !excused && reported != ParticipantStatus::away;
    }
    /// Could somebody prove to be the one who sat here?
    [[nodiscard]] bool can_come_back() const {
        return who.resume_token.has_value() || !who.user_id.empty();
    }
};

/// The seats in the order of joining. Pointers hold until the next add or remove.
class Participants {
public:
    /// The host is the first to sit down, and its seat lasts as long as the room.
    explicit Participants(Member host) { members_.push_back(std::move(host)); }

    [[nodiscard]] const std::vector<Member>& all() const { return members_; }
    [[nodiscard]] std::vector<Member>& all() { return members_; }
    /// The connected member of this connection.
    [[nodiscard]] Member* find(const ClientId& client);
    /// The seat that a joiner may take over (P-V2-4): by the token of an earlier connection of the
    /// same user (all whom nobody vouches for are one), held or not; else the seat held last for
    /// that user.
    [[nodiscard]] Member* seat_for(const Join& join);

    [[nodiscard]] const Member& host() const { return members_.front(); }
    [[nodiscard]] bool is_host(const ClientId& client) const { return client == host().who.client; }

    void add(Member member);
    void remove(const ClientId& client);
    /// Its connection is gone; the seat stays.
    void lose(Member& member);
    /// A new connection takes the seat; the host's seat makes it the host.
    void take_over(Member& seat, const Identity& who);

    /// Connected members.
    [[nodiscard]] std::uint32_t count() const;
    [[nodiscard]] const Audience& connected() const;
    /// Connected members but for the host.
    [[nodiscard]] const Audience& guests() const;
    /// Connected members of one dialect.
    [[nodiscard]] std::vector<ClientId> followers() const; // v2
    [[nodiscard]] std::vector<ClientId> v1_members() const;
    [[nodiscard]] std::vector<ClientId> v1_guests() const;
    [[nodiscard]] std::vector<ClientId> delaying_play() const;
    /// Whose network counts for a lead: members that can act, which a v1 member can, ready or not.
    [[nodiscard]] std::vector<Listener> listeners() const;
    /// As v2 lists them.
    [[nodiscard]] std::vector<Participant> listed() const;

private:
    void connections_changed();

    std::vector<Member> members_;
    // Made when they are first asked for.
    mutable std::optional<Audience> connected_;
    mutable std::optional<Audience> guests_;
};

} // namespace owp::core
