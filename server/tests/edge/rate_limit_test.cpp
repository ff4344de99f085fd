#include "edge/rate_limit.hpp"

#include "tests/edge/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace owp::edge {
namespace {

using namespace test;
using Verdict = RateLimit::Verdict;

Verdict send(RateLimit& limit, int times, std::int64_t ms) {
    Verdict last = Verdict::pass;
    for (int i = 0; i < times; ++i)
        last = limit.on_message(at(ms));
    return last;
}

TEST(RateLimit, TellsOnceAWindow) {
    RateLimit limit{30, at(0)};
    EXPECT_EQ(send(limit, 30, 0), Verdict::pass);
    EXPECT_EQ(send(limit, 1, 999), Verdict::drop_and_tell);
    EXPECT_EQ(send(limit, 5, 999), Verdict::drop);
    EXPECT_EQ(send(limit, 30, 1000), Verdict::pass);
    EXPECT_EQ(send(limit, 1, 1000), Verdict::drop_and_tell);
}

TEST(RateLimit, ReadsNoMoreOfAWindowThanTwiceWhatCounts) {
    RateLimit limit{30, at(0)};
    EXPECT_EQ(send(limit, 59, 100), Verdict::drop);
    EXPECT_EQ(send(limit, 1, 200), Verdict::drop_and_wait);
    EXPECT_EQ(limit.window_end(), at(1000));
    EXPECT_EQ(send(limit, 20, 300), Verdict::drop_and_wait) << "what had been read already";
    EXPECT_EQ(send(limit, 1, 1000), Verdict::pass);
    EXPECT_EQ(limit.window_end(), at(2000));
}

TEST(RateLimit, ClosesAfterTenSecondsInARow) {
    RateLimit limit{3, at(0)};
    for (int second = 0; second < 9; ++second)
        EXPECT_EQ(send(limit, 4, second * 1000), Verdict::drop_and_tell);
    EXPECT_EQ(send(limit, 4, 9000), Verdict::close);
}

TEST(RateLimit, AQuietSecondEndsTheRow) {
    for (const int quiet_messages : {0, 3}) {
        RateLimit limit{3, at(0)};
        for (int second = 0; second < 9; ++second)
            (void)send(limit, 4, second * 1000);
        (void)send(limit, quiet_messages, 9000);
        EXPECT_EQ(send(limit, 4, 10'000), Verdict::drop_and_tell);
    }
}

RC_GTEST_PROP(RateLimitProperty, PassesWhatACountPerSecondWouldPass, ()) {
    RateLimit limit{3, at(0)};
    std::map<std::int64_t, int> counts;
    std::int64_t ms = 0;
    const int steps = *rc::gen::inRange(1, 200);
    for (int i = 0; i < steps; ++i) {
        ms += *rc::gen::element(0, 1, 120, 250, 900, 2500);
        const int count = ++counts[ms / 1000];
        int row = 0;
        for (auto second = ms / 1000; counts.contains(second) && counts[second] > 3; --second)
            ++row;
        const Verdict expected = count <= 3  ? Verdict::pass
                                 : count > 5 ? Verdict::drop_and_wait
                                 : count > 4 ? Verdict::drop
                                 : row >= 10 ? Verdict::close
                                             : Verdict::drop_and_tell;
        RC_ASSERT(limit.on_message(at(ms)) == expected);
    }
}

} // namespace
} // namespace owp::edge
