#include "edge/session.hpp"

#include "tests/edge/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace owp::edge {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(SessionRooms, CreatesInWhatItReserved) {
    Desk desk;
    (void)desk.say("auth", R"({"user_id":"u1","user_name":"Ann"})");
    const auto reserve = all_of<ReserveRoom>(desk.say("create_room", R"({"start_pos":5})")).at(0);
    EXPECT_EQ(reserve.user_id, "u1");
    EXPECT_EQ(reserve.rooms_max, 3u);
    const auto create = all_of<CreateRoom>(desk.on(RoomReserved{room(1)})).at(0);
    EXPECT_EQ(create.setup.id, room(1));
    EXPECT_EQ(create.setup.start_position_seconds, 5);
    EXPECT_EQ(create.setup.host.name, "Ann");
    EXPECT_FALSE(desk.session.hears(room(1)));
    (void)desk.on(RoomAdmitted{room(1)});
    EXPECT_TRUE(desk.session.hears(room(1)));
    EXPECT_EQ(all_of<SendRoomList>(desk.on(DirectoryChanged{})).size(), 1u) << "once";
    EXPECT_THAT(desk.on(DirectoryChanged{}), IsEmpty());
}

TEST(SessionRooms, SaysWhenThereAreTooMany) {
    Desk desk;
    (void)desk.say("create_room");
    EXPECT_THAT(desk.errors(desk.on(RoomReserved{std::nullopt})),
                ElementsAre(ErrorCode::room_limit_reached));
}

TEST(SessionRooms, ASecondCreateLeavesTheFirstAndIsNotCountedTwice) {
    Desk desk;
    (void)desk.say("create_room");
    (void)desk.on(RoomReserved{room(1)});
    (void)desk.on(RoomAdmitted{room(1)});
    const auto effects = desk.say("create_room");
    EXPECT_EQ(to_rooms<core::Leave>(effects).size(), 1u);
    EXPECT_EQ(all_of<ReserveRoom>(effects).at(0).rooms_max, 4u);
    EXPECT_FALSE(desk.session.hears(room(1)));
}

TEST(SessionRooms, GivesBackAReservationThatItDoesNotUse) {
    Desk left;
    (void)left.say("auth", R"({"user_id":"u1"})");
    (void)left.say("create_room");
    (void)left.say("leave_room");
    EXPECT_EQ(all_of<ReleaseRoom>(left.on(RoomReserved{room(1)})).at(0).user_id, "u1");
    EXPECT_THAT(left.on(RoomReserved{room(1)}), IsEmpty()) << "never asked";

    Desk gone;
    (void)gone.say("create_room");
    (void)gone.on(Closed{});
    EXPECT_EQ(all_of<ReleaseRoom>(gone.on(RoomReserved{room(1)})).size(), 1u);
}

TEST(SessionRooms, TwoCreatesUseOneReservation) {
    Desk desk;
    (void)desk.say("create_room", R"({"start_pos":1})");
    EXPECT_THAT(all_of<ReserveRoom>(desk.say("create_room", R"({"start_pos":2})")), IsEmpty());
    EXPECT_EQ(all_of<CreateRoom>(desk.on(RoomReserved{room(1)})).at(0).setup.start_position_seconds,
              2);
}

TEST(SessionRooms, TheCountIsThatOfTheReservingUser) {
    Desk desk;
    (void)desk.say("auth", R"({"user_id":"u1"})");
    (void)desk.say("create_room");
    (void)desk.say("auth", R"({"user_id":"u2"})");
    EXPECT_EQ(all_of<CreateRoom>(desk.on(RoomReserved{room(1)})).at(0).setup.host.user_id, "u1");
}

TEST(SessionRooms, JoiningElsewhereLeavesFirst) {
    Desk desk;
    desk.enter(room(1));
    const auto effects = desk.say("join_room", "{}", room(2));
    ASSERT_EQ(all_of<ToRoom>(effects).size(), 2u);
    EXPECT_EQ(all_of<ToRoom>(effects)[0].room, room(1));
    EXPECT_TRUE(std::holds_alternative<core::Leave>(all_of<ToRoom>(effects)[0].event));
    EXPECT_FALSE(desk.session.hears(room(1)));
    EXPECT_FALSE(desk.session.hears(room(2))) << "not before it is admitted";
}

