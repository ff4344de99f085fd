#include "protocol/types.hpp"

#include <gtest/gtest.h>

namespace owp {
namespace {

TEST(Ids, DifferInAnyOfTheirBytes) {
    const ResumeToken secret{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
    EXPECT_EQ(secret, ResumeToken{secret});
    for (std::size_t i = 0; i < secret.bytes.size(); ++i)
        for (const int bit : {0x01, 0x80}) {
            ResumeToken other = secret;
            other.bytes.at(i) = static_cast<std::uint8_t>(other.bytes.at(i) ^ bit);
            EXPECT_NE(secret, other) << i;
        }
}

} // namespace
} // namespace owp
