#include "edge/rate_limit.hpp"

namespace owp::edge {

RateLimit::Verdict RateLimit::on_message(ServerTime now) {
    const std::int64_t window = (now - start_) / rate_window;
    if (window != window_) {
        const bool in_a_row = window == window_ + 1 && messages_ > messages_max_;
        if (!in_a_row)
            windows_over_ = 0;
        window_ = window;
        messages_ = 0;
    }
    if (++messages_ <= messages_max_)
        return Verdict::pass;
    if (messages_ == messages_max_ + 1)
        return ++windows_over_ >= rate_windows_over_max ? Verdict::close : Verdict::drop_and_tell;
    return messages_ < messages_max_ * rate_read_max ? Verdict::drop : Verdict::drop_and_wait;
}

} // namespace owp::edge
