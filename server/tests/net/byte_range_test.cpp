#include "net/response_plan.hpp"

#include <gtest/gtest.h>

namespace owp::net {
namespace {

/// "first-last", "ignored" or "unsatisfiable".
std::string range(std::string_view value, std::uint64_t size) {
    const auto parsed = parse_range(value, size);
    if (const auto* part = std::get_if<ByteRange>(&parsed))
        return std::to_string(part->first) + '-' + std::to_string(part->last);
    return std::holds_alternative<RangeIgnored>(parsed) ? "ignored" : "unsatisfiable";
}

TEST(ByteRange, TakesTheThreeForms) {
    EXPECT_EQ(range("bytes=0-0", 10), "0-0");
    EXPECT_EQ(range("bytes=2-5", 10), "2-5");
    EXPECT_EQ(range("bytes=2-", 10), "2-9");
    EXPECT_EQ(range("bytes=2-999", 10), "2-9");
    EXPECT_EQ(range("bytes=-3", 10), "7-9");
    EXPECT_EQ(range("bytes=-30", 10), "0-9");
    EXPECT_EQ(range("Bytes= 2-5 ", 10), "2-5");
    EXPECT_EQ(range("bytes=2-99999999999999999999999", 10), "2-9");
}

TEST(ByteRange, KnowsWhatLiesBeyond) {
    EXPECT_EQ(range("bytes=10-", 10), "unsatisfiable");
    EXPECT_EQ(range("bytes=10-20", 10), "unsatisfiable");
    EXPECT_EQ(range("bytes=99999999999999999999999-", 10), "unsatisfiable");
    EXPECT_EQ(range("bytes=-0", 10), "unsatisfiable");
    EXPECT_EQ(range("bytes=0-", 0), "unsatisfiable");
    EXPECT_EQ(range("bytes=-1", 0), "unsatisfiable");
}

TEST(ByteRange, IgnoresWhatItCannotRead) {
    for (const char* value : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1-x",
                              "bytes=x-", "bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=1",
                              "bytes=--1", "bytes=+1-2", "bytes=0x1-2", "bytes=1 -2"})
        EXPECT_EQ(range(value, 10), "ignored") << value;
}

} // namespace
} // namespace owp::net
