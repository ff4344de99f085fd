#include "core/room.hpp"

#include "tests/core/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <map>
#include <set>

namespace owp::core {
namespace {

using namespace test;
using testing::ElementsAre;

to_client::PlayerEvent event_of(const std::vector<Effect>& effects) {
    const auto events = sent<to_client::PlayerEvent>(effects);
    EXPECT_EQ(events.size(), 1u);
    return events.empty() ? to_client::PlayerEvent{} : events.front().message;
}

RoomOptions fixed() {
    RoomOptions options;
    options.lead = Lead::fixed;
    return options;
}

// ---- commands of a v2 host --------------------------------------------------------------------

TEST(V2Host, PlaysForAllAtTheTarget) {
    Stage stage{v2(1), fixed(), 100};
    stage.seat(v1(2));
    const auto effects = stage.play(1, 100);
    EXPECT_THAT(sent<to_client::PlayerEvent>(effects).at(0).to, ElementsAre(client(1), client(2)));
    const auto event = event_of(effects);
    EXPECT_EQ(event.target, stage.now + milliseconds{1500});
    EXPECT_EQ(event.ts, 7);
    EXPECT_EQ(event.timeline.at, event.target);
    EXPECT_EQ(event.timeline.position_seconds, 100);
    EXPECT_DOUBLE_EQ(event.position_seconds, 98.5) << "true now, so that it is 100 at the target";
}

TEST(V2Host, PlayFromTheStartHasNoNegativePosition) {
    Stage stage{v2(1), fixed()};
    EXPECT_EQ(event_of(stage.play(1, 0)).position_seconds, 0);
}

TEST(V2Host, PausesWhereTheTimelineWillBe) {
    Stage stage{v2(1), fixed()};
    (void)stage.play(1, 10);
    (void)stage.wait(milliseconds{11'500});
    const auto event = event_of(stage.pause(1, 19.7));
    EXPECT_DOUBLE_EQ(event.position_seconds, 20);
    EXPECT_DOUBLE_EQ(event.timeline.position_seconds, 20.3);
    EXPECT_EQ(event.timeline.at, stage.now + milliseconds{300});
}

TEST(V2Host, APauseInsideTheLeadOfItsPlayStandsAtTheStart) {
    Stage stage{v2(1), fixed()};
    (void)stage.play(1, 10);
    (void)stage.wait(milliseconds{100});
    EXPECT_EQ(event_of(stage.pause(1, 10)).timeline.position_seconds, 10);
}

TEST(V2Host, SeeksAtTheTargetAndKeepsPlaying) {
    Stage stage{v2(1), fixed()};
    (void)stage.play(1, 10);
    (void)stage.wait(seconds{5});
    const auto event = event_of(stage.seek(1, 600));
    EXPECT_TRUE(event.timeline.playing);
    EXPECT_EQ(event.play_state, PlayState::playing);
    EXPECT_EQ(event.timeline.at, stage.now + milliseconds{300});
    EXPECT_EQ(event.position_seconds, 600);
}

TEST(V2Host, ASeekInsideTheLeadOfAPlayDoesNotStartItEarlier) {
    Stage stage{v2(1), fixed()};
    const ServerTime target = event_of(stage.play(1, 10)).target;
    (void)stage.wait(milliseconds{100});
    const auto event = event_of(stage.seek(1, 600));
    EXPECT_EQ(event.timeline.at, target);
    EXPECT_EQ(event.target, target);
}

TEST(V2Host, BufferingPausesAtOnce) {
    Stage stage{v2(1), fixed()};
    (void)stage.play(1, 10);
    (void)stage.wait(seconds{5});
    const auto event =
        event_of(stage.on(Command{client(1), PlayerAction::buffering, 13, std::nullopt, 1}));
    EXPECT_EQ(event.timeline.at, stage.now);
    EXPECT_EQ(event.timeline.position_seconds, 13);
    EXPECT_FALSE(event.timeline.playing);
}

TEST(V2Host, IsNotHeardBeforeItCouldHaveObeyed) {
    Stage stage{v2(1), fixed()};
    stage.seat(v1(2));
    (void)stage.play(1, 10);
    (void)stage.wait(seconds{10});
    (void)stage.pause(1, 18);
    (void)stage.wait(milliseconds{799});
    EXPECT_TRUE(stage.report(1, 19, PlayState::playing).empty()) << "sent before the pause came";
    (void)stage.wait(milliseconds{1});
    EXPECT_FALSE(stage.report(1, 19, PlayState::playing).empty());
}

TEST(V2Host, HearsItselfOnlyIfTheTimelineChanged) {
    Stage stage{v2(1), fixed()};
    stage.seat(v2(2));
    (void)stage.play(1, 10);
    (void)stage.wait(seconds{5}); // at 13.5
    const auto same = sent<to_client::StateUpdate>(stage.report(1, 13.6, PlayState::playing)).at(0);
    EXPECT_EQ(same.to, std::vector{client(2)});
    EXPECT_TRUE(same.superseding);
    EXPECT_EQ(same.message.timeline.seq, 2u);
    (void)stage.wait(seconds{1});
    const auto stopped =
        sent<to_client::StateUpdate>(stage.report(1, 14.5, PlayState::paused)).at(0);
    EXPECT_THAT(stopped.to, ElementsAre(client(1), client(2)));
    EXPECT_EQ(stopped.message.timeline.seq, 3u);
}

TEST(V2Host, AReportThatWasLongUnderWayMovesNobody) {
    Stage stage{v2(1), fixed()};
    stage.seat(v2(2));
    stage.seat(v1(3));
    (void)stage.play(1, 0);
    (void)stage.wait(seconds{10});
    const Timeline before = stage.room->timeline();
    const auto updates = sent<to_client::StateUpdate>(stage.report(1, 4, PlayState::playing));
    ASSERT_EQ(updates.size(), 1u);
    EXPECT_EQ(updates[0].message.timeline, before);
    EXPECT_DOUBLE_EQ(updates[0].message.position_seconds, before.position_at(stage.now))
        << "a v1 guest takes it for the position of now";
    EXPECT_EQ(stage.room->timeline(), before);
}

// ---- commands of a v1 host --------------------------------------------------------------------

TEST(V1Host, HasActedAlready) {
    Stage stage{v1(1), fixed()};
    const auto play = event_of(stage.play(1, 10));
    EXPECT_EQ(play.position_seconds, 10);
    EXPECT_EQ(play.timeline.at, stage.now);
    EXPECT_EQ(play.target, stage.now + milliseconds{1500});
    (void)stage.wait(seconds{5});
    const auto pause = event_of(stage.pause(1, 15.2));
    EXPECT_EQ(pause.timeline.position_seconds, 15.2);
    EXPECT_EQ(pause.timeline.at, stage.now);
    const auto seek = event_of(stage.seek(1, 99));
    EXPECT_EQ(seek.timeline.at, stage.now);
    EXPECT_EQ(seek.play_state, PlayState::paused) << "it did not say, so the room's";
}

TEST(V1Host, PlayedOnWhileItsPlayWaited) {
    Stage stage{v1(1), fixed()};
    (void)stage.on(join(v2(2)));
    EXPECT_TRUE(sent<to_client::PlayerEvent>(stage.play(1, 10)).empty());
    (void)stage.wait(milliseconds{700});
    const auto event = event_of(stage.on(Ready{client(2), std::nullopt}));
    EXPECT_DOUBLE_EQ(event.position_seconds, 10.7);
    EXPECT_DOUBLE_EQ(event.timeline.position_seconds, 10.7);
    EXPECT_EQ(event.timeline.at, stage.now);
}

TEST(V1Host, ASeekDoesNotSetTheRoomPlaying) {
    Stage stage{v1(1)};
    stage.seat(v1(2));
    (void)stage.play(1, 0);
    (void)stage.wait(seconds{5});
    (void)stage.on(Command{client(1), PlayerAction::buffering, 5, std::nullopt, 1});
    const auto seek = event_of(stage.seek(1, 300, PlayState::playing));
    EXPECT_EQ(seek.play_state, PlayState::playing) << "relayed as it said";
    EXPECT_FALSE(stage.room->timeline().playing);
    EXPECT_EQ(sent<to_client::StateUpdate>(stage.report(1, 300, PlayState::playing)).size(), 1u)
        << "so the report that ends the stall is a change";
    EXPECT_TRUE(stage.room->timeline().playing);
}

TEST(V1Host, ReportsAreHeldBackUntilThePlaysTarget) {
    Stage stage{v1(1), fixed()};
    stage.seat(v1(2));
    (void)stage.play(1, 0);
    (void)stage.wait(milliseconds{1499});
    EXPECT_TRUE(stage.report(1, 1.4, PlayState::paused).empty());
    (void)stage.wait(milliseconds{1});
    EXPECT_FALSE(stage.report(1, 1.4, PlayState::paused).empty());
}

TEST(V1Guests, ArePutRightAfterAPauseInsideTheLead) {
    Stage stage{v1(1), fixed()};
    stage.seat(v1(2));
    stage.seat(v2(3));
    const ServerTime target = event_of(stage.play(1, 0)).target;
    (void)stage.wait(milliseconds{500});
    (void)stage.pause(1, 0.5);
    const auto updates = sent<to_client::StateUpdate>(stage.wait(seconds{10}));
    ASSERT_EQ(updates.size(), 1u);
    EXPECT_EQ(updates[0].to, std::vector{client(2)});
    EXPECT_EQ(updates[0].message.play_state, PlayState::paused);
    EXPECT_GT(stage.now, target);
}

TEST(Commands, WithPositionsThatAreNoneChangeNothing) {
    Stage stage{v2(1)};
    for (const double position : {-0.1, 86'400.1, std::numeric_limits<double>::infinity(),
                                  std::numeric_limits<double>::quiet_NaN()}) {
        EXPECT_EQ(sent<to_client::Error>(stage.seek(1, position)).at(0).message.code,
                  ErrorCode::invalid_position);
        EXPECT_EQ(sent<to_client::Error>(stage.report(1, position, PlayState::playing)).size(), 1u);
    }
    EXPECT_EQ(stage.room->timeline().seq, 1u);
}

// ---- another title ----------------------------------------------------------------------------

MediaId title(std::uint8_t number) {
    return {.bytes = {number}};
}

TEST(Title, StartsAgainPausedForEverybody) {
    Stage stage{v2(1), fixed(), 100};
    stage.seat(v1(2));
    stage.seat(v2(3));
    (void)stage.play(1, 100);
    (void)stage.wait(seconds{60});
    const std::uint64_t before = stage.room->timeline().seq;
    const auto effects = stage.on(SetMedia{client(1), title(7), 12.5});
    const auto states = sent<to_client::RoomState>(effects);
    ASSERT_EQ(states.size(), 3u);
    for (const auto& state : states) {
        EXPECT_EQ(state.message.timeline, stage.room->timeline());
        EXPECT_EQ(state.message.participants.at(1).status, ParticipantStatus::buffering);
    }
    const Timeline& timeline = stage.room->timeline();
    EXPECT_EQ(timeline.media_id, title(7));
    EXPECT_EQ(timeline.position_seconds, 12.5);
    EXPECT_FALSE(timeline.playing);
    EXPECT_EQ(timeline.at, stage.now);
    EXPECT_EQ(timeline.seq, before + 1);
    EXPECT_EQ(all_of<SummaryChanged>(effects).at(0).summary.media_id, title(7));
}

TEST(Title, IsForTheHostToChoose) {
    Stage stage{v2(1)};
    stage.seat(v2(2));
    for (const auto& [who, code] : {std::pair{2, ErrorCode::host_permission_required},
                                    std::pair{9, ErrorCode::not_in_room}}) {
        const auto effects = stage.on(SetMedia{client(who), title(7), 0});
        ASSERT_EQ(effects.size(), 1u);
        EXPECT_EQ(sent<to_client::Error>(effects).at(0).message.code, code);
    }
    for (const double position : {-1.0, 86'401.0, std::numeric_limits<double>::quiet_NaN()})
        EXPECT_EQ(sent<to_client::Error>(stage.on(SetMedia{client(1), title(7), position}))
                      .at(0)
                      .message.code,
                  ErrorCode::invalid_position);
    EXPECT_FALSE(stage.room->timeline().media_id);
}

TEST(Title, WaitsForEverybodyAnewAndForgetsThePlayThatWaited) {
    Stage stage{v2(1)};
    stage.seat(v2(2));
    (void)stage.on(Status{client(2), ParticipantStatus::buffering, std::nullopt, std::nullopt});
    (void)stage.play(1, 30);
    const auto effects = stage.on(SetMedia{client(1), title(7), 0});
    EXPECT_FALSE(sent<to_client::PlayPending>(effects).at(0).message.waiting);
    EXPECT_TRUE(sent<to_client::PlayerEvent>(stage.wait(seconds{5})).empty());
    EXPECT_TRUE(sent<to_client::PlayerEvent>(stage.play(1, 0)).empty()) << "has not loaded it yet";
    EXPECT_EQ(sent<to_client::PlayerEvent>(stage.on(Ready{client(2), std::nullopt})).size(), 1u);
}

TEST(Title, IsNotMovedByWhatTheHostSaidOfTheOldOne) {
    Stage stage{v2(1), fixed()};
    stage.seat(v2(2));
    (void)stage.play(1, 1000);
    (void)stage.wait(seconds{30});
    (void)stage.on(SetMedia{client(1), title(7), 0});
    (void)stage.wait(milliseconds{300});
    EXPECT_TRUE(stage.report(1, 1030, PlayState::playing).empty());
    EXPECT_EQ(stage.room->timeline().position_seconds, 0);
}

// ---- the play that waits ----------------------------------------------------------------------

TEST(PendingPlay, ACommandOfAPauseSaysThatNobodyIsToStart) {
    Stage stage{v2(1)};
    (void)stage.on(join(v2(2)));
    (void)stage.play(1, 42);
    const auto effects = stage.pause(1, 42);
    EXPECT_FALSE(sent<to_client::PlayPending>(effects).at(0).message.waiting);
    EXPECT_EQ(event_of(effects).timeline.position_seconds, 42);
    EXPECT_TRUE(sent<to_client::PlayerEvent>(stage.wait(seconds{5})).empty());
}

TEST(PendingPlay, ExcusesWhoLetItTimeOutUntilItIsReady) {
    Stage stage{v2(1)};
    (void)stage.on(join(v1(2)));
    (void)stage.play(1, 0);
    EXPECT_EQ(sent<to_client::PlayerEvent>(stage.wait(seconds{2})).size(), 1u);
    EXPECT_EQ(sent<to_client::PlayerEvent>(stage.play(1, 5)).size(), 1u) << "excused";
    (void)stage.on(Ready{client(2), std::nullopt});
    (void)stage.on(Status{client(2), ParticipantStatus::buffering, std::nullopt, std::nullopt});
    EXPECT_TRUE(sent<to_client::PlayerEvent>(stage.play(1, 9)).empty()) << "waited for again";
}

TEST(PendingPlay, DoesNotWaitForWhoIsAway) {
    Stage stage{v2(1)};
    (void)stage.on(join(v2(2)));
    (void)stage.on(Status{client(2), ParticipantStatus::away, std::nullopt, std::nullopt});
    EXPECT_EQ(sent<to_client::PlayerEvent>(stage.play(1, 0)).size(), 1u);
}

TEST(PendingPlay, EndsWhenTheLastOneIsLost) {
    Stage stage{v2(1)};
    (void)stage.on(join(v2(2)));
    (void)stage.play(1, 0);
    EXPECT_EQ(sent<to_client::PlayerEvent>(stage.on(Disconnect{client(2)})).size(), 1u);
}

/// A play goes the moment that nobody is left to wait for, or after 2 s, whichever comes first.
RC_GTEST_PROP(PendingPlayProperty, AgreesWithTheNaiveTwin, ()) {
    Stage stage{v2(1)};
    std::map<int, bool> ready;
    std::set<int> excused;
    const int guests = *rc::gen::inRange(0, 6);
    for (int guest = 2; guest < 2 + guests; ++guest) {
        (void)stage.on(join(v2(guest)));
        ready[guest] = *rc::gen::arbitrary<bool>();
        if (ready[guest])
            (void)stage.on(Ready{client(guest), std::nullopt});
    }
    const auto anybody = [&] {
        return std::ranges::any_of(
            ready, [&](const auto& each) { return !each.second && !excused.contains(each.first); });
    };
    bool pending = false;
    ServerTime deadline{};
    const int steps = *rc::gen::inRange(1, 40);
    for (int i = 0; i < steps; ++i) {
        std::size_t expected = 0;
        std::vector<Effect> effects;
        const int guest = *rc::gen::inRange(2, 8);
        const bool here = ready.contains(guest);
        switch (*rc::gen::inRange(0, 5)) {
        case 0:
            effects = stage.play(1, 5);
            if (!pending)
                deadline = stage.now + seconds{2};
            pending = true;
            break;
        case 1:
            if (here) {
                effects = stage.on(Ready{client(guest), std::nullopt});
                ready[guest] = true;
                excused.erase(guest);
            }
            break;
        case 2:
            if (here) {
                effects = stage.on(Status{client(guest), ParticipantStatus::buffering, std::nullopt,
                                          std::nullopt});
                ready[guest] = false;
            }
            break;
        case 3:
            if (here) {
                effects = stage.on(Leave{client(guest)});
                ready.erase(guest);
                excused.erase(guest);
            }
            break;
        default: {
            const auto duration = milliseconds{*rc::gen::element(1, 500, 1999, 2000)};
            if (pending && anybody() && deadline <= stage.now + duration) {
                for (const auto& [each, is_ready] : ready)
                    if (!is_ready)
                        excused.insert(each);
            }
            effects = stage.wait(duration);
        }
        }
        if (pending && !anybody()) {
            expected = 1;
            pending = false;
        }
        RC_ASSERT(sent<to_client::PlayerEvent>(effects).size() == expected);
    }
}

} // namespace
} // namespace owp::core
