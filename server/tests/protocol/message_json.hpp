// The picture that the vectors draw of a message: a client's message to JSON, JSON to a server's.
#pragma once

#include "protocol/codec.hpp"
#include "protocol/json.hpp"
#include "protocol/limits.hpp"
#include "protocol/wire_names.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace owp::test {

namespace bj = boost::json;

/// Bytes of a file under protocol/vectors, parsed.
inline bj::value load_vectors(const std::string& name) {
    std::ifstream file(OWP_SOURCE_DIR "/protocol/vectors/" + name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::optional<bj::value> value = json::parse(text, {});
    if (!value)
        throw std::runtime_error("cannot read protocol/vectors/" + name);
    return *std::move(value);
}

/// The frame of a vector: `text`, `text_hex` or `wire`.
inline std::string wire_text(const bj::object& vector) {
    if (const bj::value* text = vector.if_contains("text"))
        return std::string(text->as_string());
    if (const bj::value* wire = vector.if_contains("wire"))
        return bj::serialize(*wire);
    const bj::string& hex = vector.at("text_hex").as_string();
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.subview(i, 2)), nullptr, 16));
    return bytes;
}

/// Equal as JSON: members in any order, numbers by value.
inline bool same(const bj::value& a, const bj::value& b) {
    if (a.is_number() && b.is_number())
        return a.to_number<double>() == b.to_number<double>();
    if (a.kind() != b.kind())
        return false;
    if (a.is_array())
        return std::ranges::equal(a.get_array(), b.get_array(), same);
    if (!a.is_object())
        return a == b;
    const bj::object& left = a.get_object();
    const bj::object& right = b.get_object();
    if (left.size() != right.size())
        return false;
    for (const auto& [key, value] : left) {
        const bj::value* const other = right.if_contains(key);
        if (other == nullptr || !same(value, *other))
            return false;
    }
    return true;
}

// ---- a client's message as the vectors write it: what is absent or empty is left out ------------

class Picture {
public:
    explicit Picture(std::string_view type) { object_["type"] = bj::string(type); }
    Picture& text(const char* name, const std::string& value) {
        if (!value.empty())
            object_[name] = value;
        return *this;
    }
    Picture& yes(const char* name, bool value) {
        if (value)
            object_[name] = true;
        return *this;
    }
    Picture& number(const char* name, std::optional<double> value) {
        if (value)
            object_[name] = *value;
        return *this;
    }
    Picture& room(const std::optional<RoomId>& id) {
        return text("room", id ? to_uuid_string(id->bytes) : std::string{});
    }
    template <class Id>
    Picture& hex(const char* name, const std::optional<Id>& id) {
        return text(name, id ? to_hex_string(id->bytes) : std::string{});
    }
    operator bj::value() const { return object_; }

private:
    bj::object object_;
};

