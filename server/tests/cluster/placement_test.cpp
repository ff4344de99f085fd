#include "cluster/placement.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace owp::cluster {
namespace {

TEST(Placement, GivesEveryUserAnOwnerThatDoesNotChange) {
    EXPECT_EQ(owner_of_user("ada", 1), 0U);
    EXPECT_EQ(owner_of_user("ada", 7), owner_of_user("ada", 7));
    EXPECT_EQ(owner_of_user("", 8), 0xcbf29ce484222325U % 8); // FNV-1a of nothing
    EXPECT_EQ(owner_of_user("a", 1000), 0xaf63dc4c8601ec8cU % 1000);
}

TEST(Placement, SpreadsUsersAndRooms) {
    constexpr std::size_t shards = 8;
    std::vector<int> users(shards), rooms(shards);
    for (std::uint8_t i = 0; i < 250; ++i) {
        ++users[owner_of_user("user-" + std::to_string(i), shards)];
        RoomId room;
        room.bytes.fill(i);
        ++rooms[owner_of_room(room, shards)];
    }
    for (std::size_t i = 0; i < shards; ++i) {
        EXPECT_GT(users[i], 10);
        EXPECT_GT(rooms[i], 10);
    }
}

} // namespace
} // namespace owp::cluster
