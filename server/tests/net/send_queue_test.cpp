#include "net/send_queue.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <deque>

namespace owp::net {
namespace {

SendQueue::Bytes bytes(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

/// Takes the next bytes as the socket would.
std::string take(SendQueue& queue, std::size_t count) {
    std::string taken;
    std::array<std::span<const char>, 3> pieces;
    while (taken.size() < count && !queue.empty()) {
        const std::size_t filled = queue.front(pieces);
        const auto piece = pieces[0].first(std::min(pieces[0].size(), count - taken.size()));
        EXPECT_GT(filled, 0u);
        taken.append(piece.data(), piece.size());
        queue.consume(piece.size());
    }
    return taken;
}

TEST(SendQueue, GivesPiecesInOrderAcrossPartialWrites) {
    SendQueue::Common common;
    SendQueue queue{common};
    for (const char* text : {"abc", "def", "ghi", "jkl"})
        queue.push(bytes(text));
    std::array<std::span<const char>, 3> pieces;
    EXPECT_EQ(queue.front(pieces), 3u);
    queue.consume(4);
    EXPECT_EQ(queue.front(pieces), 3u);
    EXPECT_EQ(std::string(pieces[0].begin(), pieces[0].end()), "ef");
    EXPECT_EQ(queue.bytes(), 8u);
    EXPECT_EQ(take(queue, 100), "efghijkl");
    EXPECT_TRUE(queue.empty());
}

TEST(SendQueue, SaysWhenAllThatWaitsIsOnePiece) {
    SendQueue::Common common;
    SendQueue queue{common};
    EXPECT_FALSE(queue.only_piece());
    queue.push(bytes("abc"));
    queue.push(bytes("def"));
    EXPECT_FALSE(queue.only_piece());
    queue.consume(4);
    const auto rest = queue.only_piece();
    ASSERT_TRUE(rest);
    EXPECT_EQ(std::string(rest->begin(), rest->end()), "ef");
}

TEST(SendQueue, KeepsItsPlaceWhileItNeverEmpties) {
    SendQueue::Common common;
    SendQueue queue{common};
    queue.push(bytes("0"));
    std::string all;
    for (int i = 1; i < 100; ++i) {
        queue.push(bytes(std::to_string(i % 10)));
        all += take(queue, 1);
        EXPECT_EQ(queue.bytes(), 1u);
    }
    all += take(queue, 1);
    EXPECT_EQ(all.substr(0, 12), "012345678901");
    EXPECT_EQ(all.size(), 100u);
    EXPECT_TRUE(queue.empty());
}

TEST(SendQueue, SupersedesUnsentBytesOfTheSameKeyOnly) {
    SendQueue::Common common;
    SendQueue queue{common};
    EXPECT_FALSE(queue.push(bytes("old"), 1));
    EXPECT_FALSE(queue.push(bytes("other"), 2));
    EXPECT_FALSE(queue.push(bytes("plain")));
    EXPECT_TRUE(queue.push(bytes("new"), 1));
    EXPECT_EQ(queue.bytes(), 13u);
    EXPECT_EQ(take(queue, 100), "otherplainnew");
}

TEST(SendQueue, NeitherSupersedesNorDropsAFrameThatHasLeftInPart) {
    SendQueue::Common common;
    SendQueue queue{common};
    queue.push(bytes("begun"), 1);
    queue.consume(2);
    EXPECT_FALSE(queue.push(bytes("next"), 1));
    queue.drop_unsent();
    EXPECT_EQ(queue.bytes(), 3u);
    EXPECT_EQ(take(queue, 100), "gun");
    queue.push(bytes("whole"));
    queue.drop_unsent();
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(queue.bytes(), 0u);
}

TEST(SendQueue, LeavesItsMemoryToTheNext) {
    SendQueue::Common common;
    SendQueue one{common};
    one.push(bytes("a"));
    EXPECT_EQ(common.spares(), 0u);
    one.consume(1);
    EXPECT_EQ(common.spares(), 1u);
    SendQueue other{common};
    other.push(bytes("b"));
    EXPECT_EQ(common.spares(), 0u) << "it is in use again";
    other.clear();
    EXPECT_EQ(common.spares(), 1u);
    for (int i = 0; i < 1000; ++i)
        one.push(bytes("of somebody slow"));
    one.clear();
    EXPECT_EQ(common.spares(), 0u) << "so much is not kept";
}

TEST(SendQueue, CountsWhatWaitsInAllQueues) {
    SendQueue::Common common;
    SendQueue one{common};
    one.push(bytes("left"), 1);
    one.push(bytes("gone"), 2);
    one.push(bytes("newer"), 2);
    one.consume(2);
    {
        SendQueue other{common};
        other.push(bytes("never read"));
        EXPECT_EQ(common.bytes(), 17u);
    }
    EXPECT_EQ(common.bytes(), 7u) << "what waited for one that is no more does not wait";
    one.drop_unsent();
    EXPECT_EQ(common.bytes(), 2u);
    one.clear();
    EXPECT_EQ(common.bytes(), 0u);
}

// Against the dumbest queue there is: frames in a deque, the sent part cut off.
RC_GTEST_PROP(SendQueue, BehavesLikeItsNaiveTwin, ()) {
    struct Twin {
        std::string rest;
        std::uint64_t key;
        bool begun;
    };
    SendQueue::Common common;
    SendQueue queue{common};
    std::deque<Twin> twin;
    for (int step = *rc::gen::inRange(0, 60); step > 0; --step) {
        const int what = *rc::gen::inRange(0, 10);
        if (what < 5) {
            const std::string text(*rc::gen::inRange<std::size_t>(1, 9),
                                   static_cast<char>('a' + step % 26));
            const auto key = *rc::gen::inRange<std::uint64_t>(0, 4);
            if (key != 0)
                std::erase_if(twin, [&](const Twin& t) { return t.key == key && !t.begun; });
            twin.push_back({text, key, false});
            queue.push(bytes(text), key);
        } else if (what < 9) {
            const auto count = *rc::gen::inRange<std::size_t>(1, 12);
            std::string expected;
            while (expected.size() < count && !twin.empty()) {
                const auto part = std::min(twin.front().rest.size(), count - expected.size());
                expected += twin.front().rest.substr(0, part);
                twin.front().rest.erase(0, part);
                twin.front().begun = true;
                if (twin.front().rest.empty())
                    twin.pop_front();
            }
            RC_ASSERT(take(queue, count) == expected);
        } else {
            std::erase_if(twin, [](const Twin& t) { return !t.begun; });
            queue.drop_unsent();
        }
        std::size_t total = 0;
        for (const Twin& t : twin)
            total += t.rest.size();
        RC_ASSERT(queue.bytes() == total);
        RC_ASSERT(queue.empty() == twin.empty());
    }
}

} // namespace
} // namespace owp::net