TEST(SessionRooms, HearsNothingFromTheMomentItLeaves) {
    Desk desk;
    desk.enter(room(1));
    EXPECT_EQ(to_rooms<core::Leave>(desk.say("leave_room", "{}", room(1))).size(), 1u);
    EXPECT_FALSE(desk.session.hears(room(1)));
    EXPECT_TRUE(desk.session.wants_room_list());
    EXPECT_THAT(desk.on(RoomDismissed{room(1)}), IsEmpty());
}

TEST(SessionRooms, TellsWhyItWasNotAdmitted) {
    Desk desk;
    (void)desk.say("join_room", "{}", room(1));
    EXPECT_THAT(desk.errors(desk.on(RoomUnknown{room(1)})), ElementsAre(ErrorCode::room_not_found));
    (void)desk.say("join_room", "{}", room(1));
    EXPECT_THAT(desk.errors(desk.on(RoomRefused{room(1), ErrorCode::room_full})),
                ElementsAre(ErrorCode::room_full));
}

TEST(SessionRooms, OnlyV2JoinsWithAToken) {
    const std::string payload = R"({"resume_token":")" + std::string(32, 'a') + R"("})";
    Desk desk;
    EXPECT_FALSE(to_rooms<core::Join>(desk.say("join_room", payload, room(1))).at(0).resume);
    Desk two;
    two.become_v2();
    EXPECT_TRUE(to_rooms<core::Join>(two.say("join_room", payload, room(1))).at(0).resume);
}

TEST(SessionRooms, IsClosedWhenItsSuccessorTookTheSeat) {
    Desk desk;
    desk.enter(room(1));
    EXPECT_EQ(all_of<Close>(desk.on(RoomDismissed{room(1), true})).at(0).code, CloseCode::replaced);
    EXPECT_THAT(desk.on(Closed{}), IsEmpty()) << "the seat is not its own any more";
}

TEST(SessionRooms, PassesRequestsOnlyToItsRoom) {
    Desk desk;
    desk.become_v2();
    const std::map<std::string, std::string> requests{
        {"ready", "{}"},
        {"player_event", R"({"action":"play","position":1})"},
        {"state_update", R"({"position":1,"play_state":"playing"})"},
        {"chat_message", R"({"text":"x"})"},
        {"participant_status", R"({"status":"ready"})"},
        {"set_media",
         R"({"media_id":"0123456789abcdef0123456789abcdef","start_position_seconds":0})"},
        {"close_room", "{}"}};
    for (const auto& [type, payload] : requests)
        EXPECT_THAT(desk.errors(desk.say(type, payload, room(1))),
                    ElementsAre(ErrorCode::not_in_room));
    (void)desk.say("join_room", "{}", room(1));
    for (const auto& [type, payload] : requests) {
        EXPECT_EQ(all_of<ToRoom>(desk.say(type, payload, room(1))).size(), 1u) << type;
        EXPECT_THAT(desk.errors(desk.say(type, payload, room(2))),
                    ElementsAre(ErrorCode::not_in_room));
    }
}

TEST(SessionRooms, TellsTheRoomHowFarItIs) {
    Desk desk;
    (void)desk.on(PongReceived{milliseconds{80}});
    (void)desk.say("join_room", "{}", room(1));
    const auto known = to_rooms<core::DelayMeasured>(desk.on(RoomAdmitted{room(1)})).at(0);
    EXPECT_EQ(known.round_trip, milliseconds{80});
    EXPECT_EQ(known.jitter, milliseconds{40});
    EXPECT_EQ(to_rooms<core::DelayMeasured>(desk.on(PongReceived{milliseconds{80}})).size(), 1u);
}

TEST(SessionRooms, TheEndOfTheConnectionReachesTheRoom) {
    Desk inside;
    inside.enter(room(1));
    (void)inside.on(BinaryReceived{});
    EXPECT_EQ(to_rooms<core::Disconnect>(inside.on(Closed{})).size(), 1u);
    EXPECT_THAT(inside.on(Closed{}), IsEmpty());
    Desk joining;
    (void)joining.say("join_room", "{}", room(1));
    EXPECT_EQ(to_rooms<core::Disconnect>(joining.on(Closed{})).size(), 1u);
    Desk nowhere;
    EXPECT_THAT(nowhere.on(Closed{}), IsEmpty());
}

