#include "load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace owp::load {

std::size_t Histogram::bucket_of(std::uint64_t value) {
    if (value < exact)
        return value;
    const auto shift = static_cast<std::size_t>(std::bit_width(value)) - 7;
    return exact + (shift - 1) * each_doubling + ((value >> shift) - each_doubling);
}

std::uint64_t Histogram::largest_in(std::size_t bucket) {
    if (bucket < exact)
        return bucket;
    const std::size_t shift = (bucket - exact) / each_doubling + 1;
    const std::uint64_t top = (bucket - exact) % each_doubling + each_doubling;
    return ((top + 1) << shift) - 1;
}

void Histogram::record(std::chrono::nanoseconds value, std::uint64_t count) {
    const std::int64_t nanoseconds = std::max<std::int64_t>(0, value.count());
    counts_.at(bucket_of(static_cast<std::uint64_t>(nanoseconds))) += count;
    count_ += count;
    max_ = std::max(max_, nanoseconds);
}

void Histogram::merge(const Histogram& other) {
    for (std::size_t i = 0; i < buckets; ++i)
        counts_.at(i) += other.counts_.at(i);
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

std::chrono::nanoseconds Histogram::at(double share) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
        seen += counts_.at(i);
        if (seen >= std::max<std::uint64_t>(wanted, 1))
            return std::chrono::nanoseconds{
                std::min(max_, static_cast<std::int64_t>(largest_in(i)))};
    }
    return {};
}

} // namespace owp::load
