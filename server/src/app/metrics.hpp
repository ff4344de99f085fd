// What an operator can watch. The table below names every number; docs/operators/metrics.md and
// /metrics (Prometheus text) come from it.
#pragma once

#include "protocol/codes.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace owp::net {
struct Counters;
}

namespace owp::app {

/// Those that the shards keep, in the order of their rows in metrics.cpp.
enum class Metric : std::uint8_t {
    rooms,
    members,
    sessions,
    messages_received,
    messages_sent,
    deliveries,
    rooms_created,
    tokens_accepted,
    tokens_refused,
    queued_bytes,
    timers,
    loop_lag_microseconds,
    count
};

inline constexpr std::size_t error_codes = static_cast<std::size_t>(ErrorCode::server_full) + 1;

/// One shard's numbers: written on its thread, read on any.
class Metrics {
public:
    void add(Metric metric, std::int64_t amount = 1) {
        at(metric).fetch_add(amount, std::memory_order_relaxed);
    }
    void set(Metric metric, std::int64_t value) {
        at(metric).store(value, std::memory_order_relaxed);
    }
    [[nodiscard]] std::int64_t value(Metric metric) const {
        return values_.at(static_cast<std::size_t>(metric)).load(std::memory_order_relaxed);
    }
    void count_error(ErrorCode code) {
        errors_.at(static_cast<std::size_t>(code)).fetch_add(1, std::memory_order_relaxed);
    }
    [[nodiscard]] std::int64_t errors(ErrorCode code) const {
        return errors_.at(static_cast<std::size_t>(code)).load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::int64_t>& at(Metric metric) {
        return values_.at(static_cast<std::size_t>(metric));
    }
    std::array<std::atomic<std::int64_t>, static_cast<std::size_t>(Metric::count)> values_{};
    std::array<std::atomic<std::int64_t>, error_codes> errors_{};
};

/// /metrics: all shards together.
[[nodiscard]] std::string metrics_text(std::span<const Metrics* const> shards,
                                       const net::Counters& net);

/// docs/operators/metrics.md
[[nodiscard]] std::string metrics_page();

} // namespace owp::app
