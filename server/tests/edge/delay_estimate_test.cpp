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

TEST(DelayEstimate, StartsAndSmoothsAsRfc6298Says) {
    DelayEstimate delay;
    delay.measured(milliseconds{80});
    EXPECT_EQ(delay.event_for(who)->round_trip, milliseconds{80});
    EXPECT_EQ(delay.event_for(who)->jitter, milliseconds{40});
    delay.measured(milliseconds{160});
    EXPECT_EQ(delay.event_for(who)->round_trip, milliseconds{90});
    EXPECT_EQ(delay.event_for(who)->jitter, milliseconds{50});
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
