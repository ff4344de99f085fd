// The only source of chance in a simulation: xoshiro256** seeded through splitmix64, with its own
// distributions, because those of <random> differ between standard libraries and a seed must replay
// everywhere.
#pragma once

#include "protocol/types.hpp"

#include <cmath>
#include <cstdint>
#include <string_view>

namespace owp::sim {

class Prng {
public:
    explicit Prng(std::uint64_t seed) {
        for (auto& word : state_) {
            seed += 0x9e3779b97f4a7c15U;
            auto mixed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9U;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
            word = mixed ^ (mixed >> 31);
        }
    }

    std::uint64_t next() {
        const auto rotl = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
        const auto result = rotl(state_[1] * 5, 7) * 9;
        const auto carried = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= carried;
        state_[3] = rotl(state_[3], 45);
        return result;
    }

    /// A stream of its own, so that more draws here do not change what happens there.
    Prng fork() { return Prng{next()}; }
    /// 0 to bound - 1; the bias of the modulo is far below what a simulation can notice.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    /// From 0 up to, but not including, 1.
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    bool chance(double probability) { return unit() < probability; }
    double between(double low, double high) { return low + (high - low) * unit(); }
    Duration between(Duration low, Duration high) {
        return low + Duration{static_cast<std::int64_t>(unit() *
                                                        static_cast<double>((high - low).count()))};
    }
    Duration exponential(Duration mean) {
        return Duration{
            static_cast<std::int64_t>(-std::log(1.0 - unit()) * static_cast<double>(mean.count()))};
    }
    /// A random identity that is a valid UUID v4.
    template <class Tag>
    Id<Tag> id() {
        Id<Tag> result;
        for (std::size_t half = 0; half < 2; ++half) {
            auto word = next();
            for (std::size_t i = 0; i < 8; ++i, word >>= 8)
                result.bytes[half * 8 + i] = static_cast<std::uint8_t>(word);
        }
        result.bytes[6] = static_cast<std::uint8_t>((result.bytes[6] & 0x0fU) | 0x40U);
        result.bytes[8] = static_cast<std::uint8_t>((result.bytes[8] & 0x3fU) | 0x80U);
        return result;
    }

private:
    std::uint64_t state_[4]{};
};

} // namespace owp::sim
