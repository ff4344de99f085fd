#include "core/room.hpp"

#include "tests/core/room_watch.hpp"
#include "tests/core/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::core {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr MediaId film{{1}};
constexpr MediaId sequel{{2}};

Identity user(int number) {
    return v2(number, "u" + std::to_string(number));
}

/// A room that asks, under the eyes of RoomWatch.
struct Checked {
    explicit Checked(std::optional<MediaId> media = film, std::uint32_t members_max = 4,
                     bool is_private = false)
        : room{{.members_max = members_max, .access_checked = true, .invite_lifetime = seconds{60}},
               {.id = room_id(), .host = user(1), .media_id = media, .is_private = is_private},
               at(0),
               opening} {
        watch.saw(room, WakeUp{}, at(0), opening);
    }
    std::vector<Effect> on(const Event& event) {
        auto effects = room.on(event, now);
        watch.saw(room, event, now, effects);
        return effects;
    }
    std::vector<Effect> answer(int number, bool allowed, MediaId media = film) {
        return on(AccessVerdict{client(number), "u" + std::to_string(number), media, allowed});
    }
    void seat(int number) {
        (void)on(join(user(number)));
        (void)answer(number, true);
    }

    ServerTime now = at(0);
    std::vector<Effect> opening;
    Room room;
    RoomWatch watch;
};

/// A private one that is open, with this ticket to it.
constexpr InviteTicket ticket{{7}};
struct CheckedPrivate : Checked {
    CheckedPrivate() : Checked{film, 4, true} {
        const auto opened = answer(1, true);
        EXPECT_FALSE(all_of<Admitted>(opened).at(0).listed);
        EXPECT_THAT(all_of<SummaryChanged>(opened), IsEmpty());
        (void)on(CreateInvite{client(1), ticket});
    }
    std::vector<Effect> join_with(int number, InviteTicket brought) {
        return on(Join{.who = user(number), .resume = std::nullopt, .ticket = brought});
    }
};

std::vector<ErrorCode> refusals(const std::vector<Effect>& effects) {
    std::vector<ErrorCode> codes;
    for (const JoinRefused& refused : all_of<JoinRefused>(effects))
        codes.push_back(refused.code);
    return codes;
}

TEST(RoomAccess, OpensWhenItsHostMaySeeTheTitle) {
    Checked room;
    ASSERT_THAT(room.opening, SizeIs(1));
    EXPECT_EQ(all_of<AskAccess>(room.opening).at(0).media_id, film);
    EXPECT_THAT(refusals(room.on(join(user(2)))), ElementsAre(ErrorCode::room_not_found));
    EXPECT_THAT(room.on(WakeUp{}), IsEmpty());
    const auto effects = room.answer(1, true);
    EXPECT_THAT(all_of<Admitted>(effects), SizeIs(1));
    EXPECT_THAT(all_of<SummaryChanged>(effects), SizeIs(1));
    EXPECT_THAT(sent<to_client::RoomState>(effects), SizeIs(1));
}

TEST(RoomAccess, IsNoRoomIfItsHostMayNotSeeTheTitle) {
    Checked room;
    const auto effects = room.answer(1, false);
    EXPECT_THAT(refusals(effects), ElementsAre(ErrorCode::media_forbidden));
    EXPECT_THAT(all_of<Closed>(effects), SizeIs(1));
    EXPECT_THAT(all_of<SummaryChanged>(effects), IsEmpty());
    EXPECT_TRUE(room.room.closed());
}

TEST(RoomAccess, EndsWithAHostThatGoesBeforeItOpens) {
    Checked left;
    EXPECT_THAT(refusals(left.on(Leave{client(1)})), ElementsAre(ErrorCode::room_not_found));
    EXPECT_TRUE(left.room.closed());
    Checked lost;
    EXPECT_THAT(all_of<Closed>(lost.on(Disconnect{client(1)})), SizeIs(1));
}

TEST(RoomAccess, AdmitsAndTellsNobodyBeforeTheAnswer) {
    Checked room;
    (void)room.answer(1, true);
    const auto asked = room.on(join(user(2)));
    ASSERT_THAT(asked, SizeIs(1));
    EXPECT_EQ(all_of<AskAccess>(asked).at(0).user_id, "u2");
    EXPECT_THAT(sent<to_client::ChatMessage>(room.on(Chat{client(1), "hi"})).at(0).to,
                ElementsAre(client(1)));
    EXPECT_THAT(all_of<Admitted>(room.answer(2, true)), SizeIs(1));
}

