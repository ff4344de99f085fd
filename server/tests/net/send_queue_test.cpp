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
    SendQueue::Spares spares;
    SendQueue queue{spares};
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

TEST(SendQueue, KeepsItsPlaceWhileItNeverEmpties) {
    SendQueue::Spares spares;
    SendQueue queue{spares};
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
    SendQueue::Spares spares;
    SendQueue queue{spares};
    EXPECT_FALSE(queue.push(bytes("old"), 1));
    EXPECT_FALSE(queue.push(bytes("other"), 2));
    EXPECT_FALSE(queue.push(bytes("plain")));
    EXPECT_TRUE(queue.push(bytes("new"), 1));
    EXPECT_EQ(queue.bytes(), 13u);
    EXPECT_EQ(take(queue, 100), "otherplainnew");
}

TEST(SendQueue, NeitherSupersedesNorDropsAFrameThatHasLeftInPart) {
    SendQueue::Spares spares;
    SendQueue queue{spares};
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
    SendQueue::Spares spares;
    SendQueue one{spares};
    one.push(bytes("a"));
    EXPECT_EQ(spares.size(), 0u);
    one.consume(1);
    EXPECT_EQ(spares.size(), 1u);
    SendQueue other{spares};
    other.push(bytes("b"));
    EXPECT_EQ(spares.size(), 0u) << "it is in use again";
    other.clear();
    EXPECT_EQ(spares.size(), 1u);
    for (int i = 0; i < 1000; ++i)
        one.push(bytes("of somebody slow"));
    one.clear();
    EXPECT_EQ(spares.size(), 0u) << "so much is not kept";
}

// Against the dumbest queue there is: frames in a deque, the sent part cut off.
RC_GTEST_PROP(SendQueue, BehavesLikeItsNaiveTwin, ()) {
    struct Twin {
        std::string rest;
        std::uint64_t key;
        bool begun;
    };
    SendQueue::Spares spares;
    SendQueue queue{spares};
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
