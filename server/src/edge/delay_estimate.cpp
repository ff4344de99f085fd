#include "edge/delay_estimate.hpp"

#include <algorithm>

namespace owp::edge {

void DelayEstimate::measured(Duration round_trip) {
    const Duration sample = std::max(round_trip, Duration{0});
    if (!known_) {
        known_ = true;
        round_trip_ = sample;
        jitter_ = sample / 2;
        return;
    }
    const Duration deviation = std::max(sample, round_trip_) - std::min(sample, round_trip_);
    jitter_ += (deviation - jitter_) / 4;
    round_trip_ += (sample - round_trip_) / 8;
}

std::optional<core::DelayMeasured> DelayEstimate::event_for(ClientId client) const {
    if (!known_)
        return std::nullopt;
    return core::DelayMeasured{client, round_trip_, jitter_};
}

} // namespace owp::edge