TEST(RoomAccess, RefusesWhoMayNotSeeTheTitle) {
    Checked room;
    (void)room.answer(1, true);
    (void)room.on(join(user(2)));
    const auto effects = room.answer(2, false);
    EXPECT_THAT(refusals(effects), ElementsAre(ErrorCode::media_forbidden));
    EXPECT_THAT(effects, SizeIs(1));
    EXPECT_THAT(room.answer(2, true), IsEmpty()) << "it asks again first";
}

TEST(RoomAccess, AnAnswerIsForOneUserAndOneTitle) {
    Checked room;
    (void)room.answer(1, true);
    (void)room.on(join(user(2)));
    EXPECT_THAT(room.on(AccessVerdict{client(2), "somebody else", film, true}), IsEmpty());
    EXPECT_THAT(room.answer(2, true, sequel), IsEmpty());
    EXPECT_THAT(room.answer(3, true), IsEmpty());
    EXPECT_THAT(all_of<Admitted>(room.answer(2, true)), SizeIs(1));
}

TEST(RoomAccess, WhoKnocksIsBoundedAndForgotten) {
    Checked room{film, 2};
    (void)room.answer(1, true);
    (void)room.on(join(user(2)));
    EXPECT_THAT(refusals(room.on(join(user(2)))), ElementsAre(ErrorCode::room_not_found))
        << "one answer for each join";
    (void)room.on(join(user(3)));
    EXPECT_THAT(refusals(room.on(join(user(4)))), ElementsAre(ErrorCode::room_full));
    EXPECT_THAT(refusals(room.on(Leave{client(2)})), ElementsAre(ErrorCode::room_not_found));
    EXPECT_THAT(room.answer(2, true), IsEmpty());
    EXPECT_THAT(room.on(Disconnect{client(3)}), IsEmpty());
    EXPECT_THAT(room.answer(3, true), IsEmpty());
    EXPECT_THAT(all_of<AskAccess>(room.on(join(user(4)))), SizeIs(1));
    EXPECT_THAT(refusals(room.on(Close{client(1)})), ElementsAre(ErrorCode::room_not_found));
}

TEST(RoomAccess, AHeldSeatIsAskedAboutAgain) {
    Checked room;
    (void)room.answer(1, true);
    room.seat(2);
    (void)room.on(Disconnect{client(2)});
    (void)room.on(Join{.who = v2(3, "u2"), .resume = token(2)});
    EXPECT_THAT(refusals(room.on(AccessVerdict{client(3), "u2", film, false})),
                ElementsAre(ErrorCode::media_forbidden));
}

TEST(RoomAccess, ARoomWithoutATitleAsksNothing) {
    Checked room{std::nullopt};
    EXPECT_THAT(all_of<Admitted>(room.opening), SizeIs(1));
    EXPECT_THAT(all_of<Admitted>(room.on(join(user(2)))), SizeIs(1));
}

TEST(RoomAccess, LooksAtTheTicketOfAPrivateRoomBeforeItAsks) {
    CheckedPrivate room;
    const auto refused = room.join_with(2, {{8}});
    EXPECT_THAT(refusals(refused), ElementsAre(ErrorCode::room_not_found));
    EXPECT_THAT(refused, SizeIs(1)) << "nobody is asked";
    EXPECT_THAT(all_of<AskAccess>(room.join_with(2, ticket)), SizeIs(1));
    EXPECT_THAT(refusals(room.answer(2, false)), ElementsAre(ErrorCode::media_forbidden));
    (void)room.join_with(2, ticket);
    const auto admitted = room.answer(2, true);
    EXPECT_THAT(all_of<Admitted>(admitted), SizeIs(1));
    EXPECT_THAT(all_of<SummaryChanged>(admitted), IsEmpty());
}

TEST(RoomAccess, AWrongTicketTakesBackTheKnockWithTheRightOne) {
    CheckedPrivate room;
    (void)room.join_with(2, ticket);
    EXPECT_THAT(refusals(room.join_with(2, {{8}})),
                ElementsAre(ErrorCode::room_not_found, ErrorCode::room_not_found));
    EXPECT_THAT(room.answer(2, true), IsEmpty());
}

