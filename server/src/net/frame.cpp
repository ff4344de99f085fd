#include "net/connection.hpp"

#include <algorithm>

namespace owp::net {
namespace {

/// RFC 6455 §5.2, server to client: FIN and opcode 1, no mask, the shortest form of the length.
void write_text_frame(std::string_view payload, std::string& wire) {
    wire.clear();
    wire.reserve(payload.size() + 10);
    wire.push_back('\x81');
    const auto append_length = [&](int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            wire.push_back(static_cast<char>((payload.size() >> shift) & 0xff));
    };
    if (payload.size() < 126) {
        append_length(1);
    } else if (payload.size() <= 0xffff) {
        wire.push_back(126);
        append_length(2);
    } else {
        wire.push_back(127);
        append_length(8);
    }
    wire.append(payload);
}

std::shared_ptr<std::string> new_text_frame(std::string_view payload) {
    auto wire = std::make_shared<std::string>();
    write_text_frame(payload, *wire);
    return wire;
}

constexpr std::size_t kept_max = 1024;       // what is on its way at once on a busy thread
constexpr std::size_t kept_bytes_max = 1024; // all but lists
constexpr std::size_t looks_max = 4;

} // namespace

Frame Frame::text(std::string_view payload) {
    return Frame{new_text_frame(payload)};
}

Frame FramePool::text(std::string_view payload) {
    if (payload.size() > kept_bytes_max)
        return Frame::text(payload);
    for (std::size_t looks = 0; looks < std::min(looks_max, kept_.size()); ++looks) {
        const std::shared_ptr<std::string>& candidate = kept_[next_];
        next_ = (next_ + 1) % kept_.size();
        if (candidate.use_count() != 1)
            continue;
        // Nobody else can come by it now. To copy the pointer counts it up, which comes after the
        // count down of whoever had it last, on whatever thread, and so after all of its reading.
        std::shared_ptr<std::string> wire = candidate;
        write_text_frame(payload, *wire);
        return Frame{std::move(wire)};
    }
    std::shared_ptr<std::string> wire = new_text_frame(payload);
    if (kept_.size() < kept_max)
        kept_.push_back(wire);
    return Frame{std::move(wire)};
}

} // namespace owp::net
