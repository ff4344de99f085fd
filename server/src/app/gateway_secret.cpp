#include "app/gateway_secret.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace owp::app {
namespace {

constexpr std::size_t digits = 64;
constexpr std::size_t line_bytes_max = 4096;

GatewaySecret failed(const std::string& reason) {
    return {{}, "embedded: the secret, the first line of standard input, " + reason};
}

bool is_lower_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/// Is there something to read before `end`?
bool wait_until(int descriptor, std::chrono::steady_clock::time_point end) {
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        ::pollfd wanted{descriptor, POLLIN, 0};
        const int ready =
            ::poll(&wanted, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready >= 0 || errno != EINTR)
            return ready != 0; // an error shows when it is read
    }
}

} // namespace

GatewaySecret read_gateway_secret(int descriptor, Duration bound) {
    const auto end = std::chrono::steady_clock::now() + bound;
    std::string line;
    std::size_t line_end = std::string::npos;
    while (line_end == std::string::npos) {
        if (line.size() > line_bytes_max)
            return failed("is longer than 4 KiB");
        if (!wait_until(descriptor, end))
            return failed("did not come in time");
        std::array<char, 1024> bytes{};
        const ssize_t count = ::read(descriptor, bytes.data(), bytes.size());
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (count < 0)
            return failed("cannot be read: " + std::generic_category().message(errno));
        if (count == 0)
            return failed("did not come: it was closed");
        line.append(bytes.data(), static_cast<std::size_t>(count));
        line_end = line.find('\n');
    }
    line.resize(line_end);
    if (line.size() != digits || !std::ranges::all_of(line, is_lower_hex))
        return failed("must be 64 lower-case hex digits");
    return {auth::Secret{std::move(line)}, {}};
}

} // namespace owp::app
