#include "edge/user_registry.hpp"

#include "tests/edge/support.hpp"

#include <gtest/gtest.h>

namespace owp::edge {
namespace {

using namespace test;

TEST(UserRegistry, CountsRoomsPerUser) {
    UserRegistry registry;
    EXPECT_TRUE(registry.reserve_room("ann", 2));
    EXPECT_TRUE(registry.reserve_room("ann", 2));
    EXPECT_FALSE(registry.reserve_room("ann", 2));
    EXPECT_TRUE(registry.reserve_room("bob", 2));
    registry.release_room("ann");
    EXPECT_TRUE(registry.reserve_room("ann", 2));
}

TEST(UserRegistry, NobodyIsNotCounted) {
    UserRegistry registry;
    for (int i = 0; i < 100; ++i)
        EXPECT_TRUE(registry.reserve_room("", 1));
    EXPECT_FALSE(registry.reserve_room("", 0));
    registry.release_room("");
    registry.hold_seat("", room(1), at(10));
    EXPECT_EQ(registry.size(), 0u);
}

TEST(UserRegistry, FindsTheSeatHeldLast) {
    UserRegistry registry;
    registry.hold_seat("ann", room(1), at(1000));
    registry.hold_seat("ann", room(2), at(1000));
    EXPECT_EQ(registry.find_seat("ann", at(0)), room(2));
    registry.hold_seat("ann", room(1), at(2000));
    EXPECT_EQ(registry.find_seat("ann", at(0)), room(1));
    registry.drop_seat("ann", room(1));
    EXPECT_EQ(registry.find_seat("ann", at(0)), room(2));
    EXPECT_EQ(registry.find_seat("ann", at(1000)), std::nullopt) << "expired";
    EXPECT_EQ(registry.find_seat("bob", at(0)), std::nullopt);
}

TEST(UserRegistry, ForgetsWhatHasExpired) {
    UserRegistry registry;
    registry.hold_seat("ann", room(1), at(1000));
    (void)registry.reserve_room("bob", 3);
    registry.expire(at(1000));
    EXPECT_EQ(registry.size(), 1u) << "bob's room";
    registry.release_room("bob");
    EXPECT_EQ(registry.size(), 0u);
    registry.release_room("bob");
    registry.drop_seat("ann", room(1));
}

TEST(UserRegistry, RemembersOnlySoManySeats) {
    UserRegistry registry;
    for (int i = 1; i <= 9; ++i)
        registry.hold_seat("ann", room(i), at(1000));
    for (int i = 9; i > 1; --i)
        registry.drop_seat("ann", room(i));
    EXPECT_EQ(registry.find_seat("ann", at(0)), std::nullopt) << "the oldest gave way";
}

} // namespace
} // namespace owp::edge
