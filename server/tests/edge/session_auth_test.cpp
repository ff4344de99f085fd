#include "edge/session.hpp"

#include "tests/edge/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::edge {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(SessionAuth, OffTakesNamesWithoutAnAnswer) {
    Desk desk;
    EXPECT_THAT(sent<to_client::AuthSuccess>(desk.say("auth", R"({"user_name":"Zoe"})")),
                IsEmpty());
    EXPECT_EQ(to_rooms<core::Join>(desk.say("join_room", "{}", room(1))).at(0).who.name, "Zoe");
}

TEST(SessionAuth, OffAnswersATokenAllTheSame) {
    Desk desk;
    const auto effects = desk.say("auth", R"({"token":"x","user_name":"Tom"})");
    EXPECT_EQ(sent<to_client::AuthSuccess>(effects).at(0).user_name, "Tom");
    EXPECT_THAT(all_of<VerifyToken>(effects), IsEmpty());
}

TEST(SessionAuth, WhoHasNoNameIsAnonymous) {
    Desk desk;
    EXPECT_EQ(to_rooms<core::Join>(desk.say("join_room", "{}", room(1))).at(0).who.name,
              "Anonymous");
}

TEST(SessionAuth, OnAllowsNothingBefore) {
    Desk desk{guarded()};
    EXPECT_THAT(all_of<AwaitRoomList>(desk.opening), IsEmpty());
    for (const char* type : {"list_rooms", "create_room", "leave_room", "client_log"})
        EXPECT_THAT(desk.errors(desk.say(type)), ElementsAre(ErrorCode::authentication_required));
    EXPECT_EQ(sent<to_client::Pong>(desk.say("ping")).size(), 1u);
    EXPECT_FALSE(desk.session.wants_room_list());
}

TEST(SessionAuth, OnWelcomesAGoodToken) {
    Desk desk{guarded()};
    EXPECT_EQ(
        all_of<VerifyToken>(desk.say("auth", R"({"token":"t","user_name":"Eve"})")).at(0).token,
        "t");
    const auto effects = desk.on(good("u1", "  Ann\x07 ", desk.now + seconds{60}));
    EXPECT_EQ(sent<to_client::AuthSuccess>(effects).at(0).user_name, "Ann") << "cleaned";
    EXPECT_EQ(all_of<AwaitRoomList>(effects).size(), 1u);
    const auto who =
        to_rooms<core::Join>(desk.say("join_room", R"({"user_name":"Mallory"})", room(1)))
            .at(0)
            .who;
    EXPECT_EQ(who.name, "Ann") << "a token's name stays";
    EXPECT_EQ(who.user_id, "u1");
}

TEST(SessionAuth, WhoIsKnownIsSignedInFromTheStart) {
    Desk desk{guarded(), KnownUser{"u1", " Ann\u202e "}};
    EXPECT_EQ(sent<to_client::Hello>(desk.opening).size(), 1u);
    EXPECT_EQ(all_of<AwaitRoomList>(desk.opening).size(), 1u);
    EXPECT_TRUE(desk.session.wants_room_list());
    EXPECT_THAT(all_of<Close>(desk.wait(seconds{30})), IsEmpty()) << "no token is waited for";
    const auto who = to_rooms<core::Join>(desk.say("join_room", R"({"user_name":"M"})", room(1)));
    EXPECT_EQ(who.at(0).who.name, "Ann") << "cleaned";
    EXPECT_EQ(who.at(0).who.user_id, "u1");
}

