#include "app/room_owner.hpp"

#include "app/overloaded.hpp"
#include "tests/app/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::app {
namespace {

using test::client;
using test::room;
using test::text_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RoomOwnerTest : public testing::Test {
protected:
    static Sender sender(int number, ShardIndex shard = 0, Dialect dialect = Dialect::v1) {
        return {.client = client(number),
                .shard = shard,
                .dialect = dialect,
                .place = static_cast<std::uint32_t>(100 + number)};
    }
    static core::Identity who(int number, std::string user_id = "", Dialect dialect = Dialect::v1) {
        return {.client = client(number),
                .name = "N" + std::to_string(number),
                .user_id = std::move(user_id),
                .resume_token = std::nullopt,
                .follows_timeline = dialect == Dialect::v2};
    }
    void create(int host = 1, const std::string& user_id = "host") {
        owner.on(
            CreateRoom{sender(host), {.id = room(1), .host = who(host, user_id), .media_id = {}}});
    }
    void join(const Sender& from, int number, std::string user_id = "") {
        owner.on(RoomCommand{
            from, room(1),
            core::Join{.who = who(number, std::move(user_id), from.dialect), .resume = {}}});
    }
    void command(const Sender& from, core::Event event) {
        owner.on(RoomCommand{from, room(1), std::move(event)});
    }
    /// What the edges are told of, as text.
    std::vector<std::string> told() {
        std::vector<std::string> all;
        const Overloaded name{
            [](const edge::RoomAdmitted&) { return "admitted"; },
            [](const edge::RoomRefused&) { return "refused"; },
            [](const edge::RoomUnknown&) { return "unknown"; },
            [](const edge::RoomMissed&) { return "missed"; },
            [](const edge::RoomDismissed&) { return "dismissed"; },
            [](const auto&) { return "something else"; },
        };
        for (const ToSession& message : shards.take<ToSession>())
            all.push_back(std::to_string(message.client.bytes[15]) + " " +
                          std::visit(name, message.event));
        return all;
    }

    test::TwoShards shards;
    Clock clock;
    Metrics metrics;
    Wire wire{shards.bus, 0};
    RoomOwner owner{{.members_max = 3}, clock, wire, metrics};
};

TEST_F(RoomOwnerTest, TellsTheCreatorAndEveryDirectory) {
    create();
    EXPECT_THAT(told(), ElementsAre("1 admitted"));
    EXPECT_EQ(shards.take<RoomListed>().size(), 2U); // one for each shard
    const auto delivered = shards.take<Deliver>();
    ASSERT_EQ(delivered.size(), 1U);
    EXPECT_THAT(text_of(*delivered[0].frames[0]), HasSubstr("room_state"));
    EXPECT_EQ(metrics.value(Metric::rooms), 1);
    EXPECT_EQ(metrics.value(Metric::members), 1);
}

TEST_F(RoomOwnerTest, KnowsNoRoomButItsOwn) {
    join(sender(2), 2);
    EXPECT_THAT(told(), ElementsAre("2 unknown"));
    command(sender(2), core::Chat{client(2), "hi"});
    EXPECT_THAT(told(), ElementsAre("2 missed"));
    command(sender(2), core::Leave{client(2)});
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_THAT(shards.take<Deliver>(), IsEmpty());
}

TEST_F(RoomOwnerTest, TakesACreationThatComesTwiceOnce) {
    create();
    create(2, "thief");
    EXPECT_EQ(metrics.value(Metric::rooms), 1);
    EXPECT_THAT(told(), ElementsAre("1 admitted"));
}

TEST_F(RoomOwnerTest, EncodesABroadcastOnceForEachDialect) {
    create();
    join(sender(2, 1), 2);
    join(sender(3, 1, Dialect::v2), 3);
    shards.forget_all();
    command(sender(1), core::Chat{client(1), "hi"});
    const auto delivered = shards.take<Deliver>();
    ASSERT_EQ(delivered.size(), 2U); // one for each shard, whatever the number of members
    EXPECT_THAT(*delivered[0].to, ElementsAre(Receiver{client(1), 101}));
    EXPECT_THAT(*delivered[1].to, ElementsAre(Receiver{client(2), 102}, Receiver{client(3), 103}));
    EXPECT_EQ(delivered[0].frames[0]->wire(), delivered[1].frames[0]->wire());
    EXPECT_TRUE(delivered[0].frames[1]);
    EXPECT_EQ(delivered[0].room, room(1));
}

TEST_F(RoomOwnerTest, WorksOutOnceWhereAnAudienceIs) {
    create();
    join(sender(2), 2);
    const auto receivers = [&] {
        shards.forget_all();
        command(sender(1), core::Chat{client(1), "hi"});
        return shards.take<Deliver>().at(0).to;
    };
    const auto both = receivers();
    EXPECT_EQ(receivers(), both) << "the very same list";
    join(sender(3), 3);
    EXPECT_EQ(receivers()->size(), 3U);
    command(sender(2), core::Disconnect{client(2)});
    EXPECT_THAT(*receivers(), ElementsAre(Receiver{client(1), 101}, Receiver{client(3), 103}));
    command(sender(3, 0, Dialect::v2), core::Ready{client(3), {}});
    shards.forget_all();
    command(sender(1), core::Chat{client(1), "hi"});
    EXPECT_TRUE(shards.take<Deliver>().at(0).frames[1]) << "one speaks another dialect now";
}

TEST_F(RoomOwnerTest, RefusesWithAnErrorThatMayBeHeardOutside) {
    create();
    join(sender(2), 2);
    join(sender(3), 3);
    shards.forget_all();
    join(sender(4), 4);
    EXPECT_THAT(told(), ElementsAre("4 refused"));
    command(sender(4), core::Chat{client(4), "let me in"});
    const auto delivered = shards.take<Deliver>();
    ASSERT_EQ(delivered.size(), 1U);
    EXPECT_THAT(*delivered[0].to, ElementsAre(Receiver{client(4), 104}));
    EXPECT_EQ(delivered[0].room, std::nullopt);
    EXPECT_EQ(metrics.errors(ErrorCode::not_in_room), 1);
}

TEST_F(RoomOwnerTest, GivesEverythingBackWhenTheRoomCloses) {
    create();
    join(sender(2, 1), 2);
    shards.forget_all();
    command(sender(1), core::Disconnect{client(1)});
    EXPECT_EQ(shards.take<RoomDelisted>().size(), 2U);
    const auto released = shards.take<ReleaseRoom>();
    ASSERT_EQ(released.size(), 1U);
    EXPECT_EQ(released[0].user_id, "host");
    EXPECT_THAT(told(), ElementsAre("2 dismissed"));
    EXPECT_EQ(metrics.value(Metric::rooms), 0);
    EXPECT_EQ(metrics.value(Metric::members), 0);
    EXPECT_EQ(owner.wake_at(), std::nullopt);
    join(sender(3), 3);
    EXPECT_THAT(told(), ElementsAre("3 unknown"));
}

TEST_F(RoomOwnerTest, HoldsALostGuestsSeatForItsUser) {
    create();
    join(sender(2), 2, "guest");
    shards.forget_all();
    command(sender(2), core::Disconnect{client(2)});
    const auto held = shards.take<HoldSeat>();
    ASSERT_EQ(held.size(), 1U);
    EXPECT_EQ(held[0].user_id, "guest");
    EXPECT_EQ(metrics.value(Metric::members), 1);
    join(sender(3), 3, "guest");
    EXPECT_EQ(shards.take<DropSeat>().size(), 1U);
    EXPECT_EQ(metrics.value(Metric::members), 2);
}

TEST_F(RoomOwnerTest, AsksTheEdgeOfWhoWantsToComeIn) {
    RoomOwner checking{{.access_checked = true}, clock, wire, metrics};
    const MediaId film{{1}};
    const auto verdict = [&](const Sender& from, const std::string& user, bool allowed) {
        checking.on(
            RoomCommand{from, room(1), core::AccessVerdict{from.client, user, film, allowed}});
    };
    checking.on(CreateRoom{sender(1), {.id = room(1), .host = who(1, "host"), .media_id = film}});
    EXPECT_EQ(shards.take<AskAccess>().at(0).question.user_id, "host");
    EXPECT_THAT(shards.take<RoomListed>(), IsEmpty());
    EXPECT_EQ(metrics.value(Metric::members), 0);
    verdict(sender(1), "host", true);
    EXPECT_THAT(told(), ElementsAre("1 admitted"));
    EXPECT_EQ(shards.take<DropSeat>().size(), 1U);

    const Sender guest = sender(2, 1, Dialect::v2);
    checking.on(RoomCommand{guest, room(1), core::Join{.who = who(2, "guest"), .resume = {}}});
    shards.deliver();
    ASSERT_EQ(shards.got[1].size(), 2U) << "the list and the question, at the guest's shard";
    EXPECT_TRUE(std::holds_alternative<AskAccess>(shards.got[1].back()));
    EXPECT_EQ(metrics.value(Metric::members), 1);
    verdict(guest, "guest", true);
    EXPECT_THAT(told(), ElementsAre("2 admitted"));
    EXPECT_EQ(metrics.value(Metric::members), 2);

    const Sender outsider = sender(3, 1);
    checking.on(RoomCommand{outsider, room(1), core::Join{.who = who(3, "out"), .resume = {}}});
    verdict(outsider, "out", false);
    EXPECT_THAT(told(), ElementsAre("3 refused"));
    checking.on(RoomCommand{outsider, room(1), core::Join{.who = who(3, "out"), .resume = {}}});
    checking.on(RoomCommand{sender(1), room(1), core::Leave{client(1)}});
    EXPECT_THAT(told(), testing::UnorderedElementsAre("1 dismissed", "2 dismissed", "3 refused"))
        << "who knocks is not forgotten";
    EXPECT_EQ(metrics.value(Metric::members), 0);
}

TEST_F(RoomOwnerTest, WakesARoomThatWaits) {
    create();
    join(sender(2), 2);
    command(sender(1), core::Command{.client = client(1),
                                     .action = PlayerAction::play,
                                     .position_seconds = 1,
                                     .play_state = {}});
    shards.forget_all();
    const ServerTime start = clock.now();
    std::string played;
    while (const auto when = owner.wake_at()) {
        ASSERT_LT(*when, start + std::chrono::seconds{5});
        owner.wake(*when);
        for (const Deliver& message : shards.take<Deliver>())
            if (message.frames[0] &&
                text_of(*message.frames[0]).find("player_event") != std::string::npos)
                played = text_of(*message.frames[0]);
        if (!played.empty())
            break;
    }
    EXPECT_THAT(played, HasSubstr("\"play\""));
}

} // namespace
} // namespace owp::app
