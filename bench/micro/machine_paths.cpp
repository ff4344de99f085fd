// One step of a machine for each kind of message: the session's from a frame to its effects, the
// room's from an event to its effects, in a room of 20.
#include "micro/paths.hpp"

#include "core/room.hpp"
#include "edge/session.hpp"

#include <algorithm>
#include <iterator>
#include <memory>

namespace owp::micro {
namespace {

using std::chrono::milliseconds;

const RoomId room{{0x40, 0x0a, 0x35, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 1}};
constexpr std::uint8_t members = 20;

ClientId client(std::uint8_t number) {
    return {{0xc1, 0x1e, 0x47, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, number}};
}

/// A connection in a room, and its clock.
struct Desk {
    Desk() {
        keep(session.on(edge::Opened{}, now));
        say(R"({"type":"join_room","ts":1,"room":"400a3500-0000-4000-8000-000000000001"})");
        keep(session.on(edge::RoomAdmitted{room}, now));
    }
    void say(std::string_view text) {
        keep(session.on(edge::FrameReceived{text}, now));
        now += milliseconds{100}; // within its 30 messages a second
    }
    ServerTime now{std::chrono::hours{490'000}};
    edge::Session session{{}, client(1), ResumeToken{}, now};
};

core::Identity who(std::uint8_t number, bool v2) {
    return {.client = client(number),
            .name = "Somebody " + std::to_string(number),
            .user_id = {},
            .resume_token = std::nullopt,
            .follows_timeline = v2};
}

/// A full room and its clock; everybody is ready.
struct Stage {
    explicit Stage(bool v2) {
        std::vector<core::Effect> effects;
        room_machine.emplace(core::RoomOptions{},
                             core::RoomSetup{.id = room, .host = who(0, v2), .media_id = {}}, now,
                             effects);
        for (std::uint8_t i = 1; i < members; ++i) {
            on(core::Join{.who = who(i, v2), .resume = {}});
            on(core::Ready{client(i), {}});
        }
        pass(milliseconds{1000});
    }
    void on(const core::Event& event) { keep(room_machine->on(event, now)); }
    void pass(Duration time) {
        now += time;
        if (room_machine->wake_at().value_or(ServerTime::max()) <= now)
            on(core::WakeUp{});
    }
    ServerTime now{std::chrono::hours{490'000}};
    std::optional<core::Room> room_machine;
};

/// The path is one step after another in the same room.
template <class Step>
Path room_path(const std::string& name, bool v2, Step step) {
    auto stage = std::make_shared<Stage>(v2);
    return {"room/" + name + (v2 ? "/v2" : "/v1"), [stage, step](std::size_t n) {
                for (std::size_t i = 0; i < n; ++i)
                    step(*stage);
            }};
}

Path session_path(const std::string& name, const std::string& text) {
    auto desk = std::make_shared<Desk>();
    return {"session/" + name, [desk, text](std::size_t n) {
                for (std::size_t i = 0; i < n; ++i)
                    desk->say(text);
            }};
}

} // namespace

std::vector<Path> machine_paths() {
    const std::string envelope =
        R"("room":"400a3500-0000-4000-8000-000000000001","ts":1764372000123,)";
    std::vector<Path> paths{
        session_path("ping",
                     R"({"type":"ping",)" + envelope + R"("payload":{"client_ts":1764372000123}})"),
        session_path("state_update",
                     R"({"type":"state_update",)" + envelope +
                         R"("payload":{"position":1834.217,"play_state":"playing"}})"),
        session_path("chat_message",
                     R"({"type":"chat_message",)" + envelope +
                         R"("payload":{"text":"Did you see that? He was there!"}})"),
    };
    for (const bool v2 : {false, true}) {
        paths.push_back(room_path("report_filtered", v2, [](Stage& stage) {
            stage.on(core::Report{client(0), 0.1, PlayState::paused, 1764372000123.0});
        }));
        paths.push_back(room_path("report_relayed", v2, [](Stage& stage) {
            const double elsewhere =
                stage.room_machine->timeline().position_seconds > 50 ? 10 : 100;
            stage.on(core::Report{client(0), elsewhere, PlayState::paused, 1764372000123.0});
            stage.pass(milliseconds{1000});
        }));
        paths.push_back(room_path("seek", v2, [](Stage& stage) {
            stage.on(core::Command{client(0), PlayerAction::seek, 100.5, PlayState::paused,
                                   1764372000123.0});
            stage.pass(milliseconds{1000});
        }));
        paths.push_back(room_path("chat", v2, [](Stage& stage) {
            stage.on(core::Chat{client(7), "Did you see that? He was there!"});
        }));
        paths.push_back(room_path("delay_measured", v2, [](Stage& stage) {
            stage.on(core::DelayMeasured{client(7), milliseconds{20}, milliseconds{2}});
        }));
        // One member goes and comes, and the list of participants follows.
        paths.push_back(room_path("leave_and_join", v2, [v2](Stage& stage) {
            stage.on(core::Leave{client(7)});
            stage.on(core::Join{.who = who(7, v2), .resume = {}});
            stage.on(core::Ready{client(7), {}});
            stage.pass(milliseconds{200});
        }));
    }
    return paths;
}

std::vector<Path> all_paths() {
    std::vector<Path> all = codec_paths();
    std::ranges::move(machine_paths(), std::back_inserter(all));
    return all;
}

} // namespace owp::micro
