#include "edge/delay_estimate.hpp"

#include <algorithm>
#include <span>

namespace owp::edge {

namespace {

/// Requires at least one value, and reorders them. Of two in the middle the larger.
Duration median(std::span<Duration> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

void DelayEstimate::measured(Duration round_trip) {
    last_[count_ % memory] = std::max(round_trip, Duration{0});
    ++count_;
}

std::optional<core::DelayMeasured> DelayEstimate::event_for(ClientId client) const {
    if (count_ == 0)
        return std::nullopt;
    std::array<Duration, memory> values = last_;
    const std::span<Duration> known = std::span{values}.first(std::min(count_, memory));
    const Duration round_trip = median(known);
    if (count_ == 1)
        return core::DelayMeasured{client, round_trip, round_trip / 2};
    for (Duration& value : known)
        value = std::max(value, round_trip) - std::min(value, round_trip);
    return core::DelayMeasured{client, round_trip, median(known)};
}

} // namespace owp::edge
