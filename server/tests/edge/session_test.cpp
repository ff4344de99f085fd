#include "edge/session.hpp"

#include "tests/edge/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::edge {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

// ---- life --------------------------------------------------------------------------------------

TEST(Session, SaysHelloThenTheListAndPings) {
    const Desk desk;
    ASSERT_EQ(desk.opening.size(), 3u);
    EXPECT_EQ(sent<to_client::Hello>(desk.opening).at(0).client, desk.id);
    EXPECT_TRUE(std::holds_alternative<AwaitRoomList>(desk.opening[1]));
    EXPECT_TRUE(std::holds_alternative<SendPing>(desk.opening[2]));
}

TEST(Session, PingsSteadilyAndFindsTheDead) {
    Desk desk;
    EXPECT_EQ(all_of<SendPing>(desk.wait(milliseconds{59'999})).size(), 2u);
    const auto end = desk.wait(milliseconds{1});
    EXPECT_EQ(all_of<Close>(end).at(0).code, CloseCode::timed_out);
    EXPECT_FALSE(desk.session.wake_at());
}

TEST(Session, HoldsNobodyForDeadWhenItWasAwayItself) {
    Desk desk;
    (void)desk.wait(seconds{50});
    desk.now += seconds{75}; // stopped: nothing was read, no timer ran
    const auto awake = desk.on(WakeUp{});
    EXPECT_THAT(all_of<Close>(awake), IsEmpty());
    EXPECT_EQ(all_of<SendPing>(awake).size(), 1u);
    EXPECT_THAT(all_of<Close>(desk.wait(milliseconds{59'999})), IsEmpty());
    EXPECT_EQ(all_of<Close>(desk.wait(milliseconds{1})).size(), 1u) << "but it is asked again";
}

TEST(Session, MeasuresOftenAtFirst) {
    Desk desk;
    for (int i = 0; i < 7; ++i) {
        (void)desk.on(PongReceived{milliseconds{30}});
        EXPECT_THAT(all_of<SendPing>(desk.wait(milliseconds{249})), IsEmpty());
        EXPECT_EQ(all_of<SendPing>(desk.wait(milliseconds{1})).size(), 1u);
    }
    (void)desk.on(PongReceived{milliseconds{30}});
    EXPECT_THAT(all_of<SendPing>(desk.wait(milliseconds{19'999})), IsEmpty());
}

TEST(Session, AnySignOfLifeCounts) {
    Desk desk;
    (void)desk.wait(seconds{50});
    (void)desk.on(PongReceived{milliseconds{30}});
    (void)desk.wait(seconds{50});
    (void)desk.on(FrameReceived{"not even JSON"});
    EXPECT_THAT(all_of<Close>(desk.wait(seconds{59})), IsEmpty());
}

TEST(Session, AnswersAPingWithTheTimeItsBytesArrived) {
    Desk desk;
    (void)desk.wait(milliseconds{5});
    const auto pong = sent<to_client::Pong>(desk.say("ping", R"({"client_ts":1.5})")).at(0);
    EXPECT_EQ(pong.received, desk.now);
    EXPECT_EQ(pong.payload_json, R"({"client_ts":1.5})");
}

TEST(Session, RefusesBinaryAndStopsWithTheServer) {
    Desk binary;
    EXPECT_EQ(all_of<Close>(binary.on(BinaryReceived{})).at(0).code, CloseCode::unsupported_data);
    EXPECT_THAT(binary.say("ping"), IsEmpty()) << "nothing more is said";
    Desk stopping;
    EXPECT_EQ(all_of<Close>(stopping.on(ServerStopping{})).at(0).code, CloseCode::service_restart);
}

TEST(Session, AnswersWhatItCannotUnderstand) {
    Desk desk;
    EXPECT_THAT(desk.errors(desk.on(FrameReceived{"{"})), ElementsAre(ErrorCode::invalid_json));
    EXPECT_THAT(desk.errors(desk.say("explode")), ElementsAre(ErrorCode::unknown_message_type));
}

TEST(Session, DropsTheExcessAndTellsOnce) {
    Desk desk;
    for (int i = 0; i < 30; ++i)
        EXPECT_EQ(sent<to_client::Pong>(desk.say("ping")).size(), 1u);
    EXPECT_THAT(desk.errors(desk.say("ping")), ElementsAre(ErrorCode::rate_limited));
    EXPECT_THAT(desk.say("ping"), IsEmpty());
    (void)desk.wait(seconds{1});
    EXPECT_EQ(sent<to_client::Pong>(desk.say("ping")).size(), 1u);
}

TEST(Session, IsNotReadFromBeforeTheNextSecondWhenItSaysFarTooMuch) {
    Desk desk;
    for (int i = 0; i < 59; ++i)
        EXPECT_THAT(all_of<HoldReads>(desk.say("ping")), IsEmpty());
    (void)desk.wait(milliseconds{400});
    EXPECT_EQ(all_of<HoldReads>(desk.say("ping")).at(0).time, milliseconds{600});
}

TEST(Session, PassesClientLogsOn) {
    Desk desk;
    const auto log =
        all_of<LogClient>(desk.say("client_log", R"({"category":"WS","message":"up"})")).at(0);
    EXPECT_EQ(log.category + ":" + log.message, "WS:up");
}

// ---- the directory -----------------------------------------------------------------------------

TEST(SessionDirectory, GoesUnaskedToV1OutsideRooms) {
    Desk desk;
    EXPECT_EQ(all_of<SendRoomList>(desk.on(DirectoryChanged{})).size(), 1u);
    desk.enter(room(1));
    EXPECT_THAT(desk.on(DirectoryChanged{}), IsEmpty());
    (void)desk.on(RoomDismissed{room(1)});
    EXPECT_EQ(all_of<SendRoomList>(desk.on(DirectoryChanged{})).size(), 1u);
}

TEST(SessionDirectory, GoesToV2BySubscription) {
    Desk desk;
    desk.become_v2();
    EXPECT_THAT(desk.on(DirectoryChanged{}), IsEmpty());
    EXPECT_TRUE(all_of<SubscribeDirectory>(desk.say("subscribe_rooms")).at(0).on);
    EXPECT_TRUE(desk.session.wants_directory_deltas());
    EXPECT_FALSE(all_of<SubscribeDirectory>(desk.say("unsubscribe_rooms")).at(0).on);
    EXPECT_FALSE(desk.session.wants_directory_deltas());
    EXPECT_EQ(all_of<SendRoomList>(desk.say("list_rooms")).size(), 1u);
}

} // namespace
} // namespace owp::edge
