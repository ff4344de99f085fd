// The client's end of the wire, written a second time and apart from the server's codec: what a
// member reads from a server frame, and whether the frame keeps to the closed list of its dialect,
// as the strictest v1 client checks it (an unknown field or a stray null drops the message).
#pragma once

#include "protocol/messages.hpp"

#include <memory>
#include <string>
#include <vector>

namespace owp::sim {

enum class FrameType : std::uint8_t {
    unknown,
    client_hello,
    auth_success,
    room_list,
    room_list_delta,
    room_state,
    participants_update,
    client_left,
    player_event,
    state_update,
    play_pending,
    invite,
    room_closed,
    pong,
    chat_message,
    error,
};
[[nodiscard]] std::string_view name_of(FrameType type);

struct Frame {
    struct Seat {
        ClientId id;
        bool is_host = false;
        std::string status;
    };

    std::string text;
    std::string problem; // why a client would have dropped it; empty: well formed
    FrameType type = FrameType::unknown;
    std::optional<RoomId> room;
    std::optional<ClientId> client;
    double server_ts = 0;

    std::optional<ResumeToken> resume_token;
    std::optional<InviteTicket> ticket;
    std::vector<RoomId> rooms; // listed or upserted
    std::vector<RoomId> removed;
    std::optional<ClientId> host;
    std::optional<double> participant_count;
    std::optional<std::vector<Seat>> participants;
    std::optional<Timeline> timeline;
    std::optional<double> position;
    bool playing = false; // play_state
    std::string action;
    std::optional<double> target;
    bool waiting = false; // waiting_for names somebody
    std::string words;    // text, message or reason
    std::string code;
    std::optional<double> ping_id; // of a pong
    std::optional<double> server_receive_ts;
    std::optional<double> server_transmit_ts;
};
using FramePtr = std::shared_ptr<const Frame>;

[[nodiscard]] FramePtr read_frame(std::string text, Dialect dialect);

/// A time on the wire (ms since the epoch with a fraction) as a value.
[[nodiscard]] ServerTime from_wire(double milliseconds);

} // namespace owp::sim
