// The session machine: effects = session.on(event, now). One connection's rules: hello, auth state,
// dialect, limits, which room it is in, what may pass to it. No I/O, no clock, no randomness.
#pragma once

#include "core/room.hpp"
#include "edge/delay_estimate.hpp"
#include "edge/rate_limit.hpp"
#include "edge/room_link.hpp"
#include "protocol/messages.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace owp::edge {

struct SessionOptions {
    bool auth_required = false; // a secret or key is configured
    Duration auth_wait_max = std::chrono::seconds{10};
    std::uint32_t messages_per_second = 30;
    std::uint32_t rooms_per_user = 3;
    Duration ping_interval = std::chrono::seconds{20};
    Duration dead_after = std::chrono::seconds{60}; // no sign of life for that long
};

/// Whom the connection is known to be before it says anything; nothing that it says changes that.
struct KnownUser {
    std::string id;
    std::string name; // cleaned by the session
};

// ---- events -----------------------------------------------------------------------------------
struct Opened {};
struct FrameReceived {
    std::string_view text; // at most message_bytes_max; `now` is when its bytes arrived
};
struct BinaryReceived {};
struct TokenVerdict { // answer to VerifyToken
    bool valid = false;
    ErrorCode code = ErrorCode::invalid_token; // if not valid
    std::string user_id;
    std::string user_name;
    ServerTime expires{};

    [[nodiscard]] static TokenVerdict refused(ErrorCode why = ErrorCode::invalid_token) {
        TokenVerdict verdict;
        verdict.code = why;
        return verdict;
    }
};
/// Whoever vouched for the token that was accepted does so no more.
struct SignedOut {};
struct PongReceived { // WebSocket pong to our ping
    Duration round_trip{};
};
/// Answer to ReserveRoom: the id to create, or none: limit reached. A session that does not want
/// the room any more answers ReleaseRoom, after Closed too. Whoever has destroyed the session
/// before the answer came gives the count back itself (the user id is in its ReserveRoom).
struct RoomReserved {
    std::optional<RoomId> room;
};
struct RoomUnknown { // answer to ToRoom{Join}: no such room
    RoomId room;
};
struct RoomMissed { // answer to any other ToRoom that needs a member: no such room
    RoomId room;
};
struct RoomAdmitted { // core::Admitted
    RoomId room;
    bool listed = true;
};
struct RoomRefused { // core::JoinRefused
    RoomId room;
    ErrorCode code{};
};
struct RoomDismissed { // core::Dismissed
    RoomId room;
    bool replaced = false;
};
struct SeatFound { // answer to FindSeat, only if there is one
    RoomId room;
};
/// The directory changed (coalesced and spread by the caller). For every session with
/// wants_room_list(), which answers SendRoomList, and for whoever waits for its first list.
/// Whoever has just created a room wants one list although it is in a room.
struct DirectoryChanged {};
struct WakeUp {};
struct ServerStopping {};
struct Closed {}; // the connection is gone, for whatever reason

using Event =
    std::variant<Opened, FrameReceived, BinaryReceived, TokenVerdict, SignedOut, PongReceived,
                 RoomReserved, RoomUnknown, RoomMissed, RoomAdmitted, RoomRefused, RoomDismissed,
                 SeatFound, DirectoryChanged, WakeUp, ServerStopping, Closed>;

// ---- effects ----------------------------------------------------------------------------------
struct Send {
    ServerMessage message;
};
struct SendRoomList {}; // the snapshot of the directory, encoded once by the caller for everybody
/// The first list of a connection. Nobody asked for it, so the caller may let it wait its turn;
/// then it says DirectoryChanged.
struct AwaitRoomList {};
/// v2 subscription: the caller sends a snapshot now and deltas from then on.
struct SubscribeDirectory {
    bool on = true;
};
struct VerifyToken {
    std::string token;
};
struct ReserveRoom { // counts against user_id (empty: against the connection)
    std::string user_id;
    std::uint32_t rooms_max = 0;
};
struct ReleaseRoom { // a reservation that came too late to be used: give its count back
    std::string user_id;
};
struct FindSeat { // v1 only: is a seat held for this user somewhere?
    std::string user_id;
};
struct CreateRoom { // in the reserved room id
    core::RoomSetup setup;
};
struct ToRoom {
    RoomId room;
    core::Event event;
};
struct MakeInvite { // the caller sends the room a core::CreateInvite with a fresh ticket
    RoomId room;
};
struct SendPing {}; // WebSocket ping
struct Close {
    CloseCode code{};
    std::string reason;
};
/// It says far too much: the connection is not read from for so long.
struct HoldReads {
    Duration time;
};
struct LogClient { // client_log, cleaned
    std::string category;
    std::string message;
};

using Effect = std::variant<Send, SendRoomList, AwaitRoomList, SubscribeDirectory, VerifyToken,
                            ReserveRoom, ReleaseRoom, FindSeat, CreateRoom, ToRoom, MakeInvite,
                            SendPing, Close, HoldReads, LogClient>;

class Session {
public:
    /// With `known` it is signed in from the start, for good, and its tokens are not looked at.
    Session(SessionOptions options, ClientId client, ResumeToken resume_token, ServerTime now,
            const std::optional<KnownUser>& known = std::nullopt);

    /// What follows is appended to `effects`.
    void on(const Event& event, ServerTime now, std::vector<Effect>& effects);
    [[nodiscard]] std::vector<Effect> on(const Event& event, ServerTime now);
    [[nodiscard]] std::optional<ServerTime> wake_at() const;

