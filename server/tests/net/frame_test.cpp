#include "net/connection.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace owp::net {
namespace {

TEST(Frame, TakesTheShortestFormOfTheLength) {
    using namespace std::string_literals;
    const auto head = [](std::size_t size, std::size_t bytes) {
        const Frame frame = Frame::text(std::string(size, 'x'));
        EXPECT_EQ(frame.size(), size + bytes);
        return frame.wire()->substr(0, bytes);
    };
    EXPECT_EQ(head(0, 2), "\x81\x00"s);
    EXPECT_EQ(head(125, 2), "\x81\x7d"s);
    EXPECT_EQ(head(126, 4), "\x81\x7e\x00\x7e"s);
    EXPECT_EQ(head(65'535, 4), "\x81\x7e\xff\xff"s);
    EXPECT_EQ(head(65'536, 10), "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

TEST(FramePool, UsesMemoryAgainOnceNobodyHasIt) {
    FramePool pool;
    const void* first = nullptr;
    {
        const Frame frame = pool.text(std::string(300, 'a'));
        first = frame.wire()->data();
        EXPECT_EQ(frame.size(), 304u);
    }
    const Frame held = pool.text(std::string(200, 'b'));
    EXPECT_EQ(held.wire()->data(), first);
    const Frame other = pool.text(std::string(200, 'c'));
    EXPECT_NE(other.wire()->data(), first);
    EXPECT_EQ(held.wire()->substr(4), std::string(200, 'b')) << "what somebody has stays as it is";
    EXPECT_EQ(other.wire()->substr(4), std::string(200, 'c'));
}

TEST(FramePool, PassesOverWhatASlowReceiverHas) {
    FramePool pool;
    std::vector<Frame> slow;
    for (int i = 0; i < 3; ++i)
        slow.push_back(pool.text("slow"));
    std::set<const void*> used;
    for (int i = 0; i < 100; ++i)
        used.insert(pool.text("quick").wire().get());
    EXPECT_LE(used.size(), 2u);
    for (const Frame& frame : slow)
        EXPECT_EQ(frame.wire()->substr(2), "slow");
}

} // namespace
} // namespace owp::net
