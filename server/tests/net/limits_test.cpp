#include "net/limits.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace owp::net {
namespace {

using Verdict = Limits::Verdict;

struct LimitsTest : testing::Test {
    LimitsTest() {
        options.max_connections = 3;
        options.max_connections_per_address = 2;
        options.max_http_connections = 2;
        options.max_http_connections_per_address = 1;
    }
    std::unique_ptr<Admission> open(std::uint8_t address, Verdict expected = Verdict::admitted) {
        auto admission = std::make_unique<Admission>(limits);
        EXPECT_EQ(admission->open(key(address)), expected);
        return admission;
    }
    static AddressKey key(std::uint8_t address) { return {address}; }

    ListenOptions options;
    Counters counters;
    Limits limits{options, counters};
};

TEST_F(LimitsTest, BoundsConnectionsPerAddressAndOverall) {
    std::vector<std::unique_ptr<Admission>> held;
    for (int i = 0; i < 3; ++i) // 2 WebSockets and 1 more
        held.push_back(open(1));
    open(1, Verdict::address_full);
    held.push_back(open(2));
    held.push_back(open(3));
    open(4, Verdict::full); // 3 WebSockets and 2 more
    EXPECT_EQ(counters.open_connections, 5u);
    held.pop_back();
    open(4);
    held.clear();
    EXPECT_EQ(counters.open_connections, 0u);
    open(1);
}

TEST_F(LimitsTest, BoundsWebSocketsPerAddressAndOverall) {
    const auto a = open(1);
    const auto b = open(1);
    const auto c = open(1);
    EXPECT_EQ(a->upgrade(key(1)), Verdict::admitted);
    EXPECT_EQ(b->upgrade(key(1)), Verdict::admitted);
    EXPECT_EQ(c->upgrade(key(1)), Verdict::address_full);
    EXPECT_EQ(c->upgrade(key(9)), Verdict::admitted);
    const auto d = open(2);
    EXPECT_EQ(d->upgrade(key(2)), Verdict::full);
    EXPECT_EQ(counters.open_websockets, 3u);
}

TEST_F(LimitsTest, DoesNotCountATrustedProxyButItsClients) {
    options.max_http_connections = 10;
    std::vector<std::unique_ptr<Admission>> held;
    for (int i = 0; i < 5; ++i) {
        held.push_back(std::make_unique<Admission>(limits));
        EXPECT_EQ(held.back()->open(std::nullopt), Verdict::admitted);
    }
    EXPECT_EQ(held[0]->upgrade(key(1)), Verdict::admitted);
    EXPECT_EQ(held[1]->upgrade(key(1)), Verdict::admitted);
    EXPECT_EQ(held[2]->upgrade(key(1)), Verdict::address_full);
    held.clear();
    EXPECT_EQ(counters.open_websockets, 0u);
    EXPECT_EQ(counters.open_connections, 0u);
}

TEST_F(LimitsTest, HoldsAcrossThreads) {
    options.max_connections = 50;
    options.max_http_connections = 0;
    options.max_connections_per_address = 1000;
    std::vector<std::thread> threads;
    for (std::uint8_t t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int round = 0; round < 200; ++round) {
                std::vector<std::unique_ptr<Admission>> held;
                for (int i = 0; i < 30; ++i) {
                    held.push_back(std::make_unique<Admission>(limits));
                    if (held.back()->open(key(t)) == Verdict::admitted)
                        static_cast<void>(held.back()->upgrade(key(t)));
                }
            }
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(counters.open_connections, 0u);
    EXPECT_EQ(counters.open_websockets, 0u);
}

} // namespace
} // namespace owp::net
