#include "core/invites.hpp"

#include "tests/core/support.hpp"

#include <gtest/gtest.h>

namespace owp::core {
namespace {

using test::at;

InviteTicket ticket(int number) {
    InviteTicket made;
    made.bytes[15] = static_cast<std::uint8_t>(number);
    return made;
}

TEST(Invites, OpenUntilTheyExpire) {
    Invites invites;
    EXPECT_FALSE(invites.open(ticket(1), at(0)));
    invites.add(ticket(1), at(100));
    invites.add(ticket(2), at(200));
    EXPECT_TRUE(invites.open(ticket(1), at(99)));
    EXPECT_FALSE(invites.open(ticket(1), at(100)));
    EXPECT_TRUE(invites.open(ticket(2), at(100)));
    EXPECT_FALSE(invites.open(std::nullopt, at(0)));
}

TEST(Invites, AreDifferentInEveryByte) {
    Invites invites;
    invites.add(ticket(1), at(100));
    for (std::size_t i = 0; i < InviteTicket{}.bytes.size(); ++i) {
        InviteTicket other = ticket(1);
        other.bytes.at(i) ^= 0x80;
        EXPECT_FALSE(invites.open(other, at(0))) << i;
    }
}

TEST(Invites, AreSixteenAtMostAndTheOldestGoesFirst) {
    Invites invites;
    for (int number = 1; number <= 17; ++number)
        invites.add(ticket(number), at(100));
    EXPECT_FALSE(invites.open(ticket(1), at(0)));
    EXPECT_TRUE(invites.open(ticket(2), at(0)));
    EXPECT_TRUE(invites.open(ticket(17), at(0)));
}

} // namespace
} // namespace owp::core
