// The room machine: effects = room.on(event, now). One room, no I/O, no clock, no randomness
// (ids and times are given to it), so that a whole party replays from a seed.
//
// Drain the effects, in their order, before the next event. After every event ask wake_at() and
// deliver WakeUp at that time (late is allowed, early does nothing).
#pragma once

#include "protocol/messages.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace owp::core {

enum class Lead : std::uint8_t { adaptive, fixed };

struct RoomOptions {
    std::uint32_t members_max = 20;
    Duration ready_wait_max = std::chrono::seconds{2};
    Lead lead = Lead::adaptive;
    Duration play_lead_max = std::chrono::milliseconds{1500};
    Duration command_lead_max = std::chrono::milliseconds{300}; // pause and seek
    Duration seat_hold = std::chrono::seconds{60};              // a lost guest's seat
    Duration participants_batch = std::chrono::milliseconds{100};
};

/// Who a connection is, as its edge established it.
struct Identity {
    ClientId client;
    std::string name;
    std::string user_id;                     // empty: none is known
    std::optional<ResumeToken> resume_token; // v2: what takes this seat again later
    /// Obeys its own commands when they come back (v2). A v1 host has acted already.
    bool follows_timeline = false;
};

// ---- events -----------------------------------------------------------------------------------
struct Join {
    Identity who;
    std::optional<ResumeToken> resume; // take this held (or still connected) seat, if it exists
    bool reseat_only = false; // v1: only take the held seat of who.user_id; no seat: no effect but
                              // JoinRefused
};
struct Leave { // the member asked
    ClientId client;
};
struct Disconnect { // the connection is gone
    ClientId client;
};
struct Close { // v2 host
    ClientId client;
};
struct Ready {
    ClientId client;
    std::optional<MediaId> media_id;
};
struct Command {
    ClientId client;
    PlayerAction action{};
    double position_seconds = 0;
    std::optional<PlayState> play_state;
    double ts = 0;
};
struct Report { // state_update
    ClientId client;
    double position_seconds = 0;
    PlayState play_state{};
    double ts = 0;
};
struct Chat {
    ClientId client;
    std::string text;
};
struct Status {
    ClientId client;
    ParticipantStatus status{};
    std::optional<double> offset_ms;
    std::optional<double> delay_ms;
};
/// The network to a member as its edge measured it (WebSocket ping to pong).
struct DelayMeasured {
    ClientId client;
    Duration round_trip{};
    Duration jitter{};
};
struct WakeUp {};

using Event = std::variant<Join, Leave, Disconnect, Close, Ready, Command, Report, Chat, Status,
                           DelayMeasured, WakeUp>;

// ---- effects ----------------------------------------------------------------------------------
/// One message to these members. v1 members get their dialect's rendering or nothing.
struct Send {
    std::vector<ClientId> to;
    ServerMessage message;
    /// A newer message with this mark makes an older one, still unsent, worthless (state updates).
    bool superseding = false;
};
/// The edge of `client` may now let room messages through. Always before the first Send to it.
struct Admitted {
    ClientId client;
};
struct JoinRefused {
    ClientId client;
    ErrorCode code{};
};
/// This connection is no member any more (left, replaced by its own resumed successor, closed).
struct Dismissed {
    ClientId client;
    bool replaced = false; // its successor took the seat: the old connection is to be closed
};
struct SeatHeld { // a lost guest may come back until then
    std::string user_id;
    ServerTime until{};
};
struct SummaryChanged { // for the room directory
    RoomSummary summary;
};
struct Closed { // last effect of a room's life
    RoomId room;
    std::string owner_user_id; // whose count of rooms goes down
};

using Effect =
    std::variant<Send, Admitted, JoinRefused, Dismissed, SeatHeld, SummaryChanged, Closed>;

struct RoomSetup {
    RoomId id;
    Identity host;
    double start_position_seconds = 0;
    std::optional<MediaId> media_id;
};

class Room {
public:
    /// Creates the room with its host as first, ready member; `effects` gets what follows from it
    /// (Admitted, room_state to the host, SummaryChanged).
    Room(RoomOptions options, RoomSetup setup, ServerTime now, std::vector<Effect>& effects);

    /// Events from non-members are answered with an error to them and change nothing.
    [[nodiscard]] std::vector<Effect> on(const Event& event, ServerTime now);

    /// When this room next needs a WakeUp; nullopt: not before another event.
    [[nodiscard]] std::optional<ServerTime> wake_at() const;

    [[nodiscard]] const RoomSummary& summary() const;
    [[nodiscard]] const Timeline& timeline() const;
    [[nodiscard]] bool closed() const;
};

} // namespace owp::core
