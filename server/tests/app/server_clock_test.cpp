#include "app/server_clock.hpp"

#include <gtest/gtest.h>

namespace owp::app {
namespace {

TEST(ServerClock, ShowsTheWallClocksTimeAndGoesSteadily) {
    using std::chrono::system_clock;
    const auto before = std::chrono::floor<Duration>(system_clock::now().time_since_epoch());
    const Clock clock;
    const Clock::Steady::time_point steady = Clock::Steady::now();
    const ServerTime anchored = clock.at(steady);
    EXPECT_GE(anchored.time_since_epoch() + std::chrono::seconds{1}, before);
    EXPECT_LE(anchored.time_since_epoch() - std::chrono::minutes{1}, before);
    EXPECT_EQ(clock.at(steady + std::chrono::hours{1}) - anchored, std::chrono::hours{1});
    EXPECT_LE(anchored, clock.now());
}

TEST(ServerClock, KnowsWhenTheSteadyClockWillShowATime) {
    const Clock clock;
    const ServerTime time = clock.now() + std::chrono::milliseconds{1234};
    EXPECT_EQ(clock.at(clock.steady_at(time)), time);
}

} // namespace
} // namespace owp::app
