#include "net/flush_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace owp::net {
namespace {

using testing::ElementsAre;

constexpr std::size_t at_once = FlushLine<int>::served_at_once;
const auto never = [] { return false; };

TEST(FlushLine, ServesInOrderThoseTooWhoComeMeanwhile) {
    FlushLine<int> line;
    std::vector<int> served;
    line.add(1);
    line.add(2);
    line.serve(
        [&](int item) {
            served.push_back(item);
            if (item == 1)
                line.add(3);
        },
        never);
    EXPECT_THAT(served, ElementsAre(1, 2, 3));
    EXPECT_TRUE(line.empty());
}

TEST(FlushLine, StopsWhenItIsEnoughAndGoesOnWhereItWas) {
    FlushLine<int> line;
    for (int i = 0; i < 40; ++i)
        line.add(i);
    std::vector<int> served;
    const auto serve = [&](int item) { served.push_back(item); };
    line.serve(serve, [] { return true; });
    EXPECT_EQ(served.size(), at_once);
    EXPECT_FALSE(line.empty());
    line.add(40); // behind those who wait already
    line.serve(serve, never);
    ASSERT_EQ(served.size(), 41u);
    EXPECT_TRUE(std::ranges::is_sorted(served));
    EXPECT_TRUE(line.empty());
}

TEST(FlushLine, StopsAlsoWhereEverybodyComesAgainAtOnce) {
    FlushLine<int> line;
    line.add(1);
    std::size_t served = 0;
    std::size_t asked = 0;
    line.serve(
        [&](int item) {
            ++served;
            line.add(item);
        },
        [&] { return ++asked == 3; });
    EXPECT_EQ(served, 3 * at_once);
}

TEST(FlushLine, ForgetsThoseWhoWait) {
    FlushLine<int> line;
    for (int i = 0; i < 40; ++i)
        line.add(i);
    line.serve([](int) {}, [] { return true; });
    line.clear();
    EXPECT_TRUE(line.empty());
    line.serve([](int item) { ADD_FAILURE() << item; }, never);
}

} // namespace
} // namespace owp::net
