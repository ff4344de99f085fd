#include "edge/delay_estimate.hpp"

#include "tests/edge/support.hpp"

#include <gtest/gtest.h>

namespace owp::edge {
namespace {

using namespace test;

const ClientId who = core::test::client(1);

TEST(DelayEstimate, KnowsNothingAtFirst) {
    EXPECT_FALSE(DelayEstimate{}.event_for(who));
}

TEST(DelayEstimate, TakesOneAloneWithAGrainOfSalt) {
    DelayEstimate delay;
    delay.measured(milliseconds{80});
    EXPECT_EQ(delay.event_for(who)->round_trip, milliseconds{80});
    EXPECT_EQ(delay.event_for(who)->jitter, milliseconds{40});
}

TEST(DelayEstimate, ShrugsOffALoadingPageAndALostPacket) {
    DelayEstimate delay;
    for (const int each : {214, 2, 1, 1, 2, 203, 1, 2})
        delay.measured(milliseconds{each});
    EXPECT_EQ(delay.event_for(who)->round_trip, milliseconds{2});
    EXPECT_LE(delay.event_for(who)->jitter, milliseconds{1});
}

TEST(DelayEstimate, KnowsAnUnsteadyPath) {
    DelayEstimate delay;
    for (const int each : {280, 320, 250, 350, 300, 260, 370, 310})
        delay.measured(milliseconds{each});
    EXPECT_EQ(delay.event_for(who)->round_trip, milliseconds{310}); // of 300 and 310
    EXPECT_EQ(delay.event_for(who)->jitter, milliseconds{40});      // 0 10 10 30 40 50 50 60
}

TEST(DelayEstimate, FollowsAnotherRoute) {
    DelayEstimate delay;
    for (int i = 0; i < 8; ++i)
        delay.measured(milliseconds{20});
    EXPECT_TRUE(delay.full());
    for (int i = 0; i < 5; ++i)
        delay.measured(milliseconds{90});
    EXPECT_EQ(delay.event_for(who)->round_trip, milliseconds{90});
}

TEST(DelayEstimate, SettlesOnASteadyPath) {
    DelayEstimate delay;
    for (int i = 0; i < 100; ++i)
        delay.measured(milliseconds{40});
    EXPECT_EQ(delay.event_for(who)->round_trip, milliseconds{40});
    EXPECT_LT(delay.event_for(who)->jitter, milliseconds{1});
}

TEST(DelayEstimate, TakesAClockThatWentBackAsNoDelay) {
    DelayEstimate delay;
    delay.measured(milliseconds{-5});
    EXPECT_EQ(delay.event_for(who)->round_trip, Duration{0});
}

} // namespace
} // namespace owp::edge
