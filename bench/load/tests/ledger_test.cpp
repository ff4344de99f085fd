#include "load/ledger.hpp"

#include <gtest/gtest.h>

namespace owp::load {
namespace {

constexpr std::uint32_t room = 7;
constexpr Places three = 0b111;

TEST(Ledger, CountsWhatArrived) {
    Ledger ledger;
    const std::size_t number = ledger.sent({}, room, Kind::chat, three);
    for (std::uint32_t place = 0; place < 3; ++place) {
        EXPECT_FALSE(ledger.all_arrived());
        EXPECT_NE(ledger.received(number, room, place), nullptr);
    }
    EXPECT_TRUE(ledger.all_arrived());
    EXPECT_EQ(ledger.totals().delivered, 3U);
    EXPECT_EQ(ledger.totals().lost, 0U);
}

TEST(Ledger, CountsWhatIsMissingAsLost) {
    Ledger ledger;
    const std::size_t number = ledger.sent({}, room, Kind::play, three);
    EXPECT_NE(ledger.received(number, room, 1), nullptr);
    EXPECT_EQ(ledger.totals().lost, 2U);
    EXPECT_FALSE(ledger.all_arrived());
}

TEST(Ledger, CountsASecondCopyAsDoubleAndNotAsADelivery) {
    Ledger ledger;
    const std::size_t number = ledger.sent({}, room, Kind::chat, three);
    EXPECT_NE(ledger.received(number, room, 1), nullptr);
    EXPECT_EQ(ledger.received(number, room, 1), nullptr);
    EXPECT_EQ(ledger.totals().doubled, 1U);
    EXPECT_EQ(ledger.totals().delivered, 1U);
}

TEST(Ledger, LeavesASendersEchoOpenButNotItsDouble) {
    Ledger ledger;
    const std::size_t number = ledger.sent({}, room, Kind::seek, three & ~Places{1});
    EXPECT_EQ(ledger.received(number, room, 0), nullptr);
    EXPECT_EQ(ledger.totals().doubled, 0U);
    EXPECT_EQ(ledger.received(number, room, 0), nullptr);
    EXPECT_EQ(ledger.totals().doubled, 1U);
    EXPECT_EQ(ledger.totals().lost, 2U);
}

TEST(Ledger, TellsWhatReachedAnotherRoomOrWasNeverSent) {
    Ledger ledger;
    const std::size_t number = ledger.sent({}, room, Kind::chat, three);
    EXPECT_EQ(ledger.received(number, room + 1, 1), nullptr);
    EXPECT_EQ(ledger.received(number + 1, room, 1), nullptr);
    EXPECT_EQ(ledger.totals().misdelivered, 2U);
}

TEST(Ledger, LetsAServerDropAReportForAllButNotForSome) {
    Ledger ledger;
    static_cast<void>(ledger.sent({}, room, Kind::report, three));
    EXPECT_TRUE(ledger.all_arrived());
    const std::size_t relayed = ledger.sent({}, room, Kind::report, three);
    EXPECT_NE(ledger.received(relayed, room, 2), nullptr);
    EXPECT_FALSE(ledger.all_arrived());
    EXPECT_EQ(ledger.totals().filtered, 1U);
    EXPECT_EQ(ledger.totals().lost, 2U);
}

} // namespace
} // namespace owp::load
