#include "core/room.hpp"

#include "tests/core/room_watch.hpp"
#include "tests/core/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <limits>
#include <map>
#include <set>

namespace owp::core {
namespace {

using namespace test;
using testing::ElementsAre;

std::string reason_of(const std::vector<Effect>& effects) {
    const auto closed = sent<to_client::RoomClosed>(effects);
    return closed.empty() ? "" : closed.front().message.reason;
}

TEST(Room, OpensWithItsHostReadyAndPaused) {
    const Stage stage{v2(1), {}, 12.5};
    ASSERT_EQ(stage.opening.size(), 3u);
    EXPECT_EQ(std::get<Admitted>(stage.opening[0]).client, client(1));
    const auto state = sent<to_client::RoomState>(stage.opening).at(0).message;
    EXPECT_EQ(state.host, client(1));
    EXPECT_EQ(state.name, "v2-1") << "called after its host";
    EXPECT_EQ(state.participants.at(0).status, ParticipantStatus::ready);
    EXPECT_EQ(state.timeline.position_seconds, 12.5);
    EXPECT_FALSE(state.timeline.playing);
    EXPECT_EQ(std::get<SummaryChanged>(stage.opening[2]).summary, stage.room->summary());
}

TEST(Room, AdmitsBeforeItSends) {
    Stage stage{v2(1)};
    const auto effects = stage.on(join(v1(2)));
    EXPECT_EQ(std::get<Admitted>(effects[0]).client, client(2));
    EXPECT_EQ(std::get<Send>(effects[1]).to, std::vector{client(2)});
    EXPECT_EQ(std::get<SummaryChanged>(effects[2]).summary.count, 2u);
}

TEST(Room, AnswersAMemberThatJoinsAgainWithItsState) {
    Stage stage{v2(1)};
    stage.seat(v1(2));
    const auto effects = stage.on(join(v1(2)));
    EXPECT_EQ(effects.size(), 2u);
    EXPECT_EQ(sent<to_client::RoomState>(effects).at(0).message.participant_count, 2u);
}

TEST(Room, RefusesWhatIsTooMany) {
    RoomOptions options;
    options.members_max = 2;
    Stage stage{v2(1), options};
    stage.seat(v2(2, "bob"));
    EXPECT_EQ(all_of<JoinRefused>(stage.on(join(v1(3)))).at(0).code, ErrorCode::room_full);
    (void)stage.on(Disconnect{client(2)});
    EXPECT_EQ(all_of<JoinRefused>(stage.on(join(v1(3)))).size(), 1u) << "the seat is held";
    EXPECT_EQ(all_of<Admitted>(stage.on(join(v2(4, "bob")))).size(), 1u) << "for bob";
}

TEST(Room, TellsTheRestWhoLeft) {
    Stage stage{v2(1)};
    stage.seat(v1(2));
    stage.seat(v1(3));
    (void)stage.wait(seconds{1});
    const auto effects = stage.on(Leave{client(2)});
    EXPECT_EQ(all_of<Dismissed>(effects).at(0).client, client(2));
    EXPECT_THAT(sent<to_client::ClientLeft>(effects).at(0).to, ElementsAre(client(1), client(3)));
    const auto later = stage.wait(milliseconds{100});
    EXPECT_THAT(sent<to_client::ParticipantsUpdate>(later).at(0).to,
                ElementsAre(client(1), client(3)));
}

TEST(Room, EndsWithItsHostInThreeWays) {
    std::set<std::string> reasons;
    for (const Event& end :
         {Event{Leave{client(1)}}, Event{Disconnect{client(1)}}, Event{Close{client(1)}}}) {
        Stage stage{v2(1, "ann")};
        stage.seat(v1(2));
        const auto effects = stage.on(end);
        EXPECT_EQ(sent<to_client::RoomClosed>(effects).at(0).to, std::vector{client(2)});
        EXPECT_EQ(std::get<Closed>(effects.back()).owner_user_id, "ann");
        EXPECT_TRUE(stage.room->closed());
        EXPECT_FALSE(stage.room->wake_at());
        EXPECT_EQ(all_of<JoinRefused>(stage.on(join(v1(3)))).at(0).code, ErrorCode::room_not_found);
        EXPECT_TRUE(stage.on(Chat{client(2), "hello?"}).empty());
        reasons.insert(reason_of(effects));
    }
    EXPECT_EQ(reasons.size(), 3u);
}

TEST(Room, HoldsALostGuestsSeatForItsUser) {
    Stage stage{v2(1)};
    stage.seat(v1(2, "bob"));
    (void)stage.wait(seconds{1});
    const auto effects = stage.on(Disconnect{client(2)});
    EXPECT_EQ(all_of<SeatHeld>(effects).at(0).until, stage.now + seconds{60});
    EXPECT_TRUE(sent<to_client::ClientLeft>(effects).empty()) << "v2 sees it away";
    const auto update = sent<to_client::ParticipantsUpdate>(stage.wait(seconds{1})).at(0).message;
    EXPECT_EQ(update.participant_count, 1u);
    EXPECT_EQ(update.participants.at(1).status, ParticipantStatus::away);

    Join back = join(v1(3, "bob"));
    back.reseat_only = true;
    EXPECT_EQ(all_of<Admitted>(stage.on(back)).size(), 1u);
    back = join(v1(4, "bob"));
    back.reseat_only = true;
    EXPECT_EQ(all_of<JoinRefused>(stage.on(back)).size(), 1u) << "taken";
}

TEST(Room, DropsASeatThatNobodyTakes) {
    Stage stage{v2(1)};
    stage.seat(v2(2));
    (void)stage.on(Disconnect{client(2)});
    EXPECT_TRUE(sent<to_client::ClientLeft>(stage.wait(milliseconds{59'999})).empty());
    EXPECT_EQ(sent<to_client::ClientLeft>(stage.wait(milliseconds{1})).size(), 1u);
    EXPECT_EQ(all_of<Admitted>(stage.on(Join{.who = v2(3), .resume = token(2)})).size(), 1u)
        << "a plain join";
}

TEST(Room, HoldsNoSeatForSomebodyWhoCannotComeBack) {
    Stage stage{v2(1)};
    stage.seat(v1(2));
    EXPECT_EQ(sent<to_client::ClientLeft>(stage.on(Disconnect{client(2)})).size(), 1u);
    EXPECT_EQ(stage.room->summary().count, 1u);
}

TEST(Room, GivesTheHostsSeatToItsSuccessor) {
    Stage stage{v2(1)};
    stage.seat(v2(2));
    const auto effects = stage.on(Join{.who = v2(3), .resume = token(1)});
    EXPECT_EQ(all_of<Dismissed>(effects).at(0).client, client(1));
    EXPECT_TRUE(all_of<Dismissed>(effects).at(0).replaced);
    EXPECT_EQ(sent<to_client::RoomState>(effects).at(0).message.host, client(3));
    EXPECT_TRUE(stage.on(Disconnect{client(1)}).empty()) << "the old connection's end";
    EXPECT_FALSE(sent<to_client::PlayerEvent>(stage.play(3, 0)).empty());
    // The next one needs the new token.
    EXPECT_TRUE(all_of<Dismissed>(stage.on(Join{.who = v2(4), .resume = token(1)})).empty());
}

TEST(Room, ChatGoesToAllWithTheNameOfTheSeat) {
    Stage stage{v2(1)};
    stage.seat(v1(2));
    const auto chat = sent<to_client::ChatMessage>(stage.on(Chat{client(2), "hi"})).at(0);
    EXPECT_THAT(chat.to, ElementsAre(client(1), client(2)));
    EXPECT_EQ(chat.message.user_name, "v1-2");
}

TEST(Room, TellsStrangersThatTheyAreNone) {
    Stage stage{v2(1)};
    for (const Event& event :
         {Event{Close{client(9)}}, Event{Ready{client(9), std::nullopt}},
          Event{Chat{client(9), ""}},
          Event{Status{client(9), ParticipantStatus::ready, std::nullopt, std::nullopt}},
          Event{Command{client(9), PlayerAction::play, 0, std::nullopt, 0}},
          Event{Report{client(9), 0, PlayState::playing, 0}}}) {
        const auto effects = stage.on(event);
        ASSERT_EQ(effects.size(), 1u);
        const auto error = sent<to_client::Error>(effects).at(0);
        EXPECT_EQ(error.to, std::vector{client(9)});
        EXPECT_EQ(error.message.code, ErrorCode::not_in_room);
    }
    EXPECT_TRUE(stage.on(Leave{client(9)}).empty());
    EXPECT_TRUE(stage.on(DelayMeasured{client(9), {}, {}}).empty());
}

TEST(Room, TellsGuestsThatOnlyTheHostMay) {
    Stage stage{v2(1)};
    stage.seat(v2(2));
    for (const Event& event : {Event{Close{client(2)}},
                               Event{Command{client(2), PlayerAction::play, 0, std::nullopt, 0}},
                               Event{Report{client(2), 0, PlayState::playing, 0}}})
        EXPECT_EQ(sent<to_client::Error>(stage.on(event)).at(0).message.code,
                  ErrorCode::host_permission_required);
}

TEST(Room, TheDirectoryHearsOfEachChangeOnce) {
    Stage stage{v2(1)};
    EXPECT_EQ(all_of<SummaryChanged>(stage.on(join(v2(2)))).size(), 1u);
    EXPECT_TRUE(all_of<SummaryChanged>(stage.on(Ready{client(2), std::nullopt})).empty());
    EXPECT_TRUE(all_of<SummaryChanged>(stage.play(1, 0)).at(0).summary.playing);
    EXPECT_TRUE(all_of<SummaryChanged>(stage.seek(1, 50)).empty());
}

// ---- private ----------------------------------------------------------------------------------

InviteTicket ticket(int number) {
    return {{static_cast<std::uint8_t>(number)}};
}

struct PrivateStage : Stage {
    explicit PrivateStage(RoomOptions options = {}) : Stage{v2(1), options} {
        opening.clear();
        room = std::make_unique<Room>(
            options,
            RoomSetup{.id = room_id(), .host = v2(1), .media_id = std::nullopt, .is_private = true},
            now, opening);
    }
    std::vector<Effect> join_with(Identity who, std::optional<InviteTicket> brought) {
        return on(Join{.who = std::move(who), .resume = std::nullopt, .ticket = brought});
    }
};

TEST(PrivateRoom, IsInNoListAndSaysSoToItsMembers) {
    PrivateStage stage;
    EXPECT_TRUE(sent<to_client::RoomState>(stage.opening).at(0).message.is_private);
    EXPECT_FALSE(all_of<Admitted>(stage.opening).at(0).listed);
    (void)stage.on(CreateInvite{client(1), ticket(1)});
    std::vector<Effect> effects = stage.opening;
    for (auto&& more : {stage.join_with(v1(2), ticket(1)), stage.play(1, 10),
                        stage.wait(seconds{5}), stage.on(Leave{client(1)})})
        effects.insert(effects.end(), more.begin(), more.end());
    EXPECT_TRUE(all_of<SummaryChanged>(effects).empty());
    EXPECT_EQ(all_of<Closed>(effects).size(), 1u);
}

TEST(PrivateRoom, IsNotThereForWhoeverBringsNoTicketOfItsOwn) {
    RoomOptions options;
    options.members_max = 1; // full: not even that is told
    PrivateStage stage{options};
    (void)stage.on(CreateInvite{client(1), ticket(1)});
    for (const auto& brought : {std::optional<InviteTicket>{}, std::optional{ticket(2)}}) {
        const auto effects = stage.join_with(v2(2), brought);
        ASSERT_EQ(effects.size(), 1u);
        EXPECT_EQ(std::get<JoinRefused>(effects[0]).code, ErrorCode::room_not_found);
    }
    EXPECT_EQ(all_of<JoinRefused>(stage.join_with(v2(2), ticket(1))).at(0).code,
              ErrorCode::room_full);
}

TEST(PrivateRoom, IsOpenedByATicketUntilThatExpires) {
    RoomOptions options;
    options.invite_lifetime = seconds{60};
    PrivateStage stage{options};
    const auto invites =
        sent<to_client::Invite>(stage.on(CreateInvite{client(1), ticket(1)})).at(0);
    EXPECT_THAT(invites.to, ElementsAre(client(1)));
    EXPECT_EQ(invites.message.ticket, ticket(1));
    EXPECT_EQ(invites.message.expires, stage.now + seconds{60});
    EXPECT_EQ(all_of<Admitted>(stage.join_with(v2(2), ticket(1))).size(), 1u);
    EXPECT_EQ(all_of<Admitted>(stage.join_with(v1(3), ticket(1))).size(), 1u) << "again";
    (void)stage.wait(seconds{60});
    EXPECT_EQ(all_of<JoinRefused>(stage.join_with(v2(4), ticket(1))).size(), 1u);
}

TEST(PrivateRoom, GivesAnOwnSeatBackWithoutATicket) {
    PrivateStage stage;
    (void)stage.on(CreateInvite{client(1), ticket(1)});
    (void)stage.join_with(v2(2), ticket(1));
    (void)stage.on(Disconnect{client(2)});
    EXPECT_EQ(all_of<Admitted>(stage.on(Join{.who = v2(3), .resume = token(2)})).size(), 1u);
    EXPECT_EQ(all_of<JoinRefused>(stage.on(Join{.who = v2(4), .resume = token(9)})).size(), 1u);
}

TEST(PrivateRoom, LetsOnlyItsHostInvite) {
    PrivateStage stage;
    (void)stage.on(CreateInvite{client(1), ticket(1)});
    (void)stage.join_with(v2(2), ticket(1));
    for (const auto& [who, code] :
         {std::pair{2, ErrorCode::host_permission_required}, std::pair{9, ErrorCode::not_in_room}})
        EXPECT_EQ(sent<to_client::Error>(stage.on(CreateInvite{client(who), ticket(7)}))
                      .at(0)
                      .message.code,
                  code);
    EXPECT_EQ(all_of<JoinRefused>(stage.join_with(v2(3), ticket(7))).size(), 1u);
}

// ---- properties -------------------------------------------------------------------------------

/// Any event by anybody, with the odd broken value. `lives` counts the connections that each of the
/// people has lost: the next one has another id.
Event any_event(std::array<int, 8>& lives) {
    const auto id = [&lives](int number) {
        ClientId made = test::client(number);
        made.bytes[0] = static_cast<std::uint8_t>(lives.at(static_cast<std::size_t>(number)));
        return made;
    };
    const int who = *rc::gen::inRange(1, 7);
    const double position = *rc::gen::element(0.0, 1.0, 1.2, 60.0, 86'400.0, -1.0,
                                              std::numeric_limits<double>::quiet_NaN());
    const auto state = *rc::gen::element(PlayState::paused, PlayState::playing);
    switch (*rc::gen::inRange(0, 14)) {
    case 0:
    case 1: {
        const std::string user = *rc::gen::element<std::string>("", "u1", "u2");
        Join event = join(*rc::gen::arbitrary<bool>() ? v2(who, user) : v1(who, user));
        event.who.client = id(who);
        if (*rc::gen::arbitrary<bool>())
            event.resume = token(*rc::gen::inRange(1, 7));
        event.reseat_only = *rc::gen::inRange(0, 4) == 0;
        return event;
    }
    case 2:
        return Leave{id(*rc::gen::inRange(2, 7))};
    case 3: {
        const int lost = *rc::gen::inRange(2, 7);
        const Disconnect event{id(lost)};
        ++lives.at(static_cast<std::size_t>(lost));
        return event;
    }
    case 4:
        return Ready{id(who), std::nullopt};
    case 5:
    case 6:
        return Command{id(1),
                       *rc::gen::element(PlayerAction::play, PlayerAction::pause,
                                         PlayerAction::seek, PlayerAction::buffering),
                       position, std::nullopt, 1};
    case 7:
        return Report{id(1), position, state, 1};
    case 8:
        return Chat{id(who), "x"};
    case 12:
        return SetMedia{id(1), {{static_cast<std::uint8_t>(who)}}, position};
    case 13:
        return CreateInvite{id(*rc::gen::inRange(1, 3)), ticket(who)};
    case 9:
        return Status{id(who),
                      *rc::gen::element(ParticipantStatus::ready, ParticipantStatus::playing,
                                        ParticipantStatus::buffering, ParticipantStatus::away),
                      *rc::gen::element<std::optional<double>>(std::nullopt, 1.0, 2.0),
                      std::nullopt};
    case 10:
        return DelayMeasured{id(who), Duration{*rc::gen::inRange(-5, 4'000'000)},
                             Duration{*rc::gen::inRange(-5, 1'000'000)}};
    default:
        return *rc::gen::inRange(0, 20) == 0 ? Event{Close{id(1)}} : Event{Leave{id(who)}};
    }
}

/// What every member believes about who is here, from what it was sent.
struct Beliefs {
    std::map<ClientId, std::vector<Participant>> lists; // v2
    std::map<ClientId, std::uint32_t> counts;
    std::map<ClientId, ServerTime> updated;

    void saw(const std::vector<Effect>& effects, ServerTime now) {
        for (const auto& state : sent<to_client::RoomState>(effects)) {
            lists[state.to[0]] = state.message.participants;
            counts[state.to[0]] = state.message.participant_count;
        }
        for (const auto& update : sent<to_client::ParticipantsUpdate>(effects))
            for (const ClientId& to : update.to) {
                RC_ASSERT(!updated.contains(to) || now - updated[to] >= milliseconds{100});
                updated[to] = now;
                lists[to] = update.message.participants;
                counts[to] = update.message.participant_count;
            }
    }
};

RC_GTEST_PROP(RoomProperty, KeepsItsRulesAndEverybodyKnowsWhoIsHere, ()) {
    RoomOptions options;
    options.members_max = 5;
    options.lead = *rc::gen::element(Lead::adaptive, Lead::fixed);
    Stage stage{*rc::gen::arbitrary<bool>() ? v2(1, "u1") : v1(1, "u1"), options};
    RoomWatch watch;
    Beliefs beliefs;
    const auto take = [&](const Event& event, const std::vector<Effect>& effects) {
        watch.saw(*stage.room, event, stage.now, effects);
        beliefs.saw(effects, stage.now);
    };
    const auto wake_until = [&](ServerTime end) {
        for (auto next = stage.room->wake_at(); next && *next <= end;
             next = stage.room->wake_at()) {
            stage.now = std::max(stage.now, *next);
            take(WakeUp{}, stage.on(WakeUp{}));
        }
        stage.now = end;
    };
    take(WakeUp{}, stage.opening);
    std::array<int, 8> lives{};
    const int steps = *rc::gen::inRange(1, 120);
    for (int i = 0; i < steps; ++i) {
        const Event event = any_event(lives);
        if (const auto* joining = std::get_if<Join>(&event))
            if (watch.members().contains(joining->who.client))
                continue; // a connection keeps its dialect
        take(event, stage.on(event));
        wake_until(stage.now + milliseconds{*rc::gen::element(0, 1, 50, 300, 1000, 2500, 61'000)});
    }
    wake_until(stage.now + seconds{3}); // past every batch and every gate
    for (const ClientId& member : watch.members()) {
        RC_ASSERT(beliefs.counts[member] == stage.room->summary().count);
    }
}

RC_GTEST_PROP(RoomProperty, AV2MemberSeesTheListAsItIs, ()) {
    Stage stage{v2(1)};
    std::map<ClientId, ParticipantStatus> truth{{client(1), ParticipantStatus::ready}};
    Beliefs beliefs;
    beliefs.saw(stage.opening, stage.now);
    const int steps = *rc::gen::inRange(1, 40);
    for (int i = 0; i < steps; ++i) {
        const ClientId who = client(*rc::gen::inRange(2, 6));
        const bool here = truth.contains(who) && truth[who] != ParticipantStatus::away;
        switch (*rc::gen::inRange(0, 4)) {
        case 0: {
            Identity identity = v2(who.bytes[15]);
            if (!truth.contains(who)) {
                truth[who] = ParticipantStatus::buffering;
                beliefs.saw(stage.on(join(identity)), stage.now);
            }
            break;
        }
        case 1:
            if (here) {
                truth.erase(who);
                beliefs.lists.erase(who);
                beliefs.saw(stage.on(Leave{who}), stage.now);
            }
            break;
        case 2:
            if (here) {
                truth[who] = ParticipantStatus::away;
                beliefs.lists.erase(who);
                beliefs.saw(stage.on(Disconnect{who}), stage.now);
            }
            break;
        default:
            if (here) {
                truth[who] =
                    *rc::gen::element(ParticipantStatus::ready, ParticipantStatus::buffering);
                beliefs.saw(stage.on(Status{who, truth[who], std::nullopt, std::nullopt}),
                            stage.now);
            }
        }
        const ServerTime end = stage.now + milliseconds{*rc::gen::element(0, 20, 99, 150)};
        for (auto next = stage.room->wake_at(); next && *next <= end;
             next = stage.room->wake_at()) {
            stage.now = std::max(stage.now, *next);
            beliefs.saw(stage.on(WakeUp{}), stage.now);
        }
        stage.now = end;
    }
    const ServerTime end = stage.now + milliseconds{100};
    while (stage.room->wake_at() && *stage.room->wake_at() <= end) {
        stage.now = std::max(stage.now, *stage.room->wake_at());
        beliefs.saw(stage.on(WakeUp{}), stage.now);
    }
    for (const auto& [member, list] : beliefs.lists) {
        std::map<ClientId, ParticipantStatus> seen;
        for (const Participant& each : list)
            seen[each.id] = each.status;
        RC_ASSERT(seen == truth);
    }
}

} // namespace
} // namespace owp::core
