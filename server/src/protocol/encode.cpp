// A value to the frame of one dialect. Each encoder stands under the JSON it writes; what is marked
// v2 is written for v2 alone, and v1 gets nothing that PROTOCOL.md does not list.
#include "protocol/codec.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/wire_names.hpp"

#include <algorithm>
#include <cmath>

namespace owp {
namespace {

using namespace to_client;

/// One frame being written. begin() writes the envelope up to the payload's value.
class Frame {
public:
    /// `text` is empty.
    Frame(std::string& text, Dialect dialect, ServerTime now)
        : text_(text), dialect_(dialect), now_(now) {}

    [[nodiscard]] bool v2() const { return dialect_ == Dialect::v2; }
    [[nodiscard]] ServerTime now() const { return now_; }
    /// The moment that server_ts says: v1's is a whole millisecond (P-TIME-1).
    [[nodiscard]] ServerTime server_ts() const {
        return v2() ? now_ : std::chrono::floor<std::chrono::milliseconds>(now_);
    }
    json::Writer& json() { return json_; }

    /// `relayed_ts`: the sender's own clock; 0: the server speaks for itself, ts is server_ts.
    void begin(std::string_view type, const RoomId* room, const ClientId* client,
               double relayed_ts = 0) {
        json_.begin_object();
        json_.key("type");
        json_.text(type);
        if (room != nullptr)
            uuid("room", *room);
        if (client != nullptr)
            uuid("client", *client);
        if (relayed_ts <= 0) {
            time("ts", now_);
        } else {
            json_.key("ts");
            v2() ? json_.number(relayed_ts) : json_.integer(static_cast<std::int64_t>(relayed_ts));
        }
        time("server_ts", now_);
        json_.key("payload");
    }
    void end() { json_.end_object(); }

