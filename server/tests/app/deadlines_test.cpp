#include "app/deadlines.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

namespace owp::app {
namespace {

ServerTime at(std::int64_t time) {
    return ServerTime{Duration{time}};
}

TEST(Deadlines, WakeTheEarliestFirstAndEachOnce) {
    Deadlines<int> deadlines;
    deadlines.want(1, at(30));
    deadlines.want(2, at(10));
    deadlines.want(3, at(20));
    EXPECT_EQ(deadlines.next(), at(10));
    EXPECT_EQ(deadlines.take_due(at(20)), (std::vector{2, 3}));
    EXPECT_EQ(deadlines.take_due(at(20)), std::vector<int>{});
    EXPECT_EQ(deadlines.next(), at(30));
}

TEST(Deadlines, KeepTheEarlierOfTwoAndForgetOnRequest) {
    Deadlines<int> deadlines;
    deadlines.want(1, at(10));
    deadlines.want(1, at(20));
    EXPECT_EQ(deadlines.next(), at(10));
    deadlines.want(1, at(5));
    EXPECT_EQ(deadlines.next(), at(5));
    deadlines.forget(1);
    deadlines.forget(1);
    EXPECT_EQ(deadlines.next(), std::nullopt);
    EXPECT_EQ(deadlines.size(), 0U);
}

RC_GTEST_PROP(Deadlines, BehaveLikeTheirNaiveTwin, ()) {
    Deadlines<int> deadlines;
    std::map<int, ServerTime> twin;
    const auto steps = *rc::gen::inRange(0, 60);
    for (int i = 0; i < steps; ++i) {
        const int key = *rc::gen::inRange(0, 6);
        const ServerTime time = at(*rc::gen::inRange(0, 20));
        switch (*rc::gen::inRange(0, 4)) {
        case 0: {
            std::vector<int> due;
            for (const auto& [waiting, when] : twin)
                if (when <= time)
                    due.push_back(waiting);
            std::ranges::stable_sort(due, {}, [&](int waiting) { return twin.at(waiting); });
            RC_ASSERT(deadlines.take_due(time) == due);
            for (const int waiting : due)
                twin.erase(waiting);
            break;
        }
        case 1:
            deadlines.forget(key);
            twin.erase(key);
            break;
        default:
            deadlines.want(key, time);
            if (const auto [found, fresh] = twin.try_emplace(key, time); !fresh)
                found->second = std::min(found->second, time);
        }
        RC_ASSERT(deadlines.size() == twin.size());
        const auto earliest =
            std::ranges::min_element(twin, {}, [](const auto& waiting) { return waiting.second; });
        RC_ASSERT(deadlines.next() ==
                  (twin.empty() ? std::nullopt : std::optional{earliest->second}));
    }
}

} // namespace
} // namespace owp::app
