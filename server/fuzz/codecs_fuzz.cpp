// The server's codec against the client's, which runs beside this in a process of its own
// (codecs/peer.ts). The input is taken for whatever it may be: a frame of a client, or a message of
// the server as protocol/vectors write it. Then
//   - both read the same JSON, or refuse it;
//   - a message that the server takes can be said by the client, and comes out as the same;
//   - a message that the server means is understood by the client, in each dialect, as it was
//   meant.
#include "../tests/protocol/message_json.hpp"

#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace owp;
using test::same;
namespace bj = boost::json;

constexpr ServerTime now{Duration{1'767'225'600'123'456}};

[[noreturn]] void disagree(std::string_view about, const bj::value& server,
                           const bj::value& client) {
    std::fprintf(stderr, "%.*s\nserver: %s\nclient: %s\n", static_cast<int>(about.size()),
                 about.data(), bj::serialize(server).c_str(), bj::serialize(client).c_str());
    std::abort();
}

void require(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "codecs_fuzz: %s\n", what);
        std::abort();
    }
}

/// The process with the client's codec; it ends with its input.
class Peer {
public:
    Peer() {
        const char* const program = std::getenv("OWP_CODECS_PEER");
        require(program != nullptr, "OWP_CODECS_PEER names no bundle of codecs/peer.ts");
        int to[2];
        int from[2];
        require(pipe(to) == 0 && pipe(from) == 0, "no pipes");
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_adddup2(&files, to[0], 0);
        posix_spawn_file_actions_adddup2(&files, from[1], 1);
        for (const int end : {to[0], to[1], from[0], from[1]})
            posix_spawn_file_actions_addclose(&files, end);
        std::string node = "node";
        std::string bundle = program;
        char* const arguments[] = {node.data(), bundle.data(), nullptr};
        pid_t child = 0;
        require(posix_spawnp(&child, "node", &files, nullptr, arguments, environ) == 0, "no node");
        posix_spawn_file_actions_destroy(&files);
        close(to[0]);
        close(from[1]);
        to_ = to[1];
        from_ = from[0];
    }