struct ToPicture {
    bj::value operator()(const from_client::Invalid& m) const {
        return Picture("invalid").text("code", std::string(name_of(m.code)));
    }
    bj::value operator()(const from_client::Auth& m) const {
        Picture out("auth");
        out.text("token", m.token.value_or("")).text("user_name", m.user_name);
        out.text("user_id", m.user_id).number("protocol_version", m.protocol_version);
        bj::value value = out;
        if (m.wants_v2)
            value.as_object()["features"] = bj::array{"owp.v2"};
        return value;
    }
    bj::value operator()(const from_client::ListRooms&) const { return Picture("list_rooms"); }
    bj::value operator()(const from_client::CreateRoom& m) const {
        return Picture("create_room")
            .number("start_position_seconds", m.start_position_seconds)
            .hex("media_id", m.media_id)
            .text("user_name", m.user_name)
            .yes("private", m.is_private);
    }
    bj::value operator()(const from_client::JoinRoom& m) const {
        return Picture("join_room")
            .room(m.room)
            .text("user_name", m.user_name)
            .hex("resume_token", m.resume_token)
            .text("invite_ticket", m.invite_ticket);
    }
    bj::value operator()(const from_client::LeaveRoom&) const { return Picture("leave_room"); }
    bj::value operator()(const from_client::Ready& m) const {
        return Picture("ready").room(m.room).hex("media_id", m.media_id);
    }
    bj::value operator()(const from_client::PlayerEvent& m) const {
        return Picture("player_event")
            .room(m.room)
            .text("action", std::string(wire_name(m.action)))
            .number("position_seconds", m.position_seconds)
            .text("play_state", m.play_state ? std::string(wire_name(*m.play_state)) : "")
            .number("ts", m.ts);
    }
    bj::value operator()(const from_client::StateUpdate& m) const {
        return Picture("state_update")
            .room(m.room)
            .number("position_seconds", m.position_seconds)
            .text("play_state", std::string(wire_name(m.play_state)))
            .number("ts", m.ts);
    }
    bj::value operator()(const from_client::Ping& m) const {
        return Picture("ping").room(m.room).text("payload_json", m.payload_json);
    }
    bj::value operator()(const from_client::ChatMessage& m) const {
        return Picture("chat_message").room(m.room).text("text", m.text);
    }
    bj::value operator()(const from_client::ClientLog& m) const {
        return Picture("client_log").text("category", m.category).text("message", m.message);
    }
    bj::value operator()(const from_client::SubscribeRooms&) const {
        return Picture("subscribe_rooms");
    }
    bj::value operator()(const from_client::UnsubscribeRooms&) const {
        return Picture("unsubscribe_rooms");
    }
    bj::value operator()(const from_client::CloseRoom& m) const {
        return Picture("close_room").room(m.room);
    }
    bj::value operator()(const from_client::CreateInvite& m) const {
        return Picture("create_invite").room(m.room);
    }
    bj::value operator()(const from_client::SetMedia& m) const {
        return Picture("set_media")
            .room(m.room)
            .hex("media_id", std::optional{m.media_id})
            .number("start_position_seconds", m.start_position_seconds);
    }
    bj::value operator()(const from_client::StatusReport& m) const {
        return Picture("participant_status")
            .room(m.room)
            .text("status", std::string(wire_name(m.status)))
            .number("offset_ms", m.offset_ms)
            .number("delay_ms", m.delay_ms);
    }
};

inline bj::value picture_of(const ClientMessage& message) {
    return std::visit(ToPicture{}, message);
}

// ---- a server's message from what the vectors write ---------------------------------------------

/// Reads fields; what is not there keeps the struct's own default.
class Source {
public:
    explicit Source(const bj::value& value) : object_(value.as_object()) {}

    [[nodiscard]] bool has(const char* name) const { return object_.contains(name); }
    [[nodiscard]] std::string text(const char* name) const {
        return has(name) ? std::string(object_.at(name).as_string()) : std::string{};
    }
    [[nodiscard]] double number(const char* name) const {
        return has(name) ? object_.at(name).to_number<double>() : 0;
    }
    [[nodiscard]] std::optional<double> maybe(const char* name) const {
        return has(name) ? std::optional<double>{number(name)} : std::nullopt;
    }
    [[nodiscard]] std::uint32_t count(const char* name) const {
        return object_.at(name).to_number<std::uint32_t>();
    }
    [[nodiscard]] bool flag(const char* name) const { return object_.at(name).as_bool(); }
    [[nodiscard]] ServerTime time(const char* name) const {
        return ServerTime{Duration{object_.at(name).to_number<std::int64_t>()}};
    }
    template <class Id>
    [[nodiscard]] Id uuid(const char* name) const {
        return Id{parse_uuid(text(name)).value()};
    }
    template <class Id>
    [[nodiscard]] std::optional<Id> hex(const char* name) const {
        return has(name) ? std::optional<Id>{Id{parse_hex(text(name)).value()}} : std::nullopt;
    }
    template <class Enum, std::size_t N>
    [[nodiscard]] Enum name(const char* field,
                            const std::pair<Enum, std::string_view> (&table)[N]) const {
        return from_wire_name(table, text(field)).value();
    }
    [[nodiscard]] const bj::value& at(const char* name) const { return object_.at(name); }
    template <class Value, class Make>
    [[nodiscard]] std::vector<Value> list(const char* name, Make make) const {
        std::vector<Value> out;
        if (has(name))
            for (const bj::value& each : object_.at(name).as_array())
                out.push_back(make(each));
        return out;
    }

private:
    const bj::object& object_;
};

template <class Id>
Id uuid_of(const bj::value& value) {
    return Id{parse_uuid(value.as_string()).value()};
}

