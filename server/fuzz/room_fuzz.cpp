// The room machine under any sequence of events: the bytes choose who does what and when. The rules
// that RoomWatch asserts must hold after each; a broken one ends the run.
#include "../tests/core/room_watch.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <array>

namespace {

using namespace owp;
using namespace owp::core;

/// Six people; whoever loses a connection comes back with another.
struct People {
    std::array<std::uint8_t, 6> lives{};

    [[nodiscard]] ClientId id(std::size_t person) const {
        ClientId made;
        made.bytes[0] = lives.at(person);
        made.bytes[15] = static_cast<std::uint8_t>(person + 1);
        return made;
    }
    [[nodiscard]] static ResumeToken token(std::size_t person, std::uint8_t life) {
        ResumeToken made;
        made.bytes[0] = life;
        made.bytes[1] = static_cast<std::uint8_t>(person + 1);
        return made;
    }
    /// People with an even number speak v2, the last two have no user id.
    [[nodiscard]] Identity identity(std::size_t person) const {
        const bool v2 = person % 2 == 0;
        return {.client = id(person),
                .name = std::string(1, static_cast<char>('a' + person)),
                .user_id = person < 4 ? std::string(1, static_cast<char>('A' + person)) : "",
                .resume_token = v2 ? std::optional{token(person, lives.at(person))} : std::nullopt,
                .follows_timeline = v2};
    }
};

Event next_event(FuzzedDataProvider& data, People& people, const test::RoomWatch& watch) {
    const auto person = data.ConsumeIntegralInRange<std::size_t>(0, people.lives.size() - 1);
    const ClientId who = people.id(person);
    switch (data.ConsumeIntegralInRange(0, 14)) {
    case 0: {
        if (watch.members().contains(who))
            return WakeUp{}; // a connection joins once
        Join join{.who = people.identity(person), .resume = std::nullopt};
        if (data.ConsumeBool())
            join.resume = People::token(person, data.ConsumeIntegral<std::uint8_t>());
        if (data.ConsumeBool())
            join.ticket = InviteTicket{{data.ConsumeIntegral<std::uint8_t>()}};
        join.reseat_only = data.ConsumeBool();
        return join;
    }
    case 1:
        return Leave{who};
    case 2:
        ++people.lives.at(person);
        return Disconnect{who};
    case 3:
        return Close{who};
    case 4:
        return Ready{who, std::nullopt};
    case 5:
    case 6:
        return Command{who,
                       data.PickValueInArray({PlayerAction::play, PlayerAction::pause,
                                              PlayerAction::seek, PlayerAction::buffering}),
                       data.ConsumeFloatingPoint<double>(), std::nullopt,
                       data.ConsumeFloatingPoint<double>()};
    case 7:
        return Report{who, data.ConsumeFloatingPointInRange<double>(-1, 86'401),
                      data.PickValueInArray({PlayState::paused, PlayState::playing}), 0};
    case 8:
        return Chat{who, data.ConsumeRandomLengthString(8)};
    case 9:
        return Status{
            who,
            data.PickValueInArray({ParticipantStatus::ready, ParticipantStatus::playing,
                                   ParticipantStatus::buffering, ParticipantStatus::away}),
            data.ConsumeFloatingPoint<double>(), std::nullopt};
    case 10:
        return SetMedia{who,
                        {{data.ConsumeIntegralInRange<std::uint8_t>(0, 3)}},
                        data.ConsumeFloatingPointInRange<double>(-1, 86'401)};
    case 11:
    case 12:
        return AccessVerdict{who,
                             people.identity(person).user_id,
                             {{data.ConsumeIntegralInRange<std::uint8_t>(0, 3)}},
                             data.ConsumeBool()};
    case 13:
        return CreateInvite{who, {{data.ConsumeIntegral<std::uint8_t>()}}};
    default:
        return DelayMeasured{who, Duration{data.ConsumeIntegral<std::int64_t>()},
                             Duration{data.ConsumeIntegral<std::int64_t>()}};
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    FuzzedDataProvider data{bytes, size};
    People people;
    ServerTime now{std::chrono::hours{24 * 365}};
    RoomOptions options;
    options.members_max = data.ConsumeIntegralInRange<std::uint32_t>(1, 6);
    options.lead = data.ConsumeBool() ? Lead::fixed : Lead::adaptive;
    options.access_checked = data.ConsumeBool();
    const auto host = data.ConsumeIntegralInRange<std::size_t>(0, 1);

    std::vector<Effect> effects;
    Room room{options,
              RoomSetup{.id = {},
                        .host = people.identity(host),
                        .start_position_seconds = data.ConsumeFloatingPoint<double>(),
                        .media_id = std::nullopt,
                        .is_private = data.ConsumeBool()},
              now, effects};
    test::RoomWatch watch;
    watch.saw(room, WakeUp{}, now, effects);
    while (data.remaining_bytes() > 0) {
        const ServerTime end =
            now + std::chrono::milliseconds{data.ConsumeIntegral<std::uint16_t>()};
        for (auto next = room.wake_at(); next && *next <= end; next = room.wake_at()) {
            now = std::max(now, *next);
            watch.saw(room, WakeUp{}, now, room.on(WakeUp{}, now));
        }
        now = end;
        const Event event = next_event(data, people, watch);
        watch.saw(room, event, now, room.on(event, now));
    }
    return 0;
}