    [[nodiscard]] std::string ask(char question, std::string_view text) const {
        std::string request = length_of(text.size());
        request += question;
        request += text;
        for (std::size_t done = 0; done < request.size();) {
            done += moved(write(to_, request.data() + done, request.size() - done));
        }
        const std::string head = read_whole(4);
        std::size_t length = 0;
        for (std::size_t i = 4; i-- > 0;)
            length = length << 8U | static_cast<std::uint8_t>(head[i]);
        return read_whole(length);
    }

private:
    /// None when libFuzzer's clock interrupted the call.
    static std::size_t moved(ssize_t count) {
        require(count > 0 || (count < 0 && errno == EINTR), "the client's codec has ended");
        return count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    static std::string length_of(std::size_t size) {
        std::string bytes;
        for (int i = 0; i < 4; ++i, size >>= 8U)
            bytes += static_cast<char>(size & 0xffU);
        return bytes;
    }
    [[nodiscard]] std::string read_whole(std::size_t length) const {
        std::string bytes(length, '\0');
        for (std::size_t have = 0; have < length;) {
            have += moved(read(from_, bytes.data() + have, length - have));
        }
        return bytes;
    }

    int to_ = -1;
    int from_ = -1;
};

const Peer& peer() {
    static const Peer only;
    return only;
}

/// None: refused.
std::optional<bj::value> same_json(std::string_view text) {
    std::optional<bj::value> mine = json::parse(text, {});
    const std::string answer = peer().ask('p', text);
    if (!mine && answer.starts_with('!'))
        disagree(text, "refused", bj::value(answer));
    if (mine && answer != "?") {
        const std::optional<bj::value> theirs =
            json::parse(answer.empty() ? answer : answer.substr(1), {});
        if (!theirs || !same(*mine, *theirs))
            disagree(text, *mine, bj::value(answer));
    }
    return mine;
}

/// As the vectors write it, but for the payload of a ping: the client's own hold its time alone.
bj::object picture_of(const ClientMessage& message) {
    bj::object picture = test::picture_of(message).as_object();
    if (const auto* ping = std::get_if<from_client::Ping>(&message)) {
        const bj::value payload = json::parse(ping->payload_json, {}).value();
        const bj::value* const ts = payload.as_object().if_contains("client_ts");
        picture.erase("payload_json");
        picture["payload"] =
            ts != nullptr && ts->is_number() ? bj::object{{"client_ts", *ts}} : bj::object{};
    }
    return picture;
}

void client_can_say(std::string_view text) {
    const ClientMessage message = decode(text);
    if (std::holds_alternative<from_client::Invalid>(message))
        return;
    const bj::object meant = picture_of(message);
    bj::object asked = meant;
    asked.emplace("ts", 1'767'225'600'000.5);
    const std::string frame = peer().ask('e', bj::serialize(asked));
    const bj::object heard = picture_of(decode(frame));
    if (!same(meant, heard))
        disagree(frame, meant, heard);
}

// ---- what the client should read of a message, under the client's names -------------------------

double ms(ServerTime time, Dialect dialect) {
    return dialect == Dialect::v2 ? to_milliseconds(time)
                                  : static_cast<double>(to_whole_milliseconds(time));
}
bj::value text_or_null(bool there, const std::string& text) {
    return there ? bj::value(text) : bj::value(nullptr);
}
template <class Id>
bj::value hex_or_null(const std::optional<Id>& id) {
    return id ? bj::value(to_hex_string(id->bytes)) : bj::value(nullptr);
}
template <class Id>
bj::value uuid(const Id& id) {
    return bj::value(to_uuid_string(id.bytes));
}
bj::value number_or_null(const std::optional<double>& number) {
    return number ? bj::value(*number) : bj::value(nullptr);
}
bj::value count(std::uint32_t value, bool v2) {
    return v2 ? value : std::min(value, v1_count_max);
}
bj::value wire_text(std::string_view text) {
    return bj::value(bj::string(text));
}

/// The answer to each message, but for its type and server_ts.
struct Reading {
    Dialect dialect;
    [[nodiscard]] bool v2() const { return dialect == Dialect::v2; }

    [[nodiscard]] bj::value timeline(const Timeline& line) const {
        if (!v2())
            return nullptr;
        return bj::object{{"mediaId", hex_or_null(line.media_id)},
                          {"positionSeconds", line.position_seconds},
                          {"rate", line.rate},
                          {"playing", line.playing},
                          {"atMs", ms(line.at, dialect)},
                          {"seq", line.seq}};
    }
    [[nodiscard]] bj::value participants(const std::vector<Participant>& all) const {
        if (!v2())
            return nullptr;
        bj::array out;
        for (const Participant& each : all)
            out.push_back(bj::object{{"clientId", uuid(each.id)},
                                     {"name", each.name},
                                     {"isHost", each.is_host},
                                     {"status", wire_text(wire_name(each.status))},
                                     {"offsetMs", number_or_null(each.offset_ms)},
                                     {"delayMs", number_or_null(each.delay_ms)}});
        return out;
    }
    [[nodiscard]] bj::value waiting(const std::optional<Waiting>& value) const {
        if (!v2() || !value)
            return nullptr;
        bj::array clients;
        for (const ClientId& each : value->clients)
            clients.push_back(uuid(each));
        return bj::object{{"clientIds", clients}, {"untilMs", ms(value->until, dialect)}};
    }
    [[nodiscard]] bj::array rooms(const std::vector<RoomSummary>& all) const {
        bj::array out;
        for (const RoomSummary& each : all)
            if (v2() || each.count <= v1_count_max)
                out.push_back(bj::object{{"id", uuid(each.id)},
                                         {"name", each.name},
                                         {"count", each.count},
                                         {"mediaId", hex_or_null(each.media_id)},
                                         {"hostName", v2() ? each.host_name : ""},
                                         {"playing", v2() && each.playing}});
        return out;
    }
    /// P-TIME-7
    [[nodiscard]] double position(const Timeline& line) const {
        if (!line.playing)
            return line.position_seconds;
        const ServerTime at = v2() ? now : std::chrono::floor<std::chrono::milliseconds>(now);
        return std::clamp(std::round(line.position_at(at) * 1e6) / 1e6, 0.0, position_seconds_max);
    }

