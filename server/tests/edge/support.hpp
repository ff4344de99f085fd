// Short names for tests of the session machine.
#pragma once

#include "edge/session.hpp"
#include "protocol/codec.hpp"

#include "tests/core/support.hpp"

#include <string>

namespace owp::edge::test {

using core::test::at;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline RoomId room(int number) {
    RoomId id;
    id.bytes = {0, 0, 0, 0, 0, 0, 0x40, 0, 0x80};
    id.bytes[15] = static_cast<std::uint8_t>(number);
    return id;
}

template <class Wanted>
std::vector<Wanted> all_of(const std::vector<Effect>& effects) {
    std::vector<Wanted> found;
    for (const Effect& effect : effects)
        if (const auto* wanted = std::get_if<Wanted>(&effect))
            found.push_back(*wanted);
    return found;
}
template <class Message>
std::vector<Message> sent(const std::vector<Effect>& effects) {
    std::vector<Message> found;
    for (const Send& send : all_of<Send>(effects))
        if (const auto* message = std::get_if<Message>(&send.message))
            found.push_back(*message);
    return found;
}
/// The events of one type that go to rooms.
template <class Wanted>
std::vector<Wanted> to_rooms(const std::vector<Effect>& effects) {
    std::vector<Wanted> found;
    for (const ToRoom& each : all_of<ToRoom>(effects))
        if (const auto* wanted = std::get_if<Wanted>(&each.event))
            found.push_back(*wanted);
    return found;
}

/// An opened session with its clock.
struct Desk {
    explicit Desk(SessionOptions options = {}, const std::optional<KnownUser>& known = std::nullopt)
        : session(options, id, token, now, known) {
        opening = on(Opened{});
    }
    std::vector<Effect> on(const Event& event) { return session.on(event, now); }
    /// A frame of this type; `payload` is JSON.
    std::vector<Effect> say(const std::string& type, const std::string& payload = "{}",
                            std::optional<RoomId> where = std::nullopt) {
        std::string text = R"({"type":")" + type + R"(","ts":1,"payload":)" + payload;
        if (where)
            text += R"(,"room":")" + to_uuid_string(where->bytes) + '"';
        text += "}";
        return on(FrameReceived{text});
    }
    void become_v2() {
        (void)say("auth", R"({"protocol_version":1,"features":["owp.v2"],"user_name":"Vic"})");
    }
    /// Joins and is admitted.
    void enter(const RoomId& where) {
        (void)say("join_room", "{}", where);
        (void)on(RoomAdmitted{where});
    }
    std::vector<Effect> wait(Duration duration) {
        const ServerTime end = now + duration;
        std::vector<Effect> effects;
        for (auto next = session.wake_at(); next && *next <= end; next = session.wake_at()) {
            now = std::max(now, *next);
            for (Effect& effect : on(WakeUp{}))
                effects.push_back(std::move(effect));
        }
        now = end;
        return effects;
    }
    [[nodiscard]] std::vector<ErrorCode> errors(const std::vector<Effect>& effects) const {
        std::vector<ErrorCode> codes;
        for (const auto& error : sent<to_client::Error>(effects))
            codes.push_back(error.code);
        return codes;
    }

    ClientId id = core::test::client(1);
    ResumeToken token = core::test::token(1);
    ServerTime now = at(0);
    Session session;
    std::vector<Effect> opening;
};

inline SessionOptions guarded() {
    SessionOptions options;
    options.auth_required = true;
    return options;
}

inline TokenVerdict good(const std::string& user, const std::string& name, ServerTime expires) {
    return {.valid = true, .code = {}, .user_id = user, .user_name = name, .expires = expires};
}
inline TokenVerdict bad(ErrorCode code) {
    return TokenVerdict::refused(code);
}

} // namespace owp::edge::test
