// Messages per second in fixed windows, as v1 servers count them: the excess is dropped and
// answered once a window. Who goes on for ten seconds is not in a hurry but broken, and is cut off.
// Until then a flood costs the server little: what is far above the limit is not even read before
// the next window.
#pragma once

#include "protocol/types.hpp"

namespace owp::edge {

inline constexpr Duration rate_window = std::chrono::seconds{1};
inline constexpr std::uint32_t rate_windows_over_max = 10;
/// What of a window is read, in multiples of what counts.
inline constexpr std::uint32_t rate_read_max = 2;

class RateLimit {
public:
    enum class Verdict : std::uint8_t { pass, drop, drop_and_tell, drop_and_wait, close };

    RateLimit(std::uint32_t messages_per_window, ServerTime start)
        : messages_max_(messages_per_window), start_(start) {}

    [[nodiscard]] Verdict on_message(ServerTime now);
    /// When the window of the last message ends.
    [[nodiscard]] ServerTime window_end() const { return start_ + (window_ + 1) * rate_window; }

private:
    std::uint32_t messages_max_;
    ServerTime start_;
    std::int64_t window_ = 0;        // counted from start_
    std::uint32_t messages_ = 0;     // in this window
    std::uint32_t windows_over_ = 0; // in a row, this one included once it is over
};

} // namespace owp::edge
