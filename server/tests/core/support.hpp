// Short names for tests of the room machine.
#pragma once

#include "core/room.hpp"

#include <algorithm>
#include <memory>
#include <string>

namespace owp::core::test {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// So many milliseconds after the start of the test.
inline ServerTime at(std::int64_t ms) {
    return ServerTime{milliseconds{1'700'000'000'000 + ms}};
}
inline ClientId client(int number) {
    ClientId id;
    id.bytes[15] = static_cast<std::uint8_t>(number);
    return id;
}
inline ResumeToken token(int number) {
    ResumeToken id;
    id.bytes[0] = static_cast<std::uint8_t>(number);
    return id;
}
inline RoomId room_id() {
    RoomId id;
    id.bytes[0] = 0xf;
    return id;
}
inline Identity v1(int number, std::string user_id = "") {
    return {.client = client(number),
            .name = "v1-" + std::to_string(number),
            .user_id = std::move(user_id),
            .resume_token = std::nullopt,
            .follows_timeline = false};
}
inline Identity v2(int number, std::string user_id = "") {
    return {.client = client(number),
            .name = "v2-" + std::to_string(number),
            .user_id = std::move(user_id),
            .resume_token = token(number),
            .follows_timeline = true};
}
inline Join join(Identity who) {
    return {.who = std::move(who), .resume = std::nullopt};
}

/// All messages of one type among the effects, with their receivers.
template <class Message>
struct Sent {
    Audience to;
    Message message;
    bool superseding = false;
};
template <class Message>
std::vector<Sent<Message>> sent(const std::vector<Effect>& effects) {
    std::vector<Sent<Message>> found;
    for (const Effect& effect : effects)
        if (const auto* send = std::get_if<Send>(&effect))
            if (const auto* message = std::get_if<Message>(&send->message))
                found.push_back({send->to, *message, send->superseding});
    return found;
}
template <class Wanted>
std::vector<Wanted> all_of(const std::vector<Effect>& effects) {
    std::vector<Wanted> found;
    for (const Effect& effect : effects)
        if (const auto* wanted = std::get_if<Wanted>(&effect))
            found.push_back(*wanted);
    return found;
}

/// A room with its clock; every step goes through it.
struct Stage {
    explicit Stage(Identity host, RoomOptions options = {}, double start = 0) {
        std::vector<Effect> effects;
        room = std::make_unique<Room>(options,
                                      RoomSetup{.id = room_id(),
                                                .host = std::move(host),
                                                .start_position_seconds = start,
                                                .media_id = std::nullopt},
                                      now, effects);
        opening = std::move(effects);
    }
    std::vector<Effect> on(const Event& event) { return room->on(event, now); }
    /// Joins and is ready.
    void seat(Identity who) {
        const ClientId id = who.client;
        (void)on(join(std::move(who)));
        (void)on(Ready{id, std::nullopt});
    }
    std::vector<Effect> play(int who, double position) {
        return on(Command{client(who), PlayerAction::play, position, std::nullopt, 7});
    }
    std::vector<Effect> pause(int who, double position) {
        return on(Command{client(who), PlayerAction::pause, position, std::nullopt, 7});
    }
    std::vector<Effect> seek(int who, double position,
                             std::optional<PlayState> state = std::nullopt) {
        return on(Command{client(who), PlayerAction::seek, position, state, 7});
    }
    std::vector<Effect> report(int who, double position, PlayState state) {
        return on(Report{client(who), position, state, 7});
    }
    /// Moves the clock, with every WakeUp in its time.
    std::vector<Effect> wait(Duration duration) {
        const ServerTime end = now + duration;
        std::vector<Effect> effects;
        for (auto next = room->wake_at(); next && *next <= end; next = room->wake_at()) {
            now = std::max(now, *next);
            for (Effect& effect : on(WakeUp{}))
                effects.push_back(std::move(effect));
        }
        now = end;
        return effects;
    }

    ServerTime now = at(0);
    std::unique_ptr<Room> room;
    std::vector<Effect> opening;
};

} // namespace owp::core::test
