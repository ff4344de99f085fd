#include "load/statistics.hpp"

#include <gtest/gtest.h>

#include <array>

namespace owp::load {
namespace {

TEST(Slope, IsThatOfALine) {
    constexpr std::array<Point, 3> points{{{1, 5}, {2, 7}, {4, 11}}};
    EXPECT_DOUBLE_EQ(slope(points), 2);
}

TEST(Slope, IsNotMovedByAnOffsetAndLittleByNoise) {
    constexpr std::array<Point, 4> points{{{0, 1001}, {1, 1009}, {2, 1021}, {3, 1029}}};
    EXPECT_NEAR(slope(points), 10, 0.5);
}

TEST(Slope, IsZeroWithoutTwoPlaces) {
    EXPECT_EQ(slope({}), 0);
    constexpr std::array<Point, 2> points{{{1, 5}, {1, 7}}};
    EXPECT_EQ(slope(points), 0);
}

TEST(Median, IsTheMiddleOrBetweenTheTwo) {
    EXPECT_EQ(median({}), 0);
    EXPECT_EQ(median({9, 1, 5}), 5);
    EXPECT_EQ(median({1, 100, 3, 5}), 4);
}

TEST(OutliersShare, IsWhatTheyTookOfTheWhole) {
    EXPECT_EQ(outliers_share({}, 4), 0);
    constexpr std::array values{1.0, 1.0, 4.0, 1.0, 1.0, 12.0};
    EXPECT_DOUBLE_EQ(outliers_share(values, 4), 0.6) << "four times is not yet more than that";
    EXPECT_EQ(outliers_share(values, 12), 0);
}

} // namespace
} // namespace owp::load
