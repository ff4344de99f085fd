#include "app/random_ids.hpp"

#include <gtest/gtest.h>

#include <set>

namespace owp::app {
namespace {

TEST(RandomIds, AreUuidsOfVersionFour) {
    for (int i = 0; i < 100; ++i) {
        const std::string text = to_uuid_string(random_client_id().bytes);
        EXPECT_EQ(text[14], '4') << text;
        EXPECT_NE(std::string{"89ab"}.find(text[19]), std::string::npos) << text;
    }
}

TEST(RandomIds, DoNotRepeat) {
    std::set<RoomId> rooms;
    std::set<ResumeToken> tokens;
    for (int i = 0; i < 1000; ++i) {
        EXPECT_TRUE(rooms.insert(random_room_id()).second);
        EXPECT_TRUE(tokens.insert(random_resume_token()).second);
    }
}

} // namespace
} // namespace owp::app
