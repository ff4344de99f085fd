// The session machine under any sequence of frames, answers and ticks: the bytes choose them. The
// rules that SessionWatch asserts must hold after each; a broken one ends the run.
#include "../tests/edge/session_watch.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>

namespace {

using namespace owp;
using namespace owp::edge;

constexpr const char* frame_types[] = {
    "auth",       "list_rooms",      "create_room",       "join_room",  "leave_room",
    "ready",      "player_event",    "state_update",      "ping",       "chat_message",
    "client_log", "subscribe_rooms", "unsubscribe_rooms", "close_room", "participant_status",
    "set_media",  "create_invite",   "room_of_spam",
};
constexpr const char* payloads[] = {
    "{}",
    R"({"token":"t","features":["owp.v2"],"protocol_version":1})",
    R"({"user_name":"Ann","user_id":"u1"})",
    R"({"action":"play","position":1})",
    R"({"position":2,"play_state":"playing"})",
    R"({"text":"hi"})",
    R"({"status":"ready","offset_ms":1})",
    R"({"media_id":"0123456789abcdef0123456789abcdef","start_position_seconds":3})",
    R"({"resume_token":"00000000000000000000000000000001"})",
    R"({"private":true,"invite_ticket":"00000000000000000000000000000001"})",
};

RoomId room(FuzzedDataProvider& data) {
    RoomId id;
    id.bytes = {0, 0, 0, 0, 0, 0, 0x40, 0, 0x80};
    id.bytes[15] = data.ConsumeIntegralInRange<std::uint8_t>(1, 3);
    return id;
}

/// A frame that is nearly right, or bytes as they come.
std::string frame(FuzzedDataProvider& data) {
    if (data.ConsumeIntegralInRange(0, 7) == 0)
        return data.ConsumeRandomLengthString(200);
    return std::string(R"({"type":")") + data.PickValueInArray(frame_types) + R"(","room":")" +
           to_uuid_string(room(data).bytes) + R"(","ts":1,"payload":)" +
           data.PickValueInArray(payloads) + "}";
}

/// `text` keeps the frame that the event points into.
Event next_event(FuzzedDataProvider& data, ServerTime now, std::string& text) {
    switch (data.ConsumeIntegralInRange(0, 15)) {
    case 0:
        return TokenVerdict{.valid = data.ConsumeBool(),
                            .code = ErrorCode::invalid_token,
                            .user_id = data.ConsumeRandomLengthString(3),
                            .user_name = data.ConsumeRandomLengthString(8),
                            .expires =
                                now + std::chrono::seconds{data.ConsumeIntegral<std::int8_t>()}};
    case 1:
        return PongReceived{Duration{data.ConsumeIntegral<std::int32_t>()}};
    case 2:
        return data.ConsumeBool() ? RoomReserved{room(data)} : RoomReserved{std::nullopt};
    case 3:
        return data.ConsumeBool() ? Event{RoomUnknown{room(data)}} : Event{RoomMissed{room(data)}};
    case 4:
    case 5:
        return RoomAdmitted{room(data), data.ConsumeBool()};
    case 6:
        return RoomRefused{room(data), ErrorCode::room_full};
    case 7: {
        const RoomId id = room(data);
        return RoomDismissed{id, data.ConsumeBool()};
    }
    case 8:
        return SeatFound{room(data)};
    case 9:
        return DirectoryChanged{};
    case 10:
        return data.ConsumeIntegralInRange(0, 15) == 0 ? Event{ServerStopping{}} : Event{WakeUp{}};
    case 11:
        return data.ConsumeIntegralInRange(0, 15) == 0 ? Event{Closed{}} : Event{WakeUp{}};
    default:
        text = frame(data);
        return FrameReceived{text};
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    FuzzedDataProvider data{bytes, size};
    ServerTime now{std::chrono::hours{24 * 365}};
    SessionOptions options;
    options.auth_required = data.ConsumeBool();
    ClientId client;
    client.bytes[15] = 1;
    std::optional<KnownUser> known;
    if (data.ConsumeBool())
        known = {"u1", data.ConsumeRandomLengthString(40)};
    Session session{options, client, {}, now, known};
    test::SessionWatch watch{options, client, known.has_value()};
    watch.saw(session, Opened{}, now, session.on(Opened{}, now));
    while (data.remaining_bytes() > 0) {
        const ServerTime end =
            now + std::chrono::milliseconds{data.ConsumeIntegral<std::uint16_t>() / 4};
        for (auto next = session.wake_at(); next && *next <= end; next = session.wake_at()) {
            now = std::max(now, *next);
            watch.saw(session, WakeUp{}, now, session.on(WakeUp{}, now));
        }
        now = end;
        std::string text;
        const Event event = next_event(data, now, text);
        watch.saw(session, event, now, session.on(event, now));
    }
    watch.saw(session, Closed{}, now, session.on(Closed{}, now));
    return 0;
}
