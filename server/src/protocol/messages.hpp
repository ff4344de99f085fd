// Every message as a plain struct, one closed variant per direction (P-MSG-*).
// The wire names and limits stand in protocol/PROTOCOL.md; codec.hpp does the text.
#pragma once

#include "protocol/codes.hpp"
#include "protocol/types.hpp"

#include <string>
#include <variant>
#include <vector>

namespace owp {

// ---- client to server -------------------------------------------------------------------------
namespace from_client {

struct Auth {
    std::optional<std::string> token;
    std::string user_name; // cleaned (P-TEXT-1); empty if none was sent
    std::string user_id;   // cleaned; empty if none was sent
    std::optional<int> protocol_version;
    bool wants_v2 = false; // `features` holds "owp.v2"
};
struct ListRooms {};
struct CreateRoom {
    double start_position_seconds = 0; // invalid on the wire: 0
    std::optional<MediaId> media_id;   // invalid on the wire: none
    std::string user_name;             // cleaned; empty if none
    bool is_private = false;           // v2
};
struct JoinRoom {
    RoomId room;
    std::string user_name;
    std::optional<ResumeToken> resume_token; // v2
    std::string invite_ticket;               // as it was sent, whatever it is; empty if none
};
struct LeaveRoom {};
struct Ready {
    RoomId room;
    std::optional<MediaId> media_id;
};
struct PlayerEvent {
    RoomId room;
    PlayerAction action{};
    double position_seconds = 0;
    std::optional<PlayState> play_state;
    double ts = 0; // the sender's clock, ms since the epoch; relayed as it is
};
struct StateUpdate {
    RoomId room;
    double position_seconds = 0;
    PlayState play_state{};
    double ts = 0;
};
struct Ping {
    std::optional<RoomId> room;
    std::string payload_json; // echoed unchanged; an object, `{}` if none was sent
};
struct ChatMessage {
    RoomId room;
    std::string text; // cleaned, 1 to 500 code points
};
struct ClientLog {
    std::string category;
    std::string message;
};
// v2 only; from a v1 connection these are unknown types.
struct SubscribeRooms {};
struct UnsubscribeRooms {};
struct CloseRoom {
    RoomId room;
};
struct StatusReport { // `participant_status`
    RoomId room;
    ParticipantStatus status{};
    std::optional<double> offset_ms; // the player's distance from the timeline, ahead is positive
    std::optional<double> delay_ms;  // one way, as the client measured it
};
struct SetMedia {
    RoomId room;
    MediaId media_id;
    double start_position_seconds = 0;
};
struct CreateInvite {
    RoomId room;
};
/// What could not be understood: a value, not an exception.
struct Invalid {
    ErrorCode code{};
    std::string message;
};

} // namespace from_client

using ClientMessage =
    std::variant<from_client::Invalid, from_client::Auth, from_client::ListRooms,
                 from_client::CreateRoom, from_client::JoinRoom, from_client::LeaveRoom,
                 from_client::Ready, from_client::PlayerEvent, from_client::StateUpdate,
                 from_client::Ping, from_client::ChatMessage, from_client::ClientLog,
                 from_client::SubscribeRooms, from_client::UnsubscribeRooms, from_client::CloseRoom,
                 from_client::StatusReport, from_client::SetMedia, from_client::CreateInvite>;

// ---- server to client -------------------------------------------------------------------------

/// A room as the lobby lists it.
struct RoomSummary {
    RoomId id;
    std::string name;
    std::string host_name; // v2
    std::uint32_t count = 0;
    std::optional<MediaId> media_id;
    bool playing = false; // v2
    bool operator==(const RoomSummary&) const = default;
};
/// A member as v2 lists it.
struct Participant {
    ClientId id;
    std::string name;
    bool is_host = false;
    ParticipantStatus status = ParticipantStatus::buffering;
    std::optional<double> offset_ms;
    std::optional<double> delay_ms;
    bool operator==(const Participant&) const = default;
};
/// Whom a pending play waits for, and how long at most (v2).
struct Waiting {
    std::vector<ClientId> clients;
    ServerTime until{};
    bool operator==(const Waiting&) const = default;
};

namespace to_client {

struct Hello {
    ClientId client;
};
struct AuthSuccess {
    ClientId client;
    std::string user_name;
    std::string user_id;                     // v2
    std::optional<ResumeToken> resume_token; // v2
};
struct RoomList {
    std::vector<RoomSummary> rooms; // the encoder keeps to P-LIMIT-8 (64 KiB, v1: no room above 20)
};
struct RoomListDelta { // v2
    std::vector<RoomSummary> upserted;
    std::vector<RoomId> removed;
};
struct RoomState {
    RoomId room;
    ClientId client; // the addressee
    std::string name;
    ClientId host;
    std::uint32_t participant_count = 0;
    Timeline timeline;                     // v1 gets media_id, and the position at server_ts
    std::vector<Participant> participants; // v2
    std::optional<Waiting> waiting;        // v2
    bool is_private = false;               // v2
};
struct ParticipantsUpdate {
    RoomId room;
    std::uint32_t participant_count = 0;
    std::vector<Participant> participants; // v2
};
struct ClientLeft {
    RoomId room;
    ClientId client;
    std::uint32_t participant_count = 0;
};
struct PlayerEvent {
    RoomId room;
    ClientId client; // who commanded
    PlayerAction action{};
    double position_seconds = 0; // true at server_ts (P-TIME-3)
    PlayState play_state{};
    double ts = 0; // the commander's own
    ServerTime target{};
    Timeline timeline; // v2
};
struct StateUpdate {
    RoomId room;
    ClientId client;
    double position_seconds = 0; // true at server_ts
    PlayState play_state{};
    double ts = 0;
    Timeline timeline; // v2
};
struct PlayPending { // v2: a play waits for these members; nobody left: it waits no more
    RoomId room;
    std::optional<Waiting> waiting;
};
struct Invite { // v2: the answer to create_invite
    RoomId room;
    InviteTicket ticket;
    ServerTime expires{};
};
struct RoomClosed {
    RoomId room;
    std::string reason; // a sentence for people, at most 500 code points
};
struct Pong {
    std::optional<RoomId> room;
    std::string payload_json;
    ServerTime received{}; // v2: server_receive_ts; server_transmit_ts is the encode time
};
struct ChatMessage {
    RoomId room;
    ClientId client;
    std::string user_name;
    std::string text;
};
struct Error {
    ErrorCode code{};
    std::string message; // empty: the code's own sentence
};

} // namespace to_client

using ServerMessage =
    std::variant<to_client::Hello, to_client::AuthSuccess, to_client::RoomList,
                 to_client::RoomListDelta, to_client::RoomState, to_client::ParticipantsUpdate,
                 to_client::ClientLeft, to_client::PlayerEvent, to_client::StateUpdate,
                 to_client::PlayPending, to_client::Invite, to_client::RoomClosed, to_client::Pong,
                 to_client::ChatMessage, to_client::Error>;

} // namespace owp
