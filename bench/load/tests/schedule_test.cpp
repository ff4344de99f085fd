#include "load/schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace owp::load {
namespace {

using namespace std::chrono_literals;

Traffic small_party() {
    Traffic traffic;
    traffic.rooms = 10;
    traffic.members = 5;
    traffic.length = 60s;
    traffic.reports_per_second = 1;
    traffic.commands_per_minute = 3;
    traffic.chats_per_minute = 6;
    traffic.pings_per_minute = 2;
    return traffic;
}

std::map<Kind, int> count(const std::vector<Action>& actions) {
    std::map<Kind, int> counts;
    for (const Action& action : actions)
        ++counts[action.kind];
    return counts;
}

TEST(Schedule, HasWhatTheRatesSay) {
    auto counts = count(make_schedule(small_party(), 1));
    EXPECT_EQ(counts[Kind::report], 600);
    EXPECT_EQ(counts[Kind::ping], 100);
    EXPECT_NEAR(counts[Kind::chat], 300, 60); // random, but by the seed
    EXPECT_NEAR(counts[Kind::pause] + counts[Kind::play] + counts[Kind::seek], 30, 20);
}

TEST(Schedule, IsInOrderAndWithinItsLengthAndTheRooms) {
    const auto actions = make_schedule(small_party(), 2);
    EXPECT_TRUE(std::ranges::is_sorted(actions, {}, &Action::at));
    for (const Action& action : actions) {
        EXPECT_GE(action.at, 0s);
        EXPECT_LT(action.at, 60s);
        EXPECT_LT(action.room, 10U);
        EXPECT_LT(action.who, 5U);
    }
}

TEST(Schedule, IsTheSameForTheSameSeedAlone) {
    const auto times = [](std::uint64_t seed) {
        std::vector<std::chrono::nanoseconds> at;
        for (const Action& action : make_schedule(small_party(), seed))
            at.push_back(action.at);
        return at;
    };
    EXPECT_EQ(times(3), times(3));
    EXPECT_NE(times(3), times(4));
}

TEST(Schedule, SpreadsThePhasesOfRooms) {
    std::set<std::int64_t> phases;
    for (const Action& action : make_schedule(small_party(), 1))
        if (action.kind == Kind::report)
            phases.insert(action.at % 1s / 1ns);
    EXPECT_GE(phases.size(), 10U);
}

TEST(Schedule, SendsEvenChatsAtEvenDistancesInTurn) {
    Traffic traffic;
    traffic.rooms = 4;
    traffic.members = 3;
    traffic.length = 1s;
    traffic.even_chats_per_second = 100;
    const auto actions = make_schedule(traffic, 1);
    ASSERT_EQ(actions.size(), 100U);
    for (std::size_t i = 1; i < actions.size(); ++i) {
        EXPECT_NEAR(static_cast<double>((actions[i].at - actions[i - 1].at) / 1us), 10'000, 2);
        EXPECT_EQ(actions[i].room, (actions[i - 1].room + 1) % 4);
    }
    EXPECT_EQ(actions[4].who, 1U);
}

TEST(Schedule, NeverCallsAVisitorWhoIsStillThere) {
    Traffic traffic;
    traffic.rooms = 4;
    traffic.members = 3;
    traffic.length = 30s;
    traffic.creates_per_second = 5;
    traffic.visits_per_second = 3;
    std::map<std::uint32_t, bool> away;
    int comings = 0;
    for (const Action& action : make_schedule(traffic, 1)) {
        EXPECT_LT(action.who, visitors_needed(traffic));
        const bool leaves = action.kind == Kind::leave;
        EXPECT_EQ(away[action.who], leaves);
        away[action.who] = !leaves;
        comings += leaves ? 0 : 1;
    }
    EXPECT_EQ(comings, 240);
}

} // namespace
} // namespace owp::load
