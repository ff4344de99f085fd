#include "frame.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace owp::sim {
namespace {

namespace json = boost::json;
using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 16> type_names{"",
                                                      "client_hello",
                                                      "auth_success",
                                                      "room_list",
                                                      "room_list_delta",
                                                      "room_state",
                                                      "participants_update",
                                                      "client_left",
                                                      "player_event",
                                                      "state_update",
                                                      "play_pending",
                                                      "invite",
                                                      "room_closed",
                                                      "pong",
                                                      "chat_message",
                                                      "error"};

/// The closed list of one message: what each dialect finds in the payload.
struct Shape {
    bool v1; // exists in v1 at all
    bool room;
    bool client;
    std::vector<std::string_view> required;
    std::vector<std::string_view> required_v2;
    std::vector<std::string_view> optional_v2;
};

const Shape& shape_of(FrameType type) {
    static const std::array<Shape, 16> shapes{{
        {false, false, false, {}, {}, {}},
        {true, false, true, {"client_id"}, {}, {}},
        {true, false, true, {"user_name"}, {"user_id", "features", "resume_token"}, {}},
        {true, false, false, {"id", "name", "count", "media_id"}, {"host_name", "playing"}, {}},
        {false, false, false, {}, {"upserted", "removed"}, {}},
        {true,
         true,
         true,
         {"name", "host_id", "participant_count", "media_id", "state"},
         {"timeline", "participants"},
         {"private", "waiting_for", "until"}},
        {true, true, false, {"participant_count"}, {"participants"}, {}},
        {true, true, true, {"participant_count"}, {}, {}},
        {true,
         true,
         false,
         {"action", "position", "play_state", "target_server_ts"},
         {"timeline"},
         {}},
        {true, true, false, {"position", "play_state"}, {"timeline"}, {}},
        {false, true, false, {}, {"waiting_for"}, {"until"}},
        {false, true, false, {}, {"ticket", "expires_ts"}, {}},
        {true, true, false, {"reason"}, {}, {}},
        {true, false, false, {}, {}, {}},
        {true, true, true, {"username", "text"}, {}, {}},
        {true, false, false, {"message", "code"}, {}, {}},
    }};
    return shapes[static_cast<std::size_t>(type)];
}

bool holds(Names names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string check_object(const json::object& object, Names required, Names also_required,
                         Names optional, std::string_view where) {
    for (const auto& [key, value] : object) {
        const std::string_view name{key};
        if (!holds(required, name) && !holds(also_required, name) && !holds(optional, name))
            return "unknown field " + std::string{name} + " in " + std::string{where};
        if (value.is_null() && name != "media_id")
            return "null in " + std::string{name} + " of " + std::string{where};
    }
    for (const auto& names : {required, also_required})
        for (const auto name : names)
            if (!object.contains(name))
                return "no field " + std::string{name} + " in " + std::string{where};
    return {};
}

/// Reads fields and notes the first that is not what it should be.
class Reader {
public:
    explicit Reader(std::string& problem) : problem_{problem} {}

    const json::value* find(const json::object& object, std::string_view name) {
        const auto* value = object.if_contains(name);
        if (!value)
            note("no", name);
        return value;
    }
    double number(const json::object& object, std::string_view name) {
        const auto* value = find(object, name);
        if (!value || !value->is_number())
            return note("no number in", name), 0.0;
        const auto result = value->to_number<double>();
        if (!std::isfinite(result))
            note("not finite:", name);
        return result;
    }
    std::string text(const json::object& object, std::string_view name) {
        const auto* value = find(object, name);
        if (!value || !value->is_string())
            return note("no string in", name), std::string{};
        return std::string{value->get_string()};
    }
    bool flag(const json::object& object, std::string_view name) {
        const auto* value = find(object, name);
        if (!value || !value->is_bool())
            return note("no boolean in", name), false;
        return value->get_bool();
    }
    template <class Tag>
    Id<Tag> uuid(std::string_view value, std::string_view name) {
        const auto bytes = parse_uuid(value);
        if (!bytes)
            return note("no UUID in", name), Id<Tag>{};
        return Id<Tag>{*bytes};
    }
    template <class Tag>
    Id<Tag> uuid(const json::object& object, std::string_view name) {
        return uuid<Tag>(text(object, name), name);
    }
    const json::array& list(const json::object& object, std::string_view name) {
        static const json::array none;
        const auto* value = find(object, name);
        if (!value || !value->is_array())
            return note("no list in", name), none;
        return value->get_array();
    }
    const json::object& object(const json::object& parent, std::string_view name) {
        static const json::object none;
        const auto* value = find(parent, name);
        if (!value || !value->is_object())
            return note("no object in", name), none;
        return value->get_object();
    }
    std::optional<MediaId> media(const json::object& object) {
        const auto* value = find(object, "media_id");
        if (!value || value->is_null())
            return std::nullopt;
        if (const auto bytes = parse_hex(text(object, "media_id")))
            return MediaId{*bytes};
        return note("no hex digits in", "media_id"), std::nullopt;
    }
    bool playing(const json::object& object) {
        const auto state = text(object, "play_state");
        if (state != "playing" && state != "paused")
            note("unknown value of", "play_state");
        return state == "playing";
    }
    double position(const json::object& object) {
        const auto result = number(object, "position");
        if (result < 0 || result > 86'400)
            note("out of range:", "position");
        return result;
    }
    void note(std::string_view what, std::string_view name) {
        if (problem_.empty())
            problem_ = std::string{what} + " " + std::string{name};
    }
    void keep(std::string found) {
        if (problem_.empty())
            problem_ = std::move(found);
    }

private:
    std::string& problem_;
};

Timeline read_timeline(Reader& reader, const json::object& object) {
    static constexpr std::array<std::string_view, 6> fields{"media_id", "position", "rate",
                                                            "playing",  "at",       "seq"};
    reader.keep(check_object(object, fields, {}, {}, "timeline"));
    return {.media_id = reader.media(object),
            .position_seconds = reader.number(object, "position"),
            .rate = reader.number(object, "rate"),
            .playing = reader.flag(object, "playing"),
            .at = from_wire(reader.number(object, "at")),
            .seq = static_cast<std::uint64_t>(reader.number(object, "seq"))};
}

std::vector<Frame::Seat> read_participants(Reader& reader, const json::array& list) {
    static constexpr std::array<std::string_view, 4> required{"client_id", "name", "is_host",
                                                              "status"};
    static constexpr std::array<std::string_view, 2> optional{"offset_ms", "delay_ms"};
    std::vector<Frame::Seat> result;
    for (const auto& item : list) {
        if (!item.is_object()) {
            reader.note("no object in", "participants");
            continue;
        }
        const auto& seat = item.get_object();
        reader.keep(check_object(seat, required, {}, optional, "participant"));
        result.push_back({reader.uuid<ClientTag>(seat, "client_id"), reader.flag(seat, "is_host"),
                          reader.text(seat, "status")});
    }
    return result;
}

std::vector<RoomId> read_rooms(Reader& reader, const json::array& list, Dialect dialect) {
    const auto& shape = shape_of(FrameType::room_list);
    std::vector<RoomId> result;
    for (const auto& item : list) {
        if (!item.is_object()) {
            reader.note("no object in", "room_list");
            continue;
        }
        const auto& room = item.get_object();
        reader.keep(check_object(room, shape.required,
                                 dialect == Dialect::v2 ? Names{shape.required_v2} : Names{}, {},
                                 "room_list"));
        if (dialect == Dialect::v1 && reader.number(room, "count") > 20)
            reader.note("above 20:", "count");
        result.push_back(reader.uuid<RoomTag>(room, "id"));
    }
    return result;
}

void read_payload(Reader& reader, Frame& frame, const json::object& payload, Dialect dialect) {
    const auto v2 = dialect == Dialect::v2;
    switch (frame.type) {
    case FrameType::client_hello:
        if (reader.uuid<ClientTag>(payload, "client_id") != frame.client)
            reader.note("other than client:", "client_id");
        break;
    case FrameType::auth_success:
        frame.words = reader.text(payload, "user_name");
        if (v2) {
            if (const auto bytes = parse_hex(reader.text(payload, "resume_token")))
                frame.resume_token = ResumeToken{*bytes};
            else
                reader.note("no hex digits in", "resume_token");
        }
        break;
    case FrameType::room_list_delta:
        frame.rooms = read_rooms(reader, reader.list(payload, "upserted"), dialect);
        for (const auto& item : reader.list(payload, "removed"))
            if (item.is_string())
                frame.removed.push_back(
                    reader.uuid<RoomTag>(std::string_view{item.get_string()}, "removed"));
        break;
    case FrameType::room_state: {
        frame.host = reader.uuid<ClientTag>(payload, "host_id");
        frame.participant_count = reader.number(payload, "participant_count");
        const auto& state = reader.object(payload, "state");
        static constexpr std::array<std::string_view, 2> fields{"position", "play_state"};
        reader.keep(check_object(state, fields, {}, {}, "state"));
        frame.position = reader.position(state);
        frame.playing = reader.playing(state);
        static_cast<void>(reader.media(payload));
        if (payload.contains("private") && !reader.flag(payload, "private"))
            reader.note("false where it is to be absent:", "private");
        break;
    }
    case FrameType::participants_update:
    case FrameType::client_left:
        frame.participant_count = reader.number(payload, "participant_count");
        break;
    case FrameType::player_event:
        frame.action = reader.text(payload, "action");
        frame.target = reader.number(payload, "target_server_ts");
        [[fallthrough]];
    case FrameType::state_update:
        frame.position = reader.position(payload);
        frame.playing = reader.playing(payload);
        break;
    case FrameType::invite:
        if (const auto bytes = parse_hex(reader.text(payload, "ticket")))
            frame.ticket = InviteTicket{*bytes};
        else
            reader.note("no hex digits in", "ticket");
        static_cast<void>(reader.number(payload, "expires_ts"));
        break;
    case FrameType::room_closed:
        frame.words = reader.text(payload, "reason");
        break;
    case FrameType::pong:
        if (const auto* id = payload.if_contains("id"); id && id->is_number())
            frame.ping_id = id->to_number<double>();
        if (v2) {
            frame.server_receive_ts = reader.number(payload, "server_receive_ts");
            frame.server_transmit_ts = reader.number(payload, "server_transmit_ts");
        } else if (payload.contains("server_receive_ts") || payload.contains("server_transmit_ts"))
            reader.note("v2 stamps in a v1", "pong");
        break;
    case FrameType::chat_message:
        frame.words = reader.text(payload, "text");
        break;
    case FrameType::error:
        frame.code = reader.text(payload, "code");
        frame.words = reader.text(payload, "message");
        break;
    case FrameType::play_pending:
    case FrameType::room_list:
    case FrameType::unknown:
        break;
    }
    if (payload.contains("timeline"))
        frame.timeline = read_timeline(reader, reader.object(payload, "timeline"));
    if (payload.contains("participants"))
        frame.participants = read_participants(reader, reader.list(payload, "participants"));
    if (payload.contains("waiting_for"))
        frame.waiting = !reader.list(payload, "waiting_for").empty();
}

void read_envelope(Reader& reader, Frame& frame, const json::object& message, Dialect dialect) {
    static constexpr std::array<std::string_view, 4> required{"type", "payload", "ts", "server_ts"};
    static constexpr std::array<std::string_view, 2> addresses{"room", "client"};
    reader.keep(check_object(message, required, {}, addresses, "envelope"));
    const auto type = reader.text(message, "type");
    const auto* found = std::find(type_names.begin() + 1, type_names.end(), type);
    if (found == type_names.end())
        return reader.note("unknown type", type);
    frame.type = static_cast<FrameType>(found - type_names.begin());
    const auto& shape = shape_of(frame.type);
    if (dialect == Dialect::v1 && !shape.v1)
        reader.note("v2 message to v1:", type);
    if (message.contains("room"))
        frame.room = reader.uuid<RoomTag>(message, "room");
    else if (shape.room)
        reader.note("no", "room");
    if (message.contains("client"))
        frame.client = reader.uuid<ClientTag>(message, "client");
    else if (shape.client)
        reader.note("no", "client");
    frame.server_ts = reader.number(message, "server_ts");
    if (dialect == Dialect::v1)
        for (const auto name : {"ts", "server_ts"})
            if (const auto value = reader.number(message, name);
                value != std::floor(value) || value < 0)
                reader.note("no whole number in", name);
}

} // namespace

std::string_view name_of(FrameType type) {
    return type_names[static_cast<std::size_t>(type)];
}

ServerTime from_wire(double milliseconds) {
    return ServerTime{Duration{std::llround(milliseconds * 1000.0)}};
}

FramePtr read_frame(std::string text, Dialect dialect) {
    auto frame = std::make_shared<Frame>();
    frame->text = std::move(text);
    Reader reader{frame->problem};
    std::array<unsigned char, 8192> buffer{};
    json::monotonic_resource memory{buffer.data(), buffer.size()};
    boost::system::error_code error;
    const auto parsed = json::parse(frame->text, error, &memory);
    if (error || !parsed.is_object()) {
        reader.note("no JSON object:", error.message());
        return frame;
    }
    const auto& message = parsed.get_object();
    read_envelope(reader, *frame, message, dialect);
    if (frame->type == FrameType::unknown)
        return frame;
    if (frame->type == FrameType::room_list) {
        frame->rooms = read_rooms(reader, reader.list(message, "payload"), dialect);
        return frame;
    }
    const auto& payload = reader.object(message, "payload");
    const auto& shape = shape_of(frame->type);
    if (frame->type != FrameType::pong) {
        const auto v2 = dialect == Dialect::v2;
        reader.keep(check_object(payload, shape.required, v2 ? Names{shape.required_v2} : Names{},
                                 v2 ? Names{shape.optional_v2} : Names{}, name_of(frame->type)));
    }
    read_payload(reader, *frame, payload, dialect);
    if (dialect == Dialect::v1 && frame->target && *frame->target != std::floor(*frame->target))
        reader.note("no whole number in", "target_server_ts");
    return frame;
}

} // namespace owp::sim