    bj::object operator()(const to_client::Hello& m) const {
        return {{"type", "client_hello"}, {"clientId", uuid(m.client)}};
    }
    bj::object operator()(const to_client::AuthSuccess& m) const {
        return {{"type", "auth_success"},
                {"clientId", uuid(m.client)},
                {"userName", m.user_name},
                {"userId", text_or_null(v2(), m.user_id)},
                {"features", v2() ? bj::array{"owp.v2"} : bj::array{}},
                {"resumeToken", v2() ? hex_or_null(m.resume_token) : nullptr}};
    }
    bj::object operator()(const to_client::RoomList& m) const {
        return {{"type", "room_list"}, {"rooms", rooms(m.rooms)}};
    }
    bj::object operator()(const to_client::RoomListDelta& m) const {
        bj::array removed;
        for (const RoomId& each : m.removed)
            removed.push_back(uuid(each));
        return {{"type", "room_list_delta"}, {"upserted", rooms(m.upserted)}, {"removed", removed}};
    }
    bj::object operator()(const to_client::RoomState& m) const {
        return {{"type", "room_state"},
                {"room", uuid(m.room)},
                {"name", m.name},
                {"hostId", uuid(m.host)},
                {"participantCount", count(m.participant_count, v2())},
                {"mediaId", hex_or_null(m.timeline.media_id)},
                {"positionSeconds", position(m.timeline)},
                {"playState", m.timeline.playing ? "playing" : "paused"},
                {"timeline", timeline(m.timeline)},
                {"participants", participants(m.participants)},
                {"waiting", waiting(m.waiting)},
                {"private", v2() && m.is_private}};
    }
    bj::object operator()(const to_client::ParticipantsUpdate& m) const {
        return {{"type", "participants_update"},
                {"room", uuid(m.room)},
                {"participantCount", count(m.participant_count, v2())},
                {"participants", participants(m.participants)}};
    }
    bj::object operator()(const to_client::ClientLeft& m) const {
        return {{"type", "client_left"},
                {"room", uuid(m.room)},
                {"clientId", uuid(m.client)},
                {"participantCount", count(m.participant_count, v2())}};
    }
    bj::object operator()(const to_client::PlayerEvent& m) const {
        return {{"type", "player_event"},
                {"room", uuid(m.room)},
                {"clientId", v2() ? uuid(m.client) : nullptr},
                {"action", wire_text(wire_name(m.action))},
                {"positionSeconds", m.position_seconds},
                {"playState", wire_text(wire_name(m.play_state))},
                {"targetServerTs", ms(m.target, dialect)},
                {"timeline", timeline(m.timeline)}};
    }
    bj::object operator()(const to_client::StateUpdate& m) const {
        return {{"type", "state_update"},
                {"room", uuid(m.room)},
                {"clientId", v2() ? uuid(m.client) : nullptr},
                {"positionSeconds", m.position_seconds},
                {"playState", wire_text(wire_name(m.play_state))},
                {"timeline", timeline(m.timeline)}};
    }
    bj::object operator()(const to_client::PlayPending& m) const {
        return {{"type", "play_pending"}, {"room", uuid(m.room)}, {"waiting", waiting(m.waiting)}};
    }
    bj::object operator()(const to_client::Invite& m) const {
        return {{"type", "invite"},
                {"room", uuid(m.room)},
                {"ticket", to_hex_string(m.ticket.bytes)},
                {"expiresTs", ms(m.expires, dialect)}};
    }
    bj::object operator()(const to_client::RoomClosed& m) const {
        return {{"type", "room_closed"}, {"room", uuid(m.room)}, {"reason", m.reason}};
    }
    bj::object operator()(const to_client::Pong& m) const {
        const bj::value payload = json::parse(m.payload_json, {}).value();
        const bj::value* const ts = payload.as_object().if_contains("client_ts");
        return {{"type", "pong"},
                {"room", m.room ? uuid(*m.room) : nullptr},
                {"clientTs", ts != nullptr ? *ts : nullptr},
                {"serverReceiveTs", v2() ? bj::value(ms(m.received, dialect)) : nullptr},
                {"serverTransmitTs", v2() ? bj::value(ms(now, dialect)) : nullptr}};
    }
    bj::object operator()(const to_client::ChatMessage& m) const {
        return {{"type", "chat_message"},
                {"room", uuid(m.room)},
                {"clientId", uuid(m.client)},
                {"userName", m.user_name},
                {"text", m.text}};
    }
    bj::object operator()(const to_client::Error& m) const {
        return {{"type", "error"},
                {"code", wire_text(name_of(m.code))},
                {"message", wire_text(m.message.empty() ? sentence_of(m.code) : m.message)}};
    }
};

/// Does the server ever mean such a thing? Its machines keep to these bounds, the encoder does not.
struct Possible {
    static bool time(ServerTime value) {
        return value >= ServerTime{} && value < ServerTime{Duration{std::int64_t{1} << 53}};
    }
    static bool position(double seconds) { return seconds >= 0 && seconds <= position_seconds_max; }
    static bool line(const Timeline& value) {
        return position(value.position_seconds) && value.rate >= 0 && value.rate <= 16 &&
               time(value.at);
    }
    static bool waiting(const std::optional<Waiting>& value) {
        return !value || time(value->until);
    }

