#include "network.hpp"

#include <algorithm>

namespace owp::sim {

using namespace std::chrono_literals;

namespace {
constexpr Duration retransmission_min = 200ms; // Linux's TCP_RTO_MIN
constexpr int retransmissions_max = 4;
} // namespace

Path::Path(const Faults& faults, Prng prng)
    : jitter_mean_{faults.jitter_mean}, loss_{faults.loss}, prng_{prng} {
    const auto both = prng_.between(Duration{50us}, faults.delay_max) * 2;
    const auto skew = faults.asymmetry * prng_.between(-1.0, 1.0);
    up_ = Duration{static_cast<std::int64_t>(static_cast<double>(both.count()) * (1 + skew) / 2)};
    down_ = both - up_;
}

ServerTime Path::arrival(Direction direction, Stream& stream, ServerTime now) {
    auto time = now + (direction == Direction::up ? up_ : down_) + prng_.exponential(jitter_mean_);
    auto wait = retransmission_min;
    for (int i = 0; i < retransmissions_max && prng_.chance(loss_); ++i, wait *= 2)
        time += wait;
    if (const auto cut = cut_until(direction);
        now < cut) // sent again some time after the way is open
        time = std::max(time, cut + prng_.between(Duration{0ms}, Duration{2s}) + up_);
    stream.last_arrival = std::max(time, stream.last_arrival);
    return stream.last_arrival;
}

} // namespace owp::sim
