#include "load/memory_walk.hpp"

#include "load/statistics.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace owp::load {
namespace {

constexpr std::size_t pages = 20'000; // 78 MiB
constexpr std::size_t page_bytes = 4096;
constexpr std::size_t line_bytes = 64;
constexpr double slow = 4;

/// One byte of each page, far from the last and each in another line.
std::vector<std::size_t> steps() {
    constexpr std::size_t stride = 7919; // a prime, no divisor of the pages: each has its turn
    std::vector<std::size_t> at;
    at.reserve(pages);
    for (std::size_t i = 0; i < pages; ++i) {
        const std::size_t page = i * stride % pages;
        at.push_back(page * page_bytes + page * line_bytes % page_bytes);
    }
    return at;
}

} // namespace

double memory_slow_share(std::chrono::nanoseconds length) {
    using Clock = std::chrono::steady_clock;
    const std::vector<std::size_t> order = steps();
    std::vector<std::uint8_t> memory(pages * page_bytes);
    std::vector<double> walks;
    const auto end = Clock::now() + length;
    for (auto began = Clock::now(); began < end;) {
        for (const std::size_t step : order)
            ++memory[step];
        const auto ended = Clock::now();
        walks.push_back(std::chrono::duration<double>(ended - began).count());
        began = ended;
    }
    return outliers_share(walks, slow);
}

} // namespace owp::load
