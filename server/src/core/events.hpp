// What a room is told and what it answers: closed variants, one for each direction.
#pragma once

#include "core/audience.hpp"
#include "protocol/messages.hpp"

#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace owp::core {

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
    std::optional<ResumeToken> resume;    // take this held (or still connected) seat, if it exists
    std::optional<InviteTicket> ticket{}; // opens a private room
    bool reseat_only = false; // v1: only take the held seat of who.user_id; no seat: no effect but
                              // JoinRefused. Each Join has one answer: Admitted or JoinRefused
};
struct Leave { // the member asked
    ClientId client;
};
struct Disconnect { // the connection is gone; its id never comes back
    ClientId client;
};
struct Close { // v2 host
    ClientId client;
};
struct Ready {
    ClientId client;
    std::optional<MediaId> media_id;
};
struct SetMedia { // v2 host
    ClientId client;
    MediaId media_id;
    double start_position_seconds = 0;
};
struct CreateInvite { // v2 host
    ClientId client;
    InviteTicket ticket; // fresh, from whoever has randomness
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
struct AccessVerdict { // answer to AskAccess
    ClientId client;
    std::string user_id;
    MediaId media_id;
    bool allowed = false;
};
struct WakeUp {};

using Event = std::variant<Join, Leave, Disconnect, Close, Ready, SetMedia, CreateInvite, Command,
                           Report, Chat, Status, DelayMeasured, AccessVerdict, WakeUp>;

/// Does a room answer it to whoever is no member, with an error? A join has answers of its own.
[[nodiscard]] inline bool needs_a_member(const Event& event) {
    return std::visit(
        []<class Given>(const Given&) {
            return !(std::is_same_v<Given, Join> || std::is_same_v<Given, Leave> ||
                     std::is_same_v<Given, Disconnect> || std::is_same_v<Given, DelayMeasured> ||
                     std::is_same_v<Given, AccessVerdict> || std::is_same_v<Given, WakeUp>);
        },
        event);
}

// ---- effects ----------------------------------------------------------------------------------
/// One message to these members. v1 members get their dialect's rendering or nothing.
struct Send {
    Audience to;
    ServerMessage message;
    /// A newer message with this mark makes an older one, still unsent, worthless (state updates).
    bool superseding = false;
};
/// The edge of `client` may now let room messages through. Always before the first Send to it.
struct Admitted {
    ClientId client;
    std::string user_id; // whose seat is held no more
    bool listed = true;  // in the directory, which then tells of who comes and goes
};
/// May this user see this title? Each has one AccessVerdict, unless the connection is lost.
struct AskAccess {
    ClientId client;
    std::string user_id;
    MediaId media_id;
};
struct JoinRefused {
    ClientId client;
    ErrorCode code{};
};
/// This connection is no member any more (left, replaced by its own resumed successor, closed).
/// Not sent to a lost connection: its edge knows.
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

using Effect = std::variant<Send, AskAccess, Admitted, JoinRefused, Dismissed, SeatHeld,
                            SummaryChanged, Closed>;

} // namespace owp::core