TEST(SessionRooms, AsksForAPrivateRoomInV2Alone) {
    Desk desk;
    (void)desk.say("create_room", R"({"private":true})");
    EXPECT_FALSE(all_of<CreateRoom>(desk.on(RoomReserved{room(1)})).at(0).setup.is_private);
    Desk two;
    two.become_v2();
    (void)two.say("create_room", R"({"private":true})");
    EXPECT_TRUE(all_of<CreateRoom>(two.on(RoomReserved{room(1)})).at(0).setup.is_private);
}

TEST(SessionRooms, BringsItsTicketInBothDialects) {
    const std::string payload = R"({"invite_ticket":")" + std::string(32, 'A') + R"("})";
    Desk desk;
    const auto ticket = to_rooms<core::Join>(desk.say("join_room", payload, room(1))).at(0).ticket;
    ASSERT_TRUE(ticket);
    EXPECT_EQ(to_hex_string(ticket->bytes), std::string(32, 'a'));
    Desk two;
    two.become_v2();
    EXPECT_TRUE(to_rooms<core::Join>(two.say("join_room", payload, room(1))).at(0).ticket);
    EXPECT_FALSE(to_rooms<core::Join>(two.say("join_room", R"({"invite_ticket":"a.b.c"})", room(2)))
                     .at(0)
                     .ticket);
}

TEST(SessionRooms, ATicketThatOpensNothingIsTheSameWhetherThereIsARoomOrNot) {
    const Event answers[] = {RoomUnknown{room(1)}, RoomRefused{room(1), ErrorCode::room_not_found}};
    for (const Event& answer : answers) {
        Desk desk;
        (void)desk.say("join_room", R"({"invite_ticket":"x"})", room(1));
        EXPECT_THAT(desk.errors(desk.on(answer)), ElementsAre(ErrorCode::invite_invalid));
        (void)desk.say("join_room", R"({"invite_ticket":""})", room(1));
        EXPECT_THAT(desk.errors(desk.on(answer)), ElementsAre(ErrorCode::room_not_found));
    }
    Desk desk;
    (void)desk.say("join_room", R"({"invite_ticket":"x"})", room(1));
    EXPECT_THAT(desk.errors(desk.on(RoomRefused{room(1), ErrorCode::room_full})),
                ElementsAre(ErrorCode::room_full));
}

TEST(SessionRooms, AsksForInvitesToItsOwnRoomOnly) {
    Desk desk;
    desk.become_v2();
    EXPECT_THAT(desk.errors(desk.say("create_invite", "{}", room(1))),
                ElementsAre(ErrorCode::not_in_room));
    desk.enter(room(1));
    EXPECT_EQ(all_of<MakeInvite>(desk.say("create_invite", "{}", room(1))).at(0).room, room(1));
    EXPECT_THAT(desk.errors(desk.say("create_invite", "{}", room(2))),
                ElementsAre(ErrorCode::not_in_room));
}

TEST(SessionRooms, V1GetsItsListAtOnceWhenItsRoomWasInNone) {
    const RoomAdmitted unlisted{room(1), false};
    Desk left;
    (void)left.say("join_room", "{}", room(1));
    (void)left.on(unlisted);
    EXPECT_EQ(all_of<SendRoomList>(left.say("leave_room", "{}", room(1))).size(), 1u);
    EXPECT_THAT(left.on(RoomDismissed{room(1)}), IsEmpty());
    Desk closed;
    (void)closed.say("join_room", "{}", room(1));
    (void)closed.on(unlisted);
    EXPECT_EQ(all_of<SendRoomList>(closed.on(RoomDismissed{room(1)})).size(), 1u);
    Desk listed;
    listed.enter(room(1));
    EXPECT_THAT(listed.on(RoomDismissed{room(1)}), IsEmpty()) << "the directory's change brings it";
}

} // namespace
} // namespace owp::edge