    /// The room whose frames may go to this connection: none from the moment its leave_room was
    /// handled (wire-v1 rule 4). The caller looks before every delivery; only events change it.
    [[nodiscard]] std::optional<RoomId> heard_room() const;
    [[nodiscard]] bool hears(const RoomId& room) const { return heard_room() == room; }
    /// Does an unasked room_list go to it (P-DIR-1)?
    [[nodiscard]] bool wants_room_list() const;
    [[nodiscard]] bool wants_directory_deltas() const { return subscribed_ && !closing_; }
    [[nodiscard]] Dialect dialect() const { return dialect_; }
    /// Whom it speaks for; empty: nobody is known.
    [[nodiscard]] const std::string& user_id() const { return user_id_; }

private:
    using Effects = std::vector<Effect>;

    // What happens around the connection: session.cpp
    void handle(const Opened& event, ServerTime now, Effects& effects);
    void handle(const FrameReceived& event, ServerTime now, Effects& effects);
    void handle(const BinaryReceived& event, ServerTime now, Effects& effects);
    void handle(const PongReceived& event, ServerTime now, Effects& effects);
    void handle(const DirectoryChanged& event, ServerTime now, Effects& effects);
    void handle(const WakeUp& event, ServerTime now, Effects& effects);
    void handle(const ServerStopping& event, ServerTime now, Effects& effects);
    void handle(const Closed& event, ServerTime now, Effects& effects);
    void close(CloseCode code, const char* reason, Effects& effects);

    // Who it is: session_auth.cpp
    void handle(const TokenVerdict& event, ServerTime now, Effects& effects);
    void handle(const SignedOut& event, ServerTime now, Effects& effects);
    void take(from_client::Auth& message, ServerTime now, Effects& effects);
    /// The auth message was accepted.
    void welcome(const from_client::Auth& message, Effects& effects);
    /// A name that came with a message; a proven one stays.
    void take_name(const std::string& name);
    [[nodiscard]] core::Identity identity() const;
    [[nodiscard]] const std::string& display_name() const;

    // Its room: session_rooms.cpp
    void handle(const RoomReserved& event, ServerTime now, Effects& effects);
    void handle(const RoomUnknown& event, ServerTime now, Effects& effects);
    void handle(const RoomMissed& event, ServerTime now, Effects& effects);
    void handle(const RoomAdmitted& event, ServerTime now, Effects& effects);
    void handle(const RoomRefused& event, ServerTime now, Effects& effects);
    void handle(const RoomDismissed& event, ServerTime now, Effects& effects);
    void handle(const SeatFound& event, ServerTime now, Effects& effects);
    void take(from_client::CreateRoom& message, ServerTime now, Effects& effects);
    void take(from_client::JoinRoom& message, ServerTime now, Effects& effects);
    void take(from_client::LeaveRoom& message, ServerTime now, Effects& effects);
    void take(from_client::CloseRoom& message, ServerTime now, Effects& effects);
    void take(from_client::Ready& message, ServerTime now, Effects& effects);
    void take(from_client::PlayerEvent& message, ServerTime now, Effects& effects);
    void take(from_client::StateUpdate& message, ServerTime now, Effects& effects);
    void take(from_client::ChatMessage& message, ServerTime now, Effects& effects);
    void take(from_client::StatusReport& message, ServerTime now, Effects& effects);
    void take(from_client::SetMedia& message, ServerTime now, Effects& effects);
    void take(from_client::CreateInvite& message, ServerTime now, Effects& effects);
    /// May it enter a room? If not, it is told why.
    bool may_enter(Effects& effects);
    void leave_room(Effects& effects);
    void join(core::Join join, RoomId room, Effects& effects);
    /// Unless the join was given up meanwhile.
    void not_admitted(RoomId room, ErrorCode code, Effects& effects);
    void tell_delay(Effects& effects);
    /// To the owner of its room; any other room is an error to the client.
    void to_room(RoomId room, core::Event event, Effects& effects);

    // The rest of what a client says: session.cpp
    void take(from_client::Invalid& message, ServerTime now, Effects& effects);
    void take(from_client::ListRooms& message, ServerTime now, Effects& effects);
    void take(from_client::Ping& message, ServerTime now, Effects& effects);
    void take(from_client::ClientLog& message, ServerTime now, Effects& effects);
    void take(from_client::SubscribeRooms& message, ServerTime now, Effects& effects);
    void take(from_client::UnsubscribeRooms& message, ServerTime now, Effects& effects);

    SessionOptions options_;
    ClientId client_;
    ResumeToken resume_token_;
    Dialect dialect_ = Dialect::v1;
    bool open_ = false;
    bool closing_ = false; // Close was said, or the connection is gone: nothing more is said

    // Life
    ServerTime opened_at_{};
    ServerTime last_life_{};
    ServerTime next_ping_{};
    RateLimit rate_;
    DelayEstimate delay_;

    // Identity
    const bool known_; // no token decides who it is
    bool authenticated_;
    bool token_fresh_ = true;
    bool name_is_proven_ = false; // by a token, or known: no message changes it
    bool seat_sought_ = false;
    std::string name_;
    std::string user_id_;
    std::optional<ServerTime> token_expires_;
    std::optional<from_client::Auth> verifying_; // the latest auth that waits for its verdict
    std::uint32_t verdicts_owed_ = 0;

    // Rooms
    RoomLink link_;
    bool reseating_ = false;                          // its join only looks for a held seat
    std::optional<RoomId> seat_gone_;                 // the room where it found none
    bool invited_ = false;                            // its join brought a ticket
    bool listed_ = true;                              // its room is in the directory
    std::optional<RoomId> own_room_;                  // the last it created
    std::optional<from_client::CreateRoom> creating_; // waits for its reservation
    std::optional<std::string> reservation_;          // the user whose reservation is under way
    bool list_owed_ = false;                          // one room_list, although in a room
    bool subscribed_ = false;                         // v2: room_list_delta
};

} // namespace owp::edge
