// The room machine: effects = room.on(event, now). One room, no I/O, no clock, no randomness
// (ids and times are given to it), so that a whole party replays from a seed.
//
// Drain the effects, in their order, before the next event. After every event ask wake_at() and
// deliver WakeUp at that time (late is allowed, early does nothing).
//
// What it does is split over files of one reason each; this class only joins them:
//   participants        who sits here            ready_gate     what a play waits for
//   participants_batch  when to tell the list    timeline       how the vector bends
//   lead                when an action happens   report_filter  which reports count
//   next_title          who may see what the host goes on to
//   invites             which tickets open a private room
#pragma once

#include "core/events.hpp"
#include "core/invites.hpp"
#include "core/next_title.hpp"
#include "core/options.hpp"
#include "core/participants.hpp"
#include "core/participants_batch.hpp"
#include "core/ready_gate.hpp"
#include "core/report_filter.hpp"

namespace owp::core {

struct RoomSetup {
    RoomId id;
    Identity host;
    double start_position_seconds = 0;
    std::optional<MediaId> media_id;
    bool is_private = false; // in no list, and opened by an invite ticket alone
};

class Room {
public:
    /// Creates the room with its host as first, ready member; `effects` gets what follows from it
    /// (Admitted, room_state to the host, SummaryChanged; AskAccess alone if that must be known
    /// before, and then nobody else comes in until it is).
    Room(RoomOptions options, const RoomSetup& setup, ServerTime now, std::vector<Effect>& effects);

    /// Events from non-members are answered with an error to them and change nothing. What follows
    /// is appended to `effects`.
    void on(Event&& event, ServerTime now, std::vector<Effect>& effects);
    [[nodiscard]] std::vector<Effect> on(Event event, ServerTime now);

    /// When this room next needs a WakeUp; nullopt: not before another event.
    [[nodiscard]] std::optional<ServerTime> wake_at() const;

    [[nodiscard]] const RoomSummary& summary() const { return summary_; }
    [[nodiscard]] const Timeline& timeline() const { return timeline_; }
    [[nodiscard]] bool closed() const { return closed_; }

private:
    using Effects = std::vector<Effect>;

    // Membership: room.cpp
    void handle(const Join& event, ServerTime now, Effects& effects);
    void handle(const Leave& event, ServerTime now, Effects& effects);
    void handle(const Disconnect& event, ServerTime now, Effects& effects);
    void handle(const Close& event, ServerTime now, Effects& effects);
    void handle(const CreateInvite& event, ServerTime now, Effects& effects);
    void handle(const Ready& event, ServerTime now, Effects& effects);
    void handle(const Status& event, ServerTime now, Effects& effects);
    void handle(const DelayMeasured& event, ServerTime now, Effects& effects);
    void handle(Chat& event, ServerTime now, Effects& effects);
    void handle(const WakeUp& event, ServerTime now, Effects& effects);

    // Access to the title: room_access.cpp
    void handle(const AccessVerdict& event, ServerTime now, Effects& effects);
    void ask(const Identity& who, const MediaId& media_id, Effects& effects);
    /// While nobody is in, its host included.
    void before_open(const Event& event, Effects& effects);
    /// A join waits for the answer.
    void knock(const Join& join, Effects& effects);
    void refuse_knock(const ClientId& client, Effects& effects);
    bool forget_knock(const ClientId& client);
    /// Asks about the title that the room has now; without one lets them in.
    void ask_knocking(ServerTime now, Effects& effects);
    void propose_title(const SetMedia& event, Effects& effects);
    void hear_about_next_title(const AccessVerdict& event, ServerTime now, Effects& effects);
    /// Changes the title once all who are here have been asked.
    void settle_title(ServerTime now, Effects& effects);

    // Playback: room_playback.cpp
    void handle(const SetMedia& event, ServerTime now, Effects& effects);
    void handle(const Command& event, ServerTime now, Effects& effects);
    void handle(const Report& event, ServerTime now, Effects& effects);

    /// Everybody is to a public room.
    [[nodiscard]] bool invited(const Join& join, ServerTime now);
    void seat(const Join& join, ServerTime now, Effects& effects);
    void change_title(const SetMedia& event, ServerTime now, Effects& effects);
    /// A member's seat is given up for good.
    void remove(ClientId client, ServerTime now, Effects& effects);
    void close(const char* reason, const Audience& to, Effects& effects);
    void end(Effects& effects);
    void admit(Member& member, Effects& effects);
    void send_state(Member& member, Effects& effects);
    void drop_expired_seats(ServerTime now, Effects& effects);
    void send_participants(Effects& effects);
    /// The directory hears of what it lists, once for each change.
    void update_summary(Effects& effects);
    [[nodiscard]] RoomSummary make_summary() const;
    [[nodiscard]] bool summary_holds() const;
    /// Its host comes in, and the directory hears of it.
    void open(Effects& effects);
    /// Nothing, if the room is private.
    void tell_directory(Effects& effects) const;
    static void send_error(const ClientId& to, ErrorCode code, Effects& effects);
    /// The member, or an error to whoever is none.
    Member* member_or_error(const ClientId& client, Effects& effects);
    bool host_or_error(const ClientId& client, Effects& effects);

    void pause(const Command& command, ServerTime now, Effects& effects);
    void seek(const Command& command, ServerTime now, Effects& effects);
    void start_play(ServerTime now, Effects& effects);
    /// Plays, or tells whom the play waits for.
    void advance_gate(ServerTime now, Effects& effects);
    /// Forgets the pending play, and tells those who were told of it.
    void end_wait(Effects& effects);
    /// Takes the timeline of a command and tells all members.
    void relay(const to_client::PlayerEvent& message, ServerTime now, Effects& effects);
    void settle_v1_guests(Effects& effects);
    [[nodiscard]] bool reports_wait(ServerTime now) const;
    [[nodiscard]] Duration lead(PlayerAction action) const;

    RoomOptions options_;
    RoomId id_;
    std::string name_;
    std::string owner_user_id_;
    bool private_;
    Invites invites_;
    Participants participants_;
    ParticipantsBatch batch_;
    Timeline timeline_;
    ReadyGate gate_;
    ReportFilter filter_;
    std::optional<ServerTime> play_target_;    // of the last play, until a pause
    std::optional<ServerTime> command_target_; // of the last command
    std::optional<ServerTime> settle_at_;      // see settle_v1_guests()
    std::vector<Join> knocking_;               // wait for the answer whether they may see the title
    std::optional<NextTitle> next_title_;      // waits for the answers whether all may see it
    RoomSummary summary_;
    bool opening_ = false; // waits for the answer whether its host may see the title
    bool closed_ = false;
};

} // namespace owp::core
