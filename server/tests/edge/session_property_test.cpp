#include "tests/edge/session_watch.hpp"
#include "tests/edge/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

namespace owp::edge {
namespace {

using namespace test;

std::string any_frame() {
    const std::string where = to_uuid_string(room(*rc::gen::inRange(1, 4)).bytes);
    const auto frame = [&](const std::string& type, const std::string& payload) {
        return R"({"type":")" + type + R"(","room":")" + where + R"(","ts":1,"payload":)" +
               payload + "}";
    };
    switch (*rc::gen::inRange(0, 12)) {
    case 0:
        return frame("auth", R"({"user_id":"u1","user_name":"Ann"})");
    case 1:
        return frame("auth", R"({"token":"t"})");
    case 2:
        return frame("auth", R"({"token":"t","features":["owp.v2"],"protocol_version":1})");
    case 3:
        return frame("create_room", "{}");
    case 4:
    case 5:
        return frame("join_room", "{}");
    case 6:
        return frame("leave_room", "{}");
    case 7:
        return frame("player_event", R"({"action":"play","position":1})");
    case 8:
        return frame("subscribe_rooms", "{}");
    case 9:
        return frame("participant_status", R"({"status":"ready"})");
    case 10:
        return frame("list_rooms", "{}");
    default:
        return *rc::gen::element<std::string>("", "{}", "[1]", frame("close_room", "{}"),
                                              frame("client_log", "{}"), frame("ping", "{}"));
    }
}

RC_GTEST_PROP(SessionProperty, KeepsItsRules, ()) {
    SessionOptions options;
    options.auth_required = *rc::gen::arbitrary<bool>();
    Desk desk{options};
    SessionWatch watch{options, desk.id};
    watch.saw(desk.session, Opened{}, desk.now, desk.opening);
    const int steps = *rc::gen::inRange(1, 150);
    for (int i = 0; i < steps; ++i) {
        std::string text;
        Event event;
        const RoomId where = room(*rc::gen::inRange(1, 4));
        switch (*rc::gen::inRange(0, 16)) {
        case 0:
            event = good("u1", "Ann", desk.now + seconds{*rc::gen::inRange(0, 100)});
            break;
        case 1:
            event = bad(ErrorCode::invalid_token);
            break;
        case 2:
            event = PongReceived{milliseconds{*rc::gen::inRange(-1, 500)}};
            break;
        case 3:
            event = RoomReserved{where};
            break;
        case 4:
            event = RoomReserved{std::nullopt};
            break;
        case 5:
        case 6:
            event = RoomAdmitted{where};
            break;
        case 7:
            event = std::array<Event, 3>{RoomUnknown{where}, RoomMissed{where},
                                         RoomRefused{where, ErrorCode::room_full}}
                        .at(*rc::gen::inRange<std::size_t>(0, 3));
            break;
        case 8:
            event = RoomDismissed{where, *rc::gen::inRange(0, 9) == 0};
            break;
        case 9:
            event = SeatFound{where};
            break;
        case 10:
            event = DirectoryChanged{};
            break;
        case 11:
            if (*rc::gen::inRange(0, 20) == 0) {
                event = *rc::gen::element(Event{Closed{}}, Event{BinaryReceived{}},
                                          Event{ServerStopping{}});
                break;
            }
            [[fallthrough]];
        default:
            text = any_frame();
            event = FrameReceived{text};
        }
        watch.saw(desk.session, event, desk.now, desk.on(event));
        const ServerTime end =
            desk.now + milliseconds{*rc::gen::element(0, 10, 200, 1000, 9000, 20'000)};
        for (auto next = desk.session.wake_at(); next && *next <= end;
             next = desk.session.wake_at()) {
            desk.now = std::max(desk.now, *next);
            watch.saw(desk.session, WakeUp{}, desk.now, desk.on(WakeUp{}));
        }
        desk.now = end;
    }
    watch.saw(desk.session, Closed{}, desk.now, desk.on(Closed{}));
}

} // namespace
} // namespace owp::edge
