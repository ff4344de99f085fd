// bare-send: what the kernel alone costs. Accepts connections, then only sends the same bytes to
// them, one group after the other, paced or flat out, and does nothing else. What a server does
// more than this is the server's. Paced, each message begins with the instant when it was due.
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <map>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

int fail(const char* what) {
    std::perror(what);
    return 1;
}

/// All of `bytes`, waiting where the kernel has no room; false: the receiver is gone.
bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            pollfd room{socket, POLLOUT, 0};
            ::poll(&room, 1, -1);
        } else {
            return false;
        }
    }
    return true;
}

} // namespace

int main(int argc, char** argv) {
    std::map<std::string_view, unsigned> options{{"--connections", 1000},
                                                 {"--group", 20},
                                                 {"--per-second", 0},
                                                 {"--bytes", 200},
                                                 {"--seconds", 10}};
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view value{argv[i + 1]};
        std::from_chars(value.data(), value.data() + value.size(), options[argv[i]]);
    }
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener, SOMAXCONN) != 0 ||
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        return fail("bare-send");
    static_cast<void>(std::printf("Listening on http://127.0.0.1:%d\n", ntohs(address.sin_port)));
    static_cast<void>(std::fflush(stdout));

    std::vector<int> sockets;
    while (sockets.size() < options["--connections"]) {
        const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (socket < 0)
            return fail("bare-send: accept");
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockets.push_back(socket);
    }

    std::string bytes(options["--bytes"], 'x');
    const auto start = Clock::now();
    const auto end = start + std::chrono::seconds{options["--seconds"]};
    const std::size_t groups = sockets.size() / options["--group"];
    for (std::size_t turn = 0; Clock::now() < end; ++turn) {
        if (options["--per-second"] != 0) {
            const auto due =
                start + std::chrono::nanoseconds{1'000'000'000 * turn / options["--per-second"]};
            const auto since_epoch = due.time_since_epoch() / std::chrono::nanoseconds{1};
            const timespec until{since_epoch / 1'000'000'000, since_epoch % 1'000'000'000};
            ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
            const std::int64_t ticks = due.time_since_epoch().count();
            std::memcpy(bytes.data(), &ticks, std::min(bytes.size(), sizeof ticks));
        }
        const std::size_t first = turn % groups * options["--group"];
        for (std::size_t i = 0; i < options["--group"]; ++i)
            if (!send_all(sockets[first + i], bytes))
                return 0;
    }
    ::pause(); // the one who measures ends it, with the sockets open until then
    return 0;
}