    bool operator()(const to_client::RoomState& m) const {
        return line(m.timeline) && waiting(m.waiting);
    }
    bool operator()(const to_client::PlayerEvent& m) const {
        return position(m.position_seconds) && m.ts >= 0 && m.ts < ts_max && time(m.target) &&
               line(m.timeline);
    }
    bool operator()(const to_client::StateUpdate& m) const {
        return position(m.position_seconds) && m.ts >= 0 && m.ts < ts_max && line(m.timeline);
    }
    bool operator()(const to_client::PlayPending& m) const { return waiting(m.waiting); }
    bool operator()(const to_client::Invite& m) const { return time(m.expires); }
    /// As our client asks for it.
    bool operator()(const to_client::Pong& m) const {
        const std::optional<bj::value> payload = json::parse(m.payload_json, {});
        if (!payload || !payload->is_object() || !m.payload_json.starts_with('{') ||
            !time(m.received))
            return false;
        const bj::object& fields = payload->get_object();
        const bj::value* const ts = fields.if_contains("client_ts");
        return (ts == nullptr || ts->is_number() || ts->is_null()) &&
               !fields.contains("server_receive_ts") && !fields.contains("server_transmit_ts");
    }
    template <class Other>
    bool operator()(const Other&) const {
        return true;
    }
};

std::optional<ServerMessage> meant_by(const bj::value& picture) try {
    ServerMessage message = test::server_message_of(picture);
    if (std::visit(Possible{}, message))
        return message;
    return std::nullopt;
} catch (const std::exception&) { // no picture of a message
    return std::nullopt;
}

void client_understands(const bj::value& picture) {
    const std::optional<ServerMessage> message = meant_by(picture);
    if (!message)
        return;
    for (const Dialect dialect : {Dialect::v1, Dialect::v2}) {
        const std::string frame = encode(*message, dialect, now);
        if (frame.empty() || frame.size() + list_reserve_bytes > message_bytes_max)
            continue;
        bj::object meant = std::visit(Reading{dialect}, *message);
        meant["serverTs"] = ms(now, dialect);
        // Not Boost's own parser: it is a digit off now and then.
        const bj::value read = json::parse(peer().ask('d', frame), {}).value();
        if (!same(meant, read))
            disagree(frame, meant, read);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (size > message_bytes_max)
        return 0;
    const std::optional<bj::value> value = same_json(text);
    if (!value || !value->is_object())
        return 0;
    client_can_say(text);
    client_understands(*value);
    return 0;
}
