#include "app/list_turns.hpp"

#include "tests/app/support.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace owp::app {
namespace {

using test::client;

class ListTurnsTest : public testing::Test {
protected:
    /// Everybody whose turn has come is sent a list.
    std::vector<ClientId> serve(std::size_t list_bytes) {
        std::vector<ClientId> served;
        while (const auto first = turns.next(now)) {
            served.push_back(*first);
            turns.sent(list_bytes, now);
        }
        return served;
    }

    ListTurns turns;
    ServerTime now{std::chrono::hours{1}};
};

TEST_F(ListTurnsTest, AreAtOnceWhileThereIsLittleToSend) {
    EXPECT_EQ(turns.wake_at(), std::nullopt);
    for (int i = 0; i < 20; ++i)
        turns.wait(client(i));
    ASSERT_TRUE(turns.wake_at());
    EXPECT_LE(*turns.wake_at(), now);
    EXPECT_EQ(serve(1024).size(), 20U);
    EXPECT_EQ(turns.wake_at(), std::nullopt);
}

TEST_F(ListTurnsTest, ComeOnceInTheOrderOfWaiting) {
    for (const int i : {2, 1, 2, 3, 1})
        turns.wait(client(i));
    EXPECT_EQ(serve(1), (std::vector{client(2), client(1), client(3)}));
    turns.wait(client(1));
    EXPECT_EQ(serve(1), std::vector{client(1)}) << "again";
}

TEST_F(ListTurnsTest, PassOverWhoIsGone) {
    turns.wait(client(1));
    turns.wait(client(2));
    turns.forget(client(1));
    EXPECT_EQ(serve(1), std::vector{client(2)});
    turns.wait(client(3));
    turns.forget(client(3));
    EXPECT_EQ(turns.wake_at(), std::nullopt);
}

TEST_F(ListTurnsTest, KeepToTheBoundAndReachEverybody) {
    constexpr std::size_t list = std::size_t{64} * 1024;
    constexpr int waiting = 200;
    const ServerTime start = now;
    for (int i = 0; i < waiting; ++i)
        turns.wait(client(i));
    std::size_t bytes = 0;
    std::vector<ClientId> served;
    while (turns.wake_at()) {
        now = std::max(now, *turns.wake_at());
        const std::vector<ClientId> some = serve(list);
        ASSERT_FALSE(some.empty()) << "woken for nothing";
        bytes += some.size() * list;
        served.insert(served.end(), some.begin(), some.end());
        const double bound = to_seconds(now - start + list_burst) * list_bytes_per_second;
        EXPECT_LE(static_cast<double>(bytes), bound + list);
        // Whoever was served and sees another change is behind all who were not.
        turns.wait(some.front());
        if (served.size() >= waiting)
            break;
    }
    for (int i = 0; i < waiting; ++i)
        EXPECT_EQ(served.at(static_cast<std::size_t>(i)), client(i));
    EXPECT_GT(now - start, std::chrono::milliseconds{500});
    EXPECT_LT(now - start, std::chrono::milliseconds{700});
}

} // namespace
} // namespace owp::app
