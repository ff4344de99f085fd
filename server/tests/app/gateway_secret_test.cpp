#include "app/gateway_secret.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <unistd.h>

namespace owp::app {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

const std::string good = std::string(32, '0') + std::string(32, 'f');

/// What is read of this text; `closed`: the other end is gone after it.
GatewaySecret read(const std::string& text, bool closed = true, Duration bound = 10s) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    if (closed)
        ::close(ends[1]);
    GatewaySecret result = read_gateway_secret(ends[0], bound);
    ::close(ends[0]);
    if (!closed)
        ::close(ends[1]);
    return result;
}

TEST(GatewaySecret, IsTheFirstLine) {
    for (const char* rest : {"\n", "\nmore\n"}) {
        const GatewaySecret given = read(good + rest, false);
        EXPECT_EQ(given.error, "");
        EXPECT_EQ(given.secret.reveal(), good);
    }
}

TEST(GatewaySecret, MustBeSixtyFourLowerCaseHexDigits) {
    for (const std::string& bad :
         {std::string{"\n"}, good + "0\n", good.substr(1) + "\n", good.substr(1) + "F\n",
          good.substr(1) + "g\n", good + "\r\n", std::string(64, '\0') + "\n"}) {
        const GatewaySecret given = read(bad);
        EXPECT_THAT(given.error, HasSubstr("64 lower-case hex digits"));
        EXPECT_EQ(given.error.find(bad.substr(0, 8)), std::string::npos) << "it is not repeated";
        EXPECT_TRUE(given.secret.empty());
    }
}

TEST(GatewaySecret, MustComeAtAllAndInTimeAndInOneLine) {
    EXPECT_THAT(read("").error, HasSubstr("closed"));
    EXPECT_THAT(read(good).error, HasSubstr("closed")) << "without its line break";
    EXPECT_THAT(read(good, false, 1ms).error, HasSubstr("in time"));
    EXPECT_THAT(read(std::string(10'000, 'x'), false).error, HasSubstr("4 KiB"));
    EXPECT_THAT(read_gateway_secret(-1, 1ms).error, HasSubstr("standard input"));
}

} // namespace
} // namespace owp::app
