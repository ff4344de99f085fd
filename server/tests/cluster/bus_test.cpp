#include "cluster/bus.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <thread>

namespace owp::cluster {
namespace {

using Message = std::pair<ShardIndex, int>; // who sent it, and its number

auto posting_to(boost::asio::io_context& io) {
    return [&io](Task task) { boost::asio::post(io, std::move(task.run)); };
}

TEST(Bus, DeliversInTheOrderOfEachSender) {
    constexpr std::size_t shards = 3;
    constexpr int count = 1000;
    Bus<Message> bus{shards};
    std::vector<std::unique_ptr<boost::asio::io_context>> loops;
    std::vector<std::vector<std::vector<int>>> got(shards, std::vector<std::vector<int>>(shards));
    for (ShardIndex i = 0; i < shards; ++i) {
        loops.push_back(std::make_unique<boost::asio::io_context>(1));
        bus.attach(i, posting_to(*loops[i]), [&, i](Message m) {
            got[i][m.first].push_back(m.second);
            std::size_t all = 0;
            for (const auto& from : got[i])
                all += from.size();
            if (all == shards * count)
                loops[i]->stop();
        });
    }
    std::vector<std::thread> threads;
    for (ShardIndex i = 0; i < shards; ++i)
        threads.emplace_back([&, i] {
            const auto work = boost::asio::make_work_guard(*loops[i]);
            for (int n = 0; n < count; ++n)
                boost::asio::post(*loops[i], [&bus, i, n] {
                    for (ShardIndex to = 0; to < shards; ++to)
                        bus.send(i, to, {i, n});
                });
            loops[i]->run();
        });
    for (std::thread& thread : threads)
        thread.join();
    std::vector<int> all(count);
    std::iota(all.begin(), all.end(), 0);
    for (const auto& receiver : got)
        for (const auto& from : receiver)
            EXPECT_EQ(from, all);
}

TEST(Bus, NeverEntersAHandlerFromInsideAnother) {
    Bus<int> bus{1};
    boost::asio::io_context io{1};
    int depth = 0;
    std::vector<int> got;
    bus.attach(0, posting_to(io), [&](int n) {
        EXPECT_EQ(++depth, 1);
        got.push_back(n);
        if (n < 5)
            bus.send(0, 0, n + 1);
        --depth;
    });
    bus.send(0, 0, 1);
    EXPECT_TRUE(got.empty());
    io.run();
    EXPECT_EQ(got, (std::vector{1, 2, 3, 4, 5}));
}

TEST(Bus, DoesInOneTurnWhatAMessageToItselfLeadsTo) {
    Bus<int> bus{2};
    boost::asio::io_context here{1}, there{1};
    int got = 0;
    bus.attach(0, posting_to(there), [&](int n) { got = n; });
    bus.attach(1, posting_to(here), [&](int n) { bus.send(1, n < 3 ? 1 : 0, n + 1); });
    bus.send(1, 1, 1);
    EXPECT_EQ(here.run(), 1U);
    EXPECT_EQ(there.run(), 1U);
    EXPECT_EQ(got, 4);
    here.restart();
    bus.send(1, 1, 3);
    EXPECT_EQ(here.run(), 1U) << "the next message is flushed again";
}

TEST(Bus, FillsTheMemoryOfABatchAgain) {
    struct Counted {
        explicit Counted(int& moved_by) : moves{&moved_by} {}
        Counted(Counted&& other) noexcept : moves{other.moves} { ++*moves; }
        Counted& operator=(Counted&&) = default;
        int* moves;
    };
    Bus<Counted> bus{2};
    boost::asio::io_context here{1}, there{1};
    bus.attach(0, posting_to(here), [](Counted) {});
    bus.attach(1, posting_to(there), [](Counted) {});
    int moves = 0;
    const auto round = [&](int sent) {
        moves = 0;
        for (int n = 0; n < sent; ++n)
            bus.send(0, 1, Counted{moves});
        here.restart();
        here.run();
        there.restart();
        there.run();
        return moves;
    };
    EXPECT_GT(round(100), 300) << "a vector that grows moves what it has";
    EXPECT_EQ(round(100), 300) << "into the outbox, and out of it by two calls";
    EXPECT_EQ(round(50), 150);
}

TEST(Bus, SendsOverInOneBatchWhatOneTurnProduced) {
    Bus<int> bus{2};
    boost::asio::io_context here{1}, there{1};
    int got = 0;
    bus.attach(0, posting_to(here), [](int) {});
    bus.attach(1, posting_to(there), [&](int) { ++got; });
    for (int n = 0; n < 100; ++n)
        bus.send(0, 1, n);
    EXPECT_EQ(here.run(), 1U);  // one flush
    EXPECT_EQ(there.run(), 1U); // one delivery
    EXPECT_EQ(got, 100);
}

} // namespace
} // namespace owp::cluster
