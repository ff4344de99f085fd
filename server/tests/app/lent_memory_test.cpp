#include "app/lent_memory.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

namespace owp::app {
namespace {

TEST(LentMemory, TakesWhatFitsAndLeavesTheRestToTheHeap) {
    alignas(std::max_align_t) std::array<std::byte, 64> memory{};
    LentMemory<std::uint64_t> lent{memory};
    std::uint64_t* const inside = lent.allocate(8);
    EXPECT_EQ(static_cast<void*>(inside), memory.data());
    lent.deallocate(inside, 8);
    std::uint64_t* const outside = lent.allocate(9);
    EXPECT_NE(static_cast<void*>(outside), memory.data());
    lent.deallocate(outside, 9);
    EXPECT_EQ(lent, (LentMemory<char>{lent}));
}

TEST(LentMemory, HoldsATaskUntilItRuns) {
    alignas(std::max_align_t) std::array<std::byte, 256> memory{};
    boost::asio::io_context io{1};
    int runs = 0;
    const auto in_use = [&] {
        return std::ranges::any_of(memory, [](std::byte byte) { return byte != std::byte{0}; });
    };
    boost::asio::post(io, boost::asio::bind_allocator(LentMemory<void*>{memory}, [&] { ++runs; }));
    EXPECT_TRUE(in_use());
    io.run();
    EXPECT_EQ(runs, 1);
}

} // namespace
} // namespace owp::app