inline Timeline timeline_of(const Source& in) {
    return {.media_id = in.hex<MediaId>("media_id"),
            .position_seconds = in.number("position_seconds"),
            .rate = in.number("rate"),
            .playing = in.flag("playing"),
            .at = in.time("at_us"),
            .seq = in.count("seq")};
}

inline RoomSummary summary_of(const bj::value& value) {
    const Source in(value);
    return {.id = in.uuid<RoomId>("id"),
            .name = in.text("name"),
            .host_name = in.text("host_name"),
            .count = in.count("count"),
            .media_id = in.hex<MediaId>("media_id"),
            .playing = in.flag("playing")};
}

inline Participant participant_of(const bj::value& value) {
    const Source in(value);
    return {.id = in.uuid<ClientId>("client_id"),
            .name = in.text("name"),
            .is_host = in.flag("is_host"),
            .status = in.name("status", participant_status_names),
            .offset_ms = in.maybe("offset_ms"),
            .delay_ms = in.maybe("delay_ms")};
}

inline std::optional<Waiting> waiting_of(const Source& message) {
    if (!message.has("waiting"))
        return std::nullopt;
    const Source in(message.at("waiting"));
    return Waiting{.clients = in.list<ClientId>("clients", uuid_of<ClientId>),
                   .until = in.time("until_us")};
}

inline ErrorCode error_code_of(const std::string& name) {
    for (int i = 0; i <= static_cast<int>(ErrorCode::server_full); ++i)
        if (name_of(static_cast<ErrorCode>(i)) == name)
            return static_cast<ErrorCode>(i);
    throw std::runtime_error("no error code " + name);
}

inline ServerMessage server_message_of(const bj::value& value) {
    using namespace to_client;
    const Source in(value);
    const std::string type = in.text("type");
    const auto room = [&in] { return in.uuid<RoomId>("room"); };
    const auto client = [&in] { return in.uuid<ClientId>("client"); };
    const auto timeline = [&in] { return timeline_of(Source(in.at("timeline"))); };
    const auto participants = [&in] {
        return in.list<Participant>("participants", participant_of);
    };
    if (type == "client_hello")
        return Hello{client()};
    if (type == "auth_success")
        return AuthSuccess{client(), in.text("user_name"), in.text("user_id"),
                           in.hex<ResumeToken>("resume_token")};
    if (type == "room_list")
        return RoomList{in.list<RoomSummary>("rooms", summary_of)};
    if (type == "room_list_delta")
        return RoomListDelta{in.list<RoomSummary>("upserted", summary_of),
                             in.list<RoomId>("removed", uuid_of<RoomId>)};
    if (type == "room_state")
        return RoomState{room(),
                         client(),
                         in.text("name"),
                         in.uuid<ClientId>("host"),
                         in.count("participant_count"),
                         timeline(),
                         participants(),
                         waiting_of(in),
                         in.has("private") && in.flag("private")};
    if (type == "participants_update")
        return ParticipantsUpdate{room(), in.count("participant_count"), participants()};
    if (type == "client_left")
        return ClientLeft{room(), client(), in.count("participant_count")};
    if (type == "player_event")
        return PlayerEvent{room(),
                           client(),
                           in.name("action", player_action_names),
                           in.number("position_seconds"),
                           in.name("play_state", play_state_names),
                           in.number("ts"),
                           in.time("target_us"),
                           timeline()};
    if (type == "state_update")
        return StateUpdate{room(),
                           client(),
                           in.number("position_seconds"),
                           in.name("play_state", play_state_names),
                           in.number("ts"),
                           timeline()};
    if (type == "play_pending")
        return PlayPending{room(), waiting_of(in)};
    if (type == "invite")
        return Invite{room(), in.hex<InviteTicket>("ticket").value(), in.time("expires_us")};
    if (type == "room_closed")
        return RoomClosed{room(), in.text("reason")};
    if (type == "pong")
        return Pong{in.has("room") ? std::optional<RoomId>{room()} : std::nullopt,
                    in.text("payload_json"), in.time("received_us")};
    if (type == "chat_message")
        return ChatMessage{room(), client(), in.text("user_name"), in.text("text")};
    if (type == "error")
        return Error{error_code_of(in.text("code")), in.text("message")};
    throw std::runtime_error("no message " + type);
}

} // namespace owp::test
