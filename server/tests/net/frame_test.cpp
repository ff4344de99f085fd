#include "net/connection.hpp"

#include <gtest/gtest.h>

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

} // namespace
} // namespace owp::net