TEST(RoomAccess, ATicketThatExpiresWhileItIsAskedOpensNothing) {
    CheckedPrivate room;
    (void)room.join_with(2, ticket);
    room.now = at(60'000);
    EXPECT_THAT(refusals(room.answer(2, true)), ElementsAre(ErrorCode::room_not_found));
}

TEST(RoomAccess, ASeatThatEndsWhileItIsAskedOpensNoPrivateRoom) {
    CheckedPrivate room;
    (void)room.join_with(2, ticket);
    (void)room.answer(2, true);
    (void)room.on(Disconnect{client(2)});
    (void)room.on(Join{.who = v2(3, "u2"), .resume = token(2)});
    room.now = at(60'000);
    (void)room.on(WakeUp{});
    EXPECT_THAT(refusals(room.on(AccessVerdict{client(3), "u2", film, true})),
                ElementsAre(ErrorCode::room_not_found));
}

TEST(RoomAccess, AnotherTitleWaitsForTheAnswerOfAll) {
    Checked room;
    (void)room.answer(1, true);
    room.seat(2);
    room.seat(3);
    EXPECT_THAT(all_of<AskAccess>(room.on(SetMedia{client(1), sequel, 5})), SizeIs(3));
    EXPECT_THAT(room.answer(1, true, sequel), IsEmpty());
    EXPECT_THAT(room.answer(2, false, sequel), IsEmpty());
    EXPECT_EQ(room.room.timeline().media_id, film);
    const auto effects = room.answer(3, true, sequel);
    EXPECT_EQ(room.room.timeline().media_id, sequel);
    ASSERT_THAT(sent<to_client::Error>(effects), SizeIs(1));
    EXPECT_EQ(sent<to_client::Error>(effects)[0].message.code, ErrorCode::media_forbidden);
    EXPECT_THAT(sent<to_client::RoomClosed>(effects).at(0).to, ElementsAre(client(2)));
    EXPECT_EQ(all_of<Dismissed>(effects).at(0).client, client(2));
    for (const auto& state : sent<to_client::RoomState>(effects))
        EXPECT_NE(state.message.client, client(2));
    EXPECT_THAT(sent<to_client::RoomState>(effects), SizeIs(2));
}

TEST(RoomAccess, ATitleThatTheHostMayNotSeeChangesNothing) {
    Checked room;
    (void)room.answer(1, true);
    room.seat(2);
    (void)room.on(SetMedia{client(1), sequel, 5});
    (void)room.answer(2, false, sequel);
    const auto effects = room.answer(1, false, sequel);
    ASSERT_THAT(effects, SizeIs(1));
    EXPECT_THAT(sent<to_client::Error>(effects).at(0).to, ElementsAre(client(1)));
    EXPECT_EQ(room.room.timeline().media_id, film);
    EXPECT_THAT(room.watch.members(), SizeIs(2));
}

TEST(RoomAccess, WhoLeavesIsNotWaitedFor) {
    Checked room;
    (void)room.answer(1, true);
    room.seat(2);
    (void)room.on(SetMedia{client(1), sequel, 5});
    (void)room.answer(1, true, sequel);
    (void)room.on(Leave{client(2)});
    EXPECT_EQ(room.room.timeline().media_id, sequel);
}

TEST(RoomAccess, WhoKnocksMeanwhileIsAskedAboutTheNewTitle) {
    Checked room;
    (void)room.answer(1, true);
    (void)room.on(join(user(2)));
    (void)room.on(SetMedia{client(1), sequel, 5});
    EXPECT_THAT(room.answer(2, true), IsEmpty()) << "about the old one";
    EXPECT_THAT(room.on(join(user(3))), IsEmpty());
    const auto asked = all_of<AskAccess>(room.answer(1, true, sequel));
    ASSERT_THAT(asked, SizeIs(2));
    EXPECT_EQ(asked[0].media_id, sequel);
    EXPECT_THAT(all_of<Admitted>(room.answer(3, true, sequel)), SizeIs(1));
}

} // namespace
} // namespace owp::core
