// Messages per second in fixed windows, as v1 servers count them: the excess is dropped and
// answered once a window. Who goes on for ten seconds is not in a hurry but broken, and is cut off.
#pragma once

#include "protocol/types.hpp"

namespace owp::edge {

inline constexpr Duration rate_window = std::chrono::seconds{1};
inline constexpr std::uint32_t rate_windows_over_max = 10;

class RateLimit {
public:
    enum class Verdict : std::uint8_t { pass, drop, drop_and_tell, close };

    RateLimit(std::uint32_t messages_per_window, ServerTime start)
        : messages_max_(messages_per_window), start_(start) {}

    [[nodiscard]] Verdict on_message(ServerTime now);

private:
    std::uint32_t messages_max_;
    ServerTime start_;
    std::int64_t window_ = 0;        // counted from start_
    std::uint32_t messages_ = 0;     // in this window
    std::uint32_t windows_over_ = 0; // in a row, this one included once it is over
};

} // namespace owp::edge
