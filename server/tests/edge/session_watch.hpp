// Looks over a session's shoulder: what must hold after every event, whatever the events were.
// Shared by the property tests and the fuzz target; a broken rule is an exception that names it.
#pragma once

#include "edge/session.hpp"

#include <stdexcept>

namespace owp::edge::test {

class SessionWatch {
public:
    SessionWatch(const SessionOptions& options, ClientId client, bool known = false)
        : client_(client), known_(known), signed_in_(known || !options.auth_required) {}

    void saw(const Session& session, const Event& event, ServerTime now,
             const std::vector<Effect>& effects) {
        if (const auto* verdict = std::get_if<TokenVerdict>(&event))
            signed_in_ = signed_in_ || (verdict->valid && verdicts_owed_ > 0);
        if (std::holds_alternative<TokenVerdict>(event) && verdicts_owed_ > 0)
            --verdicts_owed_;
        if (const auto* reserved = std::get_if<RoomReserved>(&event))
            reserved_ += reserved->room && asked_ ? 1 : 0, asked_ = false;
        if (const auto* dismissed = std::get_if<RoomDismissed>(&event))
            maybe_out_ = maybe_out_ || heard_ == dismissed->room;
        if (const auto* refused = std::get_if<RoomRefused>(&event))
            maybe_out_ = maybe_out_ || seat_ == refused->room;
        if (const auto* unknown = std::get_if<RoomUnknown>(&event))
            maybe_out_ = maybe_out_ || seat_ == unknown->room;
        for (const Effect& effect : effects)
            std::visit([&](const auto& e) { check(e); }, effect);
        if (std::holds_alternative<Closed>(event)) {
            require(!seat_ || maybe_out_, "a closed connection has left its room");
            ended_ = true;
        }
        require(reserved_ == created_ + released_, "every reservation is used or given back");
        heard_.reset();
        if (seat_ && session.hears(*seat_))
            heard_ = seat_;
        if (ended_) {
            require(!session.wake_at(), "the end needs no wake-up");
            require(!heard_ && !session.wants_room_list(), "the end hears nothing");
        }
        if (std::holds_alternative<WakeUp>(event))
            require(!session.wake_at() || *session.wake_at() > now, "a wake-up does its work");
    }

private:
    static void require(bool holds, const char* rule) {
        if (!holds)
            throw std::logic_error(rule);
    }
    void require_signed_in() const { require(signed_in_, "nothing before a valid token"); }

    void check(const Send& e) {
        require(!ended_, "nothing is said after the end");
        require(signed_in_ || !std::holds_alternative<to_client::AuthSuccess>(e.message),
                "no welcome without a token");
    }
    void check(const Close&) {
        require(!ended_, "it is closed once");
        ended_ = true;
    }
    void check(const SendRoomList&) { require_signed_in(); }
    void check(const AwaitRoomList&) { require_signed_in(); }
    void check(const SubscribeDirectory&) { require_signed_in(); }
    void check(const VerifyToken&) {
        require(!known_, "who is known shows no token");
        ++verdicts_owed_;
    }
    void check(const ReserveRoom& e) {
        require_signed_in();
        require(!asked_ && e.rooms_max > 0, "one reservation at a time");
        asked_ = true;
    }
    void check(const ReleaseRoom&) { ++released_; }
    void check(const FindSeat& e) { require(!e.user_id.empty(), "a seat belongs to a user"); }
    void check(const CreateRoom& e) {
        require(e.setup.host.client == client_, "it hosts what it creates");
        ++created_;
        enter(e.setup.id);
    }
    void check(const ToRoom& e) {
        require_signed_in();
        if (const auto* join = std::get_if<core::Join>(&e.event)) {
            require(join->who.client == client_, "it joins as itself");
            enter(e.room);
            return;
        }
        require(seat_ == e.room, "requests go to its own room");
        if (std::holds_alternative<core::Leave>(e.event) ||
            std::holds_alternative<core::Disconnect>(e.event))
            seat_.reset();
    }
    void check(const MakeInvite& e) { require(seat_ == e.room, "invites are to its own room"); }
    void check(const SendPing&) { require(!ended_, "the end is not pinged"); }
    void check(const HoldReads& e) {
        require(Duration::zero() < e.time && e.time <= rate_window, "no longer than a window");
    }
    void check(const LogClient&) { require_signed_in(); }

    void enter(const RoomId& room) {
        require(!seat_ || seat_ == room || maybe_out_, "it leaves before it enters");
        seat_ = room;
        maybe_out_ = false;
    }

    ClientId client_;
    bool known_;
    bool signed_in_;
    bool ended_ = false;
    bool asked_ = false;
    int verdicts_owed_ = 0;
    int reserved_ = 0;
    int created_ = 0;
    int released_ = 0;
    std::optional<RoomId> seat_;  // joined and not left
    std::optional<RoomId> heard_; // inside, before this event
    bool maybe_out_ = false;      // a refusal or dismissal came, which may have ended the seat
};

} // namespace owp::edge::test
