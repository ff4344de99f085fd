#include "load/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace owp::load {
namespace {

using std::chrono::nanoseconds;

TEST(Histogram, IsZeroWhileEmpty) {
    const Histogram histogram;
    EXPECT_EQ(histogram.count(), 0U);
    EXPECT_EQ(histogram.at(0.5), nanoseconds{0});
    EXPECT_EQ(histogram.max(), nanoseconds{0});
}

TEST(Histogram, IsExactForSmallValues) {
    Histogram histogram;
    for (int i = 1; i <= 100; ++i)
        histogram.record(nanoseconds{i});
    EXPECT_EQ(histogram.at(0.5), nanoseconds{50});
    EXPECT_EQ(histogram.at(0.99), nanoseconds{99});
    EXPECT_EQ(histogram.at(1), nanoseconds{100});
}

TEST(Histogram, IsWithinItsPrecisionOfSortedValues) {
    std::mt19937_64 random{7};
    std::lognormal_distribution<double> latency{13, 2}; // 0.4 ms in the middle, a long tail
    Histogram histogram;
    std::vector<std::int64_t> values;
    for (int i = 0; i < 20'000; ++i) {
        values.push_back(std::llround(latency(random)));
        histogram.record(nanoseconds{values.back()});
    }
    std::ranges::sort(values);
    for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const auto index =
            static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())) - 1);
        const auto exact = static_cast<double>(values.at(index));
        const auto told = static_cast<double>(histogram.at(share).count());
        EXPECT_GE(told, exact) << share;
        EXPECT_LE(told, exact * (1 + 1.0 / 64)) << share;
    }
    EXPECT_EQ(histogram.max().count(), values.back());
}

TEST(Histogram, TakesTheLargestAndWhatIsBelowZero) {
    Histogram histogram;
    histogram.record(nanoseconds{-5});
    histogram.record(nanoseconds::max());
    EXPECT_EQ(histogram.at(0.5), nanoseconds{0});
    EXPECT_EQ(histogram.at(1), nanoseconds::max());
}

TEST(Histogram, AddsUpWhatTwoHaveCounted) {
    Histogram one;
    one.record(nanoseconds{10}, 3);
    Histogram other;
    other.record(nanoseconds{20});
    one.merge(other);
    EXPECT_EQ(one.count(), 4U);
    EXPECT_EQ(one.at(0.75), nanoseconds{10});
    EXPECT_EQ(one.max(), nanoseconds{20});
}

} // namespace
} // namespace owp::load
