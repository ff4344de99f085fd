// Counts of durations in logarithmic buckets: 64 for each doubling, so what it tells is at most 1.6
// % too large, whatever the range, and recording costs no allocation.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace owp::load {

class Histogram {
public:
    void record(std::chrono::nanoseconds value, std::uint64_t count = 1);
    void merge(const Histogram& other);

    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] std::chrono::nanoseconds max() const { return std::chrono::nanoseconds{max_}; }
    /// The least value that at least this share of all values does not exceed; 0 if there are none.
    [[nodiscard]] std::chrono::nanoseconds at(double share) const;

private:
    static constexpr std::size_t exact = 128; // one bucket for each of the smallest values
    static constexpr std::size_t each_doubling = 64;
    static constexpr std::size_t buckets = exact + (63 - 7) * each_doubling;
    static std::size_t bucket_of(std::uint64_t value);
    static std::uint64_t largest_in(std::size_t bucket);

    std::array<std::uint64_t, buckets> counts_{};
    std::uint64_t count_ = 0;
    std::int64_t max_ = 0;
};

} // namespace owp::load
