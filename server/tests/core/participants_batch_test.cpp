#include "core/participants_batch.hpp"

#include "tests/core/support.hpp"

#include <gtest/gtest.h>

namespace owp::core {
namespace {

using namespace test;

struct Batch : testing::Test {
    ParticipantsBatch batch{milliseconds{100}};
    std::vector<Member> members{Member{.who = v2(1)}, Member{.who = v1(2)}};
};

TEST_F(Batch, SeveralChangesMakeOneMessage) {
    batch.membership_changed(at(0));
    batch.membership_changed(at(60));
    EXPECT_EQ(batch.due(), at(100));
    EXPECT_EQ(batch.take(members), (std::vector{client(1), client(2)}));
    EXPECT_FALSE(batch.due());
    EXPECT_TRUE(batch.take(members).empty());
}

TEST_F(Batch, LeavesOutWhoKnowsAlready) {
    batch.membership_changed(at(0));
    members[0].knows = batch.version();
    EXPECT_EQ(batch.take(members), std::vector{client(2)});
}

TEST_F(Batch, V1HearsOnlyOfWhoIsHere) {
    batch.status_changed(at(0));
    EXPECT_EQ(batch.take(members), std::vector{client(1)});
    batch.membership_changed(at(200));
    EXPECT_EQ(batch.take(members), (std::vector{client(1), client(2)}));
}

TEST_F(Batch, NumbersWaitLongerAndGoAlongWithTheRest) {
    batch.measures_changed(at(0));
    EXPECT_EQ(batch.due(), at(2000));
    batch.status_changed(at(500));
    EXPECT_EQ(batch.due(), at(600));
}

TEST_F(Batch, NothingGoesToALostConnection) {
    batch.membership_changed(at(0));
    members[0].connected = false;
    EXPECT_EQ(batch.take(members), std::vector{client(2)});
}

} // namespace
} // namespace owp::core
