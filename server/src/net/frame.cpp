#include "net/connection.hpp"

namespace owp::net {

// RFC 6455 §5.2, server to client: FIN and opcode 1, no mask, the shortest form of the length.
Frame Frame::text(std::string_view payload) {
    std::string wire;
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
    return Frame{std::make_shared<const std::string>(std::move(wire))};
}

} // namespace owp::net