    template <class Tag>
    void uuid(std::string_view name, const Id<Tag>& id) {
        json_.key(name);
        uuid(id);
    }
    template <class Tag>
    void uuid(const Id<Tag>& id) {
        json_.plain(to_uuid_digits(id.bytes));
    }
    void text(std::string_view name, std::string_view value) {
        json_.key(name);
        json_.text(value);
    }
    void number(std::string_view name, double value) {
        json_.key(name);
        json_.number(value);
    }
    void boolean(std::string_view name, bool value) {
        json_.key(name);
        json_.boolean(value);
    }
    void time(std::string_view name, ServerTime value) {
        json_.key(name);
        const std::int64_t microseconds =
            std::max<std::int64_t>(0, value.time_since_epoch().count());
        v2() ? json_.milliseconds(microseconds) : json_.integer(microseconds / 1000);
    }
    /// v1 clients drop a message with a greater count (P-LIMIT-9).
    void count(std::string_view name, std::uint32_t value) {
        json_.key(name);
        json_.integer(v2() ? value : std::min(value, v1_count_max));
    }
    void media_id(const std::optional<MediaId>& id) {
        json_.key("media_id");
        id ? json_.plain(to_hex_digits(id->bytes)) : json_.null();
    }
    /// An array that keeps the frame within 64 KiB: what does not fit is left out (P-LIMIT-8).
    template <class Values, class Write>
    void bounded_array(const Values& values, Write write) {
        json_.begin_array();
        for (const auto& value : values) {
            const std::size_t before = text_.size();
            write(value);
            if (text_.size() + list_reserve_bytes > message_bytes_max) {
                text_.resize(before);
                break;
            }
        }
        json_.end_array();
    }

private:
    std::string& text_;
    json::Writer json_{text_};
    Dialect dialect_;
    ServerTime now_;
};

/// {"media_id", "position", "rate", "playing", "at", "seq"}
void timeline(Frame& out, const Timeline& value) {
    out.json().key("timeline");
    out.json().begin_object();
    out.media_id(value.media_id);
    out.number("position", value.position_seconds);
    out.number("rate", value.rate);
    out.boolean("playing", value.playing);
    out.time("at", value.at);
    out.json().key("seq");
    out.json().integer(static_cast<std::int64_t>(value.seq));
    out.json().end_object();
}

/// [{"client_id", "name", "is_host", "status", "offset_ms"?, "delay_ms"?}]
void participants(Frame& out, const std::vector<Participant>& values) {
    out.json().key("participants");
    out.bounded_array(values, [&out](const Participant& each) {
        out.json().begin_object();
        out.uuid("client_id", each.id);
        out.text("name", each.name);
        out.boolean("is_host", each.is_host);
        out.text("status", wire_name(each.status));
        if (each.offset_ms)
            out.number("offset_ms", *each.offset_ms);
        if (each.delay_ms)
            out.number("delay_ms", *each.delay_ms);
        out.json().end_object();
    });
}

/// "waiting_for": [client_id], "until"
void waiting(Frame& out, const Waiting& value) {
    out.time("until", value.until);
    out.json().key("waiting_for");
    out.bounded_array(value.clients, [&out](const ClientId& each) { out.uuid(each); });
}

/// {"id", "name", "count", "media_id", v2: "host_name", "playing"}
void room_summary(Frame& out, const RoomSummary& room) {
    out.json().begin_object();
    out.uuid("id", room.id);
    out.text("name", room.name);
    out.count("count", room.count);
    out.media_id(room.media_id);
    if (out.v2()) {
        out.text("host_name", room.host_name);
        out.boolean("playing", room.playing);
    }
    out.json().end_object();
}

/// Where the picture is at server_ts, to the microsecond where it had to be computed (P-TIME-3).
double position_at_server_ts(const Timeline& line, const Frame& out) {
    if (!line.playing)
        return line.position_seconds;
    const double position = std::round(line.position_at(out.server_ts()) * 1e6) / 1e6;
    return std::clamp(position, 0.0, position_seconds_max);
}

/// client; {"client_id"}
void write(Frame& out, const Hello& m) {
    out.begin("client_hello", nullptr, &m.client);
    out.json().begin_object();
    out.uuid("client_id", m.client);
    out.json().end_object();
}

/// client; {"user_name", v2: "user_id", "features", "resume_token"?}
void write(Frame& out, const AuthSuccess& m) {
    out.begin("auth_success", nullptr, &m.client);
    out.json().begin_object();
    out.text("user_name", m.user_name);
    if (out.v2()) {
        out.text("user_id", m.user_id);
        out.json().key("features");
        out.json().raw(R"(["owp.v2"])");
        if (m.resume_token)
            out.text("resume_token", to_hex_string(m.resume_token->bytes));
    }
    out.json().end_object();
}

/// [room]; v1: no room above 20 members, since its clients would drop the whole list
void write(Frame& out, const RoomList& m) {
    out.begin("room_list", nullptr, nullptr);
    out.bounded_array(m.rooms, [&out](const RoomSummary& room) {
        if (out.v2() || room.count <= v1_count_max)
            room_summary(out, room);
    });
}

/// v2: {"removed": [id], "upserted": [room]}
void write(Frame& out, const RoomListDelta& m) {
    out.begin("room_list_delta", nullptr, nullptr);
    out.json().begin_object();
    out.json().key("removed");
    out.bounded_array(m.removed, [&out](const RoomId& room) { out.uuid(room); });
    out.json().key("upserted");
    out.bounded_array(m.upserted, [&out](const RoomSummary& room) { room_summary(out, room); });
    out.json().end_object();
}

/// room, client; {"name", "host_id", "participant_count", "media_id", "state": {"position",
/// "play_state"}, v2: "timeline", "until"?, "waiting_for"?, "participants"}
void write(Frame& out, const RoomState& m) {
    out.begin("room_state", &m.room, &m.client);
    out.json().begin_object();
    out.text("name", m.name);
    out.uuid("host_id", m.host);
    out.count("participant_count", m.participant_count);
    out.media_id(m.timeline.media_id);
    out.json().key("state");
    out.json().begin_object();
    out.number("position", position_at_server_ts(m.timeline, out));
    out.text("play_state", wire_name(m.timeline.playing ? PlayState::playing : PlayState::paused));
    out.json().end_object();
    if (out.v2()) {
        timeline(out, m.timeline);
        if (m.waiting)
            waiting(out, *m.waiting);
        if (m.is_private)
            out.boolean("private", true);
        participants(out, m.participants);
    }
    out.json().end_object();
}

/// room; {"participant_count", v2: "participants"}
void write(Frame& out, const ParticipantsUpdate& m) {
    out.begin("participants_update", &m.room, nullptr);
    out.json().begin_object();
    out.count("participant_count", m.participant_count);
    if (out.v2())
        participants(out, m.participants);
    out.json().end_object();
}

/// room, client (who left); {"participant_count"}
void write(Frame& out, const ClientLeft& m) {
    out.begin("client_left", &m.room, &m.client);
    out.json().begin_object();
    out.count("participant_count", m.participant_count);
    out.json().end_object();
}

/// room, v2: client; {"action", "position", "play_state", "target_server_ts", v2: "timeline"}
void write(Frame& out, const PlayerEvent& m) {
    out.begin("player_event", &m.room, out.v2() ? &m.client : nullptr, m.ts);
    out.json().begin_object();
    out.text("action", wire_name(m.action));
    out.number("position", m.position_seconds);
    out.text("play_state", wire_name(m.play_state));
    out.time("target_server_ts", m.target);
    if (out.v2())
        timeline(out, m.timeline);
    out.json().end_object();
}

/// room, v2: client; {"position", "play_state", v2: "timeline"}
void write(Frame& out, const StateUpdate& m) {
    out.begin("state_update", &m.room, out.v2() ? &m.client : nullptr, m.ts);
    out.json().begin_object();
    out.number("position", m.position_seconds);
    out.text("play_state", wire_name(m.play_state));
    if (out.v2())
        timeline(out, m.timeline);
    out.json().end_object();
}

/// v2: room; {"waiting_for", "until"?}
void write(Frame& out, const PlayPending& m) {
    out.begin("play_pending", &m.room, nullptr);
    out.json().begin_object();
    if (m.waiting) {
        waiting(out, *m.waiting);
    } else {
        out.json().key("waiting_for");
        out.json().raw("[]");
    }
    out.json().end_object();
}

/// v2: room; {"ticket", "expires_ts"}
void write(Frame& out, const Invite& m) {
    out.begin("invite", &m.room, nullptr);
    out.json().begin_object();
    out.text("ticket", to_hex_string(m.ticket.bytes));
    out.time("expires_ts", m.expires);
    out.json().end_object();
}

/// room; {"reason"}
void write(Frame& out, const RoomClosed& m) {
    out.begin("room_closed", &m.room, nullptr);
    out.json().begin_object();
    out.text("reason", m.reason);
    out.json().end_object();
}

/// room as in the ping; the ping's payload, v2: and "server_receive_ts", "server_transmit_ts"
void write(Frame& out, const Pong& m) {
    out.begin("pong", m.room ? &*m.room : nullptr, nullptr);
    const std::string_view echo =
        m.payload_json.empty() ? std::string_view("{}") : std::string_view(m.payload_json);
    if (!out.v2()) {
        out.json().raw(echo);
        return;
    }
    // Our two fields go behind the client's: of a repeated key the last one counts.
    out.json().raw(echo.substr(0, echo.find_last_not_of(" \t\r\n", echo.size() - 2) + 1));
    out.time("server_receive_ts", m.received);
    out.time("server_transmit_ts", out.now());
    out.json().end_object();
}

/// room, client; {"username", "text"}
void write(Frame& out, const ChatMessage& m) {
    out.begin("chat_message", &m.room, &m.client);
    out.json().begin_object();
    out.text("username", m.user_name);
    out.text("text", m.text);
    out.json().end_object();
}

/// {"message", "code"}
void write(Frame& out, const Error& m) {
    out.begin("error", nullptr, nullptr);
    out.json().begin_object();
    out.text("message", m.message.empty() ? sentence_of(m.code) : std::string_view(m.message));
    out.text("code", name_of(m.code));
    out.json().end_object();
}

bool is_v2_only(const ServerMessage& message) {
    return std::holds_alternative<RoomListDelta>(message) ||
           std::holds_alternative<PlayPending>(message) || std::holds_alternative<Invite>(message);
}

} // namespace

void encode(const ServerMessage& message, Dialect dialect, ServerTime now, std::string& text) {
    text.clear();
    if (dialect == Dialect::v1 && is_v2_only(message))
        return;
    Frame frame(text, dialect, now);
    std::visit([&frame](const auto& m) { write(frame, m); }, message);
    frame.end();
}

std::string encode(const ServerMessage& message, Dialect dialect, ServerTime now) {
    std::string text;
    text.reserve(512);
    encode(message, dialect, now, text);
    return text;
}

} // namespace owp
