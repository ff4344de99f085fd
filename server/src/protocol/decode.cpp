// One frame of a client to a value. Each decoder stands under the JSON it reads; what is wrong with
// a field is noted by Fields, and the first fault becomes the answer.
#include "protocol/codec.hpp"
#include "protocol/decode_fields.hpp"
#include "protocol/json.hpp"
#include "protocol/text.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace owp {
namespace {

namespace bj = boost::json;
using namespace from_client;

/// {"token"?, "user_name"?, "user_id"?, "protocol_version"?, "features"?}
ClientMessage auth(Fields& in) {
    Auth out;
    out.token = in.text("token");
    if (out.token && out.token->empty())
        out.token.reset(); // P-ROOM-2: "" is absent
    out.user_name = in.cleaned("user_name", user_name_code_points_max);
    out.user_id = in.cleaned("user_id", user_id_code_points_max);
    out.protocol_version = in.protocol_version();
    out.wants_v2 = in.has_feature("owp.v2");
    return in.finish(std::move(out));
}

/// no payload
ClientMessage list_rooms(Fields& in) {
    return in.finish(ListRooms{});
}

/// {"start_pos"?, "media_id"?, "user_name"?, "private"?}
ClientMessage create_room(Fields& in) {
    CreateRoom out;
    out.start_position_seconds = in.position_or_zero("start_pos");
    out.media_id = in.hex_id<MediaId>("media_id");
    out.user_name = in.cleaned("user_name", user_name_code_points_max);
    out.is_private = in.yes("private");
    return in.finish(std::move(out));
}

/// room; {"user_name"?, "resume_token"?, "invite_ticket"?}
ClientMessage join_room(Fields& in) {
    JoinRoom out;
    out.room = in.room(ErrorCode::invalid_message);
    out.user_name = in.cleaned("user_name", user_name_code_points_max);
    out.resume_token = in.hex_id<ResumeToken>("resume_token");
    out.invite_ticket = in.text("invite_ticket").value_or("");
    return in.finish(std::move(out));
}

/// no payload
ClientMessage leave_room(Fields& in) {
    return in.finish(LeaveRoom{});
}

/// room; {"room"?, "media_id"?}: the room counts from either place
ClientMessage ready(Fields& in) {
    Ready out;
    out.room = in.room_here_or_in_payload();
    out.media_id = in.hex_id<MediaId>("media_id");
    return in.finish(out);
}

/// room; {"action", "position", "play_state"?}
ClientMessage player_event(Fields& in) {
    PlayerEvent out;
    out.room = in.room(ErrorCode::not_in_room);
    out.action = in.required_name("action", player_action_names);
    out.position_seconds = in.position("position");
    out.play_state = in.name("play_state", play_state_names);
    out.ts = in.ts();
    return in.finish(out);
}

/// room; {"position", "play_state"}
ClientMessage state_update(Fields& in) {
    StateUpdate out;
    out.room = in.room(ErrorCode::not_in_room);
    out.position_seconds = in.position("position");
    out.play_state = in.required_name("play_state", play_state_names);
    out.ts = in.ts();
    return in.finish(out);
}

/// room?; {"client_ts"} or any object: it is echoed
ClientMessage ping(Fields& in) {
    Ping out;
    out.room = in.optional_room();
    out.payload_json = in.payload_text();
    if (out.payload_json.size() > ping_payload_bytes_max)
        in.fail(ErrorCode::message_too_large, {});
    return in.finish(std::move(out));
}

/// room; {"text"}
ClientMessage chat_message(Fields& in) {
    ChatMessage out;
    out.room = in.room(ErrorCode::not_in_room);
    std::string text{in.required_text("text")};
    // A line break is a control character, but a word boundary too (P-TEXT-4).
    std::ranges::replace_if(
        text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    out.text = clean_text(std::move(text), std::numeric_limits<std::size_t>::max());
    if (out.text.empty() || count_code_points(out.text) > chat_code_points_max)
        in.fail(ErrorCode::invalid_chat_message, {});
    return in.finish(std::move(out));
}

/// {"category", "message"}
ClientMessage client_log(Fields& in) {
    ClientLog out;
    out.category = in.cleaned("category", log_category_code_points_max);
    out.message = in.cleaned("message", log_message_code_points_max);
    return in.finish(std::move(out));
}

/// no payload
ClientMessage subscribe_rooms(Fields& in) {
    return in.finish(SubscribeRooms{});
}

/// no payload
ClientMessage unsubscribe_rooms(Fields& in) {
    return in.finish(UnsubscribeRooms{});
}

/// room
ClientMessage close_room(Fields& in) {
    return in.finish(CloseRoom{in.room(ErrorCode::not_in_room)});
}

/// room; {"status", "offset_ms"?, "delay_ms"?}
ClientMessage participant_status(Fields& in) {
    StatusReport out;
    out.room = in.room(ErrorCode::not_in_room);
    out.status = in.required_name("status", participant_status_names);
    out.offset_ms = in.measurement("offset_ms", -offset_ms_max, offset_ms_max);
    out.delay_ms = in.measurement("delay_ms", 0, delay_ms_max);
    return in.finish(out);
}

/// room; {"media_id", "start_position_seconds"}
ClientMessage set_media(Fields& in) {
    SetMedia out;
    out.room = in.room(ErrorCode::not_in_room);
    out.media_id = in.media("media_id");
    out.start_position_seconds = in.position("start_position_seconds");
    return in.finish(out);
}

/// room
ClientMessage create_invite(Fields& in) {
    return in.finish(CreateInvite{in.room(ErrorCode::not_in_room)});
}

using Decoder = ClientMessage (*)(Fields&);
constexpr std::pair<std::string_view, Decoder> decoders[] = {
    {"ping", ping},
    {"state_update", state_update},
    {"participant_status", participant_status},
    {"player_event", player_event},
    {"chat_message", chat_message},
    {"ready", ready},
    {"join_room", join_room},
    {"leave_room", leave_room},
    {"create_room", create_room},
    {"close_room", close_room},
    {"list_rooms", list_rooms},
    {"subscribe_rooms", subscribe_rooms},
    {"unsubscribe_rooms", unsubscribe_rooms},
    {"set_media", set_media},
    {"create_invite", create_invite},
    {"auth", auth},
    {"client_log", client_log},
};

} // namespace

ClientMessage decode(std::string_view text) {
    if (text.size() > message_bytes_max)
        return Invalid{ErrorCode::message_too_large, {}};
    // Enough for every message but a long chat; what exceeds it comes from the heap.
    unsigned char memory[4096];
    bj::monotonic_resource storage(memory, sizeof memory);
    const std::optional<bj::value> value = json::parse(text, &storage);
    if (!value)
        return Invalid{ErrorCode::invalid_json, {}};
    const bj::object* const message = value->if_object();
    if (message == nullptr)
        return Invalid{ErrorCode::invalid_message, "A message is a JSON object."};
    const bj::value* const type = message->if_contains("type");
    if (type == nullptr || !type->is_string())
        return Invalid{ErrorCode::invalid_message, "The field 'type' must be a text."};
    const std::string_view name(type->get_string());
    for (const auto& [each, decoder] : decoders) {
        if (each == name) {
            Fields fields(text, *message);
            return decoder(fields);
        }
    }
    return Invalid{ErrorCode::unknown_message_type, {}};
}

} // namespace owp
