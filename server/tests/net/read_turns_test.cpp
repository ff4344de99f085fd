#include "net/read_turns.hpp"

#include <gtest/gtest.h>

namespace owp::net {
namespace {

using std::chrono::milliseconds;

constexpr SteadyTime start{std::chrono::hours{1}};

TEST(ReadTurns, LetsOneGoOnAtOnceAndOthersAfterIt) {
    ReadTurns turns;
    EXPECT_EQ(turns.take(start), start);
    EXPECT_EQ(turns.take(start), start + held_reads_apart);
    EXPECT_EQ(turns.take(start + milliseconds{1}), start + 2 * held_reads_apart);
}

TEST(ReadTurns, MakesNobodyWaitForThoseOfLongAgo) {
    ReadTurns turns;
    (void)turns.take(start);
    EXPECT_EQ(turns.take(start + milliseconds{5}), start + milliseconds{5});
}

} // namespace
} // namespace owp::net
