#include "clocks.hpp"

#include <algorithm>
#include <cmath>

namespace owp::sim {
namespace {

constexpr std::size_t samples_max = 8;
/// A sample ages by what a bad crystal (100 ppm) may have drifted since.
constexpr double distrust_per_second = 100e-6;

Duration scaled(Duration duration, double factor) {
    return Duration{std::llround(static_cast<double>(duration.count()) * factor)};
}

} // namespace

DriftingClock::DriftingClock(ServerTime start, Duration offset, double drift_ppm)
    : anchor_truth_{start}, anchor_local_{start.time_since_epoch() + offset}, drift_ppm_{
                                                                                  drift_ppm} {}

LocalTime DriftingClock::read(ServerTime truth) const {
    const auto elapsed = truth - anchor_truth_;
    return anchor_local_ + elapsed + scaled(elapsed, drift_ppm_ * 1e-6);
}

ServerTime DriftingClock::when(LocalTime local) const {
    return anchor_truth_ + scaled(local - anchor_local_, 1.0 / (1.0 + drift_ppm_ * 1e-6));
}

void DriftingClock::step(ServerTime truth, Duration by) {
    anchor_local_ = read(truth) + by;
    anchor_truth_ = truth;
}

Duration ClockSample::round_trip() const {
    return (received - sent) - (server_sent - server_received);
}

Duration ClockSample::offset() const {
    return ((server_received.time_since_epoch() - sent.time_since_epoch()) +
            (server_sent.time_since_epoch() - received.time_since_epoch())) /
           2;
}

Duration ClockSample::path_error(ServerTime true_arrival, ServerTime true_departure) const {
    const auto there = true_arrival - true_sent;
    const auto back = true_received - true_departure;
    return std::chrono::abs(there - back) / 2 + Duration{2}; // stamps are rounded to 1 us
}

void ClockFilter::add(const ClockSample& sample, Duration true_error, ServerTime now) {
    if (samples_.size() == samples_max)
        samples_.erase(samples_.begin());
    samples_.push_back({sample, true_error});
    const auto cost = [now](const Kept& kept) {
        return kept.sample.round_trip() +
               scaled(now - kept.sample.true_received, distrust_per_second);
    };
    chosen_ = *std::min_element(samples_.begin(), samples_.end(),
                                [&](const auto& a, const auto& b) { return cost(a) < cost(b); });
}

ServerTime ClockFilter::server_time(LocalTime local) const {
    return ServerTime{local.time_since_epoch() + chosen_->sample.offset()};
}

LocalTime ClockFilter::local_time(ServerTime server) const {
    return LocalTime{server.time_since_epoch() - chosen_->sample.offset()};
}

Duration ClockFilter::error_bound(ServerTime now, double drift_ppm) const {
    return chosen_->true_error +
           scaled(now - chosen_->sample.true_sent, std::abs(drift_ppm) * 1e-6);
}

} // namespace owp::sim