TEST(SessionAuth, WhoIsKnownStaysWhoTheyAre) {
    for (const SessionOptions& options : {guarded(), SessionOptions{}}) {
        Desk desk{options, KnownUser{"u1", "Ann"}};
        for (const char* payload :
             {R"({"user_name":"Bob","user_id":"u2"})", R"({"token":"t","user_name":"Bob"})",
              R"({"protocol_version":1,"features":["owp.v2"],"user_name":"Bob"})"}) {
            const auto effects = desk.say("auth", payload);
            EXPECT_THAT(all_of<VerifyToken>(effects), IsEmpty());
            ASSERT_EQ(sent<to_client::AuthSuccess>(effects).size(), 1u) << payload;
            EXPECT_EQ(sent<to_client::AuthSuccess>(effects).at(0).user_name, "Ann");
            EXPECT_EQ(sent<to_client::AuthSuccess>(effects).at(0).user_id, "u1");
        }
        EXPECT_EQ(desk.session.dialect(), Dialect::v2);
    }
}

TEST(SessionAuth, WhoIsKnownByABlankNameIsAnonymousWhateverTheySay) {
    Desk desk{guarded(), KnownUser{"u1", "\u200b "}};
    EXPECT_EQ(
        sent<to_client::AuthSuccess>(desk.say("auth", R"({"user_name":"Bob"})")).at(0).user_name,
        "Anonymous");
}

TEST(SessionAuth, WhoIsKnownAndLostFindsTheirSeat) {
    Desk desk{guarded(), KnownUser{"u1", "Ann"}};
    EXPECT_EQ(all_of<FindSeat>(desk.say("auth", "{}")).at(0).user_id, "u1");
}

TEST(SessionAuth, ABadTokenLeavesThingsAsTheyAre) {
    Desk desk{guarded()};
    (void)desk.say("auth", R"({"token":"t"})");
    EXPECT_THAT(desk.errors(desk.on(bad(ErrorCode::invalid_token))),
                ElementsAre(ErrorCode::invalid_token));
    (void)desk.say("auth", R"({"token":"t"})");
    (void)desk.on(good("u1", "Ann", desk.now + seconds{60}));
    (void)desk.say("auth", R"({"token":"t"})");
    (void)desk.on(bad(ErrorCode::token_expired));
    EXPECT_EQ(all_of<SendRoomList>(desk.say("list_rooms")).size(), 1u) << "still signed in";
}

TEST(SessionAuth, TheLastOfSeveralAuthsCounts) {
    Desk desk{guarded()};
    (void)desk.say("auth", R"({"token":"one"})");
    (void)desk.say("auth", R"({"token":"two"})");
    EXPECT_THAT(desk.on(good("u1", "Ann", desk.now + seconds{60})), IsEmpty());
    EXPECT_EQ(desk.errors(desk.on(bad(ErrorCode::invalid_token))).size(), 1u);
    EXPECT_THAT(desk.on(good("u1", "Ann", desk.now + seconds{60})), IsEmpty()) << "never asked";
}

