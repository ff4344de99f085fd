#include "core/timeline.hpp"

#include "tests/core/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace owp::core {
namespace {

using test::at;

TEST(Timeline, StartsPausedWhereItIsToldOrAtZero) {
    EXPECT_EQ(first_timeline(std::nullopt, 12.5, at(0)).position_seconds, 12.5);
    EXPECT_FALSE(first_timeline(std::nullopt, 12.5, at(0)).playing);
    EXPECT_EQ(first_timeline(std::nullopt, -1, at(0)).position_seconds, 0);
    EXPECT_EQ(first_timeline(std::nullopt, 86'401, at(0)).position_seconds, 0);
    EXPECT_EQ(first_timeline(std::nullopt, std::numeric_limits<double>::quiet_NaN(), at(0))
                  .position_seconds,
              0);
}

TEST(Timeline, APlayThatHasNotBegunStandsAtItsStart) {
    const Timeline line = next_timeline(first_timeline(std::nullopt, 0, at(0)), 50, true, at(1000));
    EXPECT_EQ(standing_at(line, at(400)), 50);
    EXPECT_EQ(standing_at(line, at(3000)), 52);
}

TEST(Timeline, AReportThatAgreesKeepsTheVector) {
    const Timeline line = next_timeline(first_timeline(std::nullopt, 0, at(0)), 10, true, at(0));
    EXPECT_EQ(after_report(line, 11.04, true, false, at(1000)), line);
    // Of a host that follows it, whatever the path did to the report.
    EXPECT_EQ(after_report(line, 9, true, true, at(1000)), line);
}

TEST(Timeline, AReportThatDisagreesMovesIt) {
    const Timeline line = next_timeline(first_timeline(std::nullopt, 0, at(0)), 10, true, at(0));
    const Timeline moved = after_report(line, 11.06, true, false, at(1000));
    EXPECT_EQ(moved.seq, line.seq + 1);
    EXPECT_EQ(moved.at, at(1000));
    EXPECT_EQ(moved.position_seconds, 11.06);
    EXPECT_FALSE(after_report(line, 11, false, true, at(1000)).playing);
}

RC_GTEST_PROP(TimelineProperty, PositionsStayInRangeAndSeqGrowsByOne, ()) {
    const double position = static_cast<double>(*rc::gen::arbitrary<std::int32_t>()) / 100;
    const auto time = at(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000));
    const Timeline before = first_timeline(std::nullopt, 5, at(0));
    const Timeline next = next_timeline(before, position, *rc::gen::arbitrary<bool>(), time);
    RC_ASSERT(next.seq == before.seq + 1);
    RC_ASSERT(is_position(next.position_seconds));
    RC_ASSERT(is_position(standing_at(next, time + std::chrono::hours{30})));
    if (is_position(position))
        RC_ASSERT(next.position_seconds == position);
}

} // namespace
} // namespace owp::core
