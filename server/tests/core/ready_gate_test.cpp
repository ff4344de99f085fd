#include "core/ready_gate.hpp"

#include "tests/core/support.hpp"

#include <gtest/gtest.h>

namespace owp::core {
namespace {

using namespace test;
using Step = ReadyGate::Step;

TEST(ReadyGate, OpensAtOnceIfNobodyIsWaitedFor) {
    ReadyGate gate;
    EXPECT_EQ(gate.update({}), Step::idle);
    gate.request(5, 1, at(0), seconds{2});
    EXPECT_EQ(gate.update({}), Step::open);
    EXPECT_FALSE(gate.cancel()) << "nobody was told of a wait";
}

TEST(ReadyGate, SaysWhomItWaitsForOnceForEachChange) {
    ReadyGate gate;
    gate.request(5, 1, at(0), seconds{2});
    EXPECT_EQ(gate.update({client(1), client(2)}), Step::waits);
    EXPECT_EQ(gate.update({client(1), client(2)}), Step::idle);
    EXPECT_EQ(gate.update({client(2)}), Step::waits);
    EXPECT_EQ(gate.waiting()->clients, std::vector{client(2)});
    EXPECT_EQ(gate.update({}), Step::open);
    EXPECT_TRUE(gate.cancel());
    EXPECT_FALSE(gate.pending());
    EXPECT_FALSE(gate.waiting());
}

TEST(ReadyGate, ASecondPlayMovesThePositionAndKeepsTheDeadline) {
    ReadyGate gate;
    gate.request(5, 1, at(0), seconds{2});
    gate.request(6, 2, at(500), seconds{2});
    EXPECT_EQ(gate.play().position_seconds, 6);
    EXPECT_EQ(gate.play().ts, 2);
    EXPECT_EQ(gate.play().requested, at(500));
    EXPECT_EQ(gate.play().waiting.until, at(2000));
}

TEST(ReadyGate, ASeekMovesOnlyWhatIsPending) {
    ReadyGate gate;
    gate.move_to(9, at(1));
    EXPECT_FALSE(gate.pending());
    gate.request(5, 1, at(0), seconds{2});
    gate.move_to(9, at(1));
    EXPECT_EQ(gate.play().position_seconds, 9);
    EXPECT_EQ(gate.play().requested, at(1));
}

} // namespace
} // namespace owp::core