TEST(SessionAuth, ClosesWhoDoesNotSignIn) {
    Desk desk{guarded()};
    (void)desk.say("auth", R"({"token":"t"})");
    (void)desk.on(bad(ErrorCode::invalid_token));
    EXPECT_THAT(all_of<Close>(desk.wait(milliseconds{9'999})), IsEmpty());
    EXPECT_EQ(all_of<Close>(desk.wait(milliseconds{1})).at(0).code,
              CloseCode::authentication_timeout);
}

TEST(SessionAuth, WhoCannotBeJudgedNowComesBackLater) {
    Desk desk{guarded()};
    (void)desk.say("auth", R"({"token":"t"})");
    const auto effects = desk.on(bad(ErrorCode::auth_unavailable));
    EXPECT_THAT(desk.errors(effects), ElementsAre(ErrorCode::auth_unavailable));
    ASSERT_EQ(all_of<Close>(effects).size(), 1u);
    EXPECT_EQ(all_of<Close>(effects).at(0).code, CloseCode::try_again_later);
}

TEST(SessionAuth, WhoIsSignedInStaysWhenTheNextTokenCannotBeJudged) {
    Desk desk{guarded()};
    (void)desk.say("auth", R"({"token":"t"})");
    (void)desk.on(good("u1", "Ann", desk.now + seconds{60}));
    desk.enter(room(1));
    (void)desk.say("auth", R"({"token":"t"})");
    const auto effects = desk.on(bad(ErrorCode::auth_unavailable));
    EXPECT_THAT(desk.errors(effects), ElementsAre(ErrorCode::auth_unavailable));
    EXPECT_THAT(all_of<Close>(effects), IsEmpty());
    EXPECT_TRUE(desk.session.hears(room(1)));
}

TEST(SessionAuth, WhoIsNotAllowedMayTryAnotherToken) {
    Desk desk{guarded()};
    (void)desk.say("auth", R"({"token":"t"})");
    const auto effects = desk.on(bad(ErrorCode::user_not_allowed));
    EXPECT_THAT(desk.errors(effects), ElementsAre(ErrorCode::user_not_allowed));
    EXPECT_THAT(all_of<Close>(effects), IsEmpty());
}

TEST(SessionAuth, WhoIsSignedOutElsewhereIsClosed) {
    Desk desk{guarded()};
    (void)desk.say("auth", R"({"token":"t"})");
    (void)desk.on(good("u1", "Ann", desk.now + seconds{60}));
    desk.enter(room(1));
    const auto effects = desk.on(SignedOut{});
    ASSERT_EQ(all_of<Close>(effects).size(), 1u);
    EXPECT_EQ(all_of<Close>(effects).at(0).code, CloseCode::signed_out);
    EXPECT_THAT(desk.say("chat_message", R"({"text":"x"})", room(1)), IsEmpty());
    EXPECT_THAT(all_of<Close>(desk.on(SignedOut{})), IsEmpty()) << "once";
}

TEST(SessionAuth, AnExpiredTokenKeepsTheRoomButEntersNoOther) {
    Desk desk{guarded()};
    (void)desk.say("auth", R"({"token":"t"})");
    (void)desk.on(good("u1", "Ann", desk.now + seconds{30}));
    desk.enter(room(1));
    EXPECT_THAT(desk.errors(desk.wait(seconds{40})), ElementsAre(ErrorCode::token_expired))
        << "once";
    EXPECT_TRUE(desk.session.hears(room(1)));
    EXPECT_EQ(to_rooms<core::Chat>(desk.say("chat_message", R"({"text":"x"})", room(1))).size(),
              1u);
    for (const char* type : {"join_room", "create_room"}) {
        EXPECT_THAT(desk.errors(desk.say(type, "{}", room(2))),
                    ElementsAre(ErrorCode::token_expired));
        EXPECT_TRUE(desk.session.hears(room(1))) << "nothing was left for it";
    }
    (void)desk.say("auth", R"({"token":"t2"})");
    (void)desk.on(good("u1", "Ann", desk.now + seconds{3600}));
    EXPECT_EQ(to_rooms<core::Join>(desk.say("join_room", "{}", room(2))).size(), 1u);
}

TEST(SessionAuth, RefusesAnotherProtocolVersion) {
    Desk desk;
    const auto effects = desk.say("auth", R"({"protocol_version":2})");
    EXPECT_THAT(desk.errors(effects), ElementsAre(ErrorCode::protocol_version_unsupported));
    EXPECT_EQ(all_of<Close>(effects).at(0).code, CloseCode::policy_violation);
}

TEST(SessionAuth, GivesV2ToWhoAsksForIt) {
    Desk desk;
    EXPECT_THAT(desk.errors(desk.say("subscribe_rooms")),
                ElementsAre(ErrorCode::unknown_message_type));
    const auto effects = desk.say("auth", R"({"protocol_version":1,"features":["x","owp.v2"]})");
    EXPECT_EQ(sent<to_client::AuthSuccess>(effects).at(0).resume_token, desk.token);
    EXPECT_EQ(desk.session.dialect(), Dialect::v2);
    EXPECT_FALSE(desk.session.wants_room_list());
    const auto who = to_rooms<core::Join>(desk.say("join_room", "{}", room(1))).at(0).who;
    EXPECT_TRUE(who.follows_timeline);
    EXPECT_EQ(who.resume_token, desk.token);
}

TEST(SessionAuth, KeepsItsDialectInsideARoom) {
    Desk desk;
    desk.enter(room(1));
    desk.become_v2();
    EXPECT_EQ(desk.session.dialect(), Dialect::v1) << "the room counts on it";
    (void)desk.say("leave_room");
    desk.become_v2();
    EXPECT_EQ(desk.session.dialect(), Dialect::v2);
}

// ---- a v1 guest's way back ---------------------------------------------------------------------

TEST(SessionSeat, IsSoughtOnceByAV1User) {
    Desk desk;
    EXPECT_EQ(all_of<FindSeat>(desk.say("auth", R"({"user_id":"u1"})")).at(0).user_id, "u1");
    EXPECT_THAT(all_of<FindSeat>(desk.say("auth", R"({"user_id":"u1"})")), IsEmpty());
    const auto join = to_rooms<core::Join>(desk.on(SeatFound{room(1)})).at(0);
    EXPECT_TRUE(join.reseat_only);
    (void)desk.on(RoomAdmitted{room(1)});
    EXPECT_TRUE(desk.session.hears(room(1)));
}

const Event no_seat_in_room_1[] = {RoomRefused{room(1), ErrorCode::room_not_found},
                                   RoomUnknown{room(1)}};

TEST(SessionSeat, ThatIsGoneIsNoError) {
    for (const Event& answer : no_seat_in_room_1) {
        Desk desk;
        (void)desk.say("auth", R"({"user_id":"u1"})");
        (void)desk.on(SeatFound{room(1)});
        EXPECT_THAT(desk.on(answer), IsEmpty());
        EXPECT_TRUE(desk.session.wants_room_list());
    }
}

TEST(SessionSeat, ThatIsGoneLeavesNothingUnansweredThatWasSaidToIt) {
    for (const Event& answer : no_seat_in_room_1) {
        Desk desk;
        (void)desk.say("auth", R"({"user_id":"u1"})");
        (void)desk.on(SeatFound{room(1)});
        EXPECT_THAT(to_rooms<core::Chat>(desk.say("chat_message", R"({"text":"back"})", room(1))),
                    testing::SizeIs(1));
        (void)desk.on(answer);
        // As often as the room, which has closed meanwhile, was spoken to
        for (int said = 0; said < 2; ++said)
            EXPECT_THAT(desk.errors(desk.on(RoomMissed{room(1)})),
                        ElementsAre(ErrorCode::not_in_room));
        EXPECT_THAT(desk.on(RoomMissed{room(2)}), IsEmpty());
    }
}

TEST(SessionSeat, ThatIsLeftByAJoinIsForgotten) {
    Desk desk;
    (void)desk.say("auth", R"({"user_id":"u1"})");
    (void)desk.on(SeatFound{room(1)});
    (void)desk.on(RoomUnknown{room(1)});
    (void)desk.say("join_room", "{}", room(1));
    EXPECT_THAT(desk.errors(desk.on(RoomUnknown{room(1)})), ElementsAre(ErrorCode::room_not_found));
    EXPECT_THAT(desk.on(RoomMissed{room(1)}), IsEmpty()) << "that there is none was said";
}

TEST(SessionSeat, IsNotTakenBySomebodyWhoFoundAPlaceMeanwhile) {
    Desk desk;
    (void)desk.say("auth", R"({"user_id":"u1"})");
    (void)desk.say("join_room", "{}", room(2));
    EXPECT_THAT(desk.on(SeatFound{room(1)}), IsEmpty());
}

TEST(SessionSeat, IsNotSoughtForV2WhichHasAToken) {
    Desk desk;
    EXPECT_THAT(all_of<FindSeat>(desk.say("auth", R"({"user_id":"u1","features":["owp.v2"]})")),
                IsEmpty());
}

} // namespace
} // namespace owp::edge
