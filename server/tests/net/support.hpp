// A server on its own thread, what it told its owner, and a client that speaks raw bytes.
// Every wait is for an event and has a deadline; nothing sleeps.
#pragma once

#include "net/server.hpp"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace owp::net::test {

using namespace std::chrono_literals;
constexpr auto patience = 10s; // more than any event here takes, even under a sanitizer

inline ListenOptions quick_options() {
    ListenOptions options;
    options.port = 0;
    options.allowed_origins = {"http://localhost:8096"};
    options.close_timeout = 300ms;
    return options;
}

/// What happened to a connection, as text: "open", "text:…", "binary", "pong", "close:1000:peer".
class TestServer {
public:
    explicit TestServer(ListenOptions options = quick_options(),
                        std::function<Response(const Request&)> on_http = {}) {
        auto opened = Shared::open(std::move(options));
        if (!opened.shared)
            throw std::runtime_error{opened.error};
        shared = opened.shared;
        Handlers handlers;
        handlers.on_open = [this](Connection& connection) {
            connections.push_back(&connection);
            record("open:" + connection.remote_address());
            if (on_open)
                on_open(connection);
        };
        handlers.on_text = [this](Connection& connection, std::string_view text, SteadyTime) {
            record("text:" + std::string{text});
            if (on_text)
                on_text(connection, text);
        };
        handlers.on_binary = [this](Connection&, SteadyTime) { record("binary"); };
        handlers.on_pong = [this](Connection&, Duration round_trip, SteadyTime) {
            record(round_trip > Duration{0} && round_trip < patience ? "pong" : "pong: bad time");
        };
        handlers.on_close = [this](Connection& connection, const CloseInfo& info) {
            std::erase(connections, &connection);
            record("close:" + std::to_string(info.code) + (info.by_peer ? ":peer" : ":us"));
        };
        handlers.on_http = std::move(on_http);
        server = std::make_unique<Server>(io, shared, std::move(handlers));
        if (auto error = server->listen())
            throw std::runtime_error{*error};
        thread = std::thread{[this] { io.run(); }};
    }
    ~TestServer() {
        io.stop();
        if (thread.joinable())
            thread.join();
    }

    /// Runs on the server's thread and waits for it.
    void run(std::function<void()> work) {
        std::promise<void> done;
        boost::asio::post(io, [&] {
            work();
            done.set_value();
        });
        ASSERT_EQ(done.get_future().wait_for(patience), std::future_status::ready);
    }
    /// The next event; "" if none comes.
    std::string next() {
        std::unique_lock lock{mutex};
        if (!changed.wait_for(lock, patience, [this] { return !events.empty(); }))
            return "";
        std::string event = std::move(events.front());
        events.pop_front();
        return event;
    }
    /// Until the server holds so many connections.
    bool settles_at(std::size_t count) {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        std::size_t now = count + 1;
        while (now != count && std::chrono::steady_clock::now() < deadline) {
            run([&] { now = server->connection_count(); });
            std::this_thread::yield();
        }
        return now == count;
    }

    boost::asio::io_context io{1};
    std::shared_ptr<Shared> shared;
    std::unique_ptr<Server> server;
    std::vector<Connection*> connections;
    std::function<void(Connection&)> on_open;
    std::function<void(Connection&, std::string_view)> on_text;
    std::thread thread;

private:
    void record(std::string event) {
        const std::lock_guard lock{mutex};
        events.push_back(std::move(event));
        changed.notify_all();
    }
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::string> events;
};

struct WireFrame {
    int opcode = -1; // -1: the stream ended
    bool final = true;
    std::string payload;
};

/// Blocking, with a deadline on every read.
class RawClient {
public:
    explicit RawClient(const TestServer& server, int receive_buffer = 0,
                       const char* from = "127.0.0.1")
        : RawClient{server.shared->port(), receive_buffer, from} {}
    explicit RawClient(std::uint16_t port, int receive_buffer = 0, const char* from = "127.0.0.1")
        : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        limit_waits();
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (receive_buffer > 0)
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        ::sockaddr_in source{};
        source.sin_family = AF_INET;
        ::inet_pton(AF_INET, from, &source.sin_addr);
        if (::bind(socket_, reinterpret_cast<const ::sockaddr*>(&source), sizeof source) != 0)
            throw std::runtime_error{"cannot bind"};
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected =
            ::connect(socket_, reinterpret_cast<const ::sockaddr*>(&address), sizeof address) == 0;
    }
    /// Of a Unix socket.
    explicit RawClient(const std::string& path)
        : socket_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        limit_waits();
        ::sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        connected =
            ::connect(socket_, reinterpret_cast<const ::sockaddr*>(&address), sizeof address) == 0;
    }
    RawClient(RawClient&& other) noexcept
        : connected{other.connected}, socket_{std::exchange(other.socket_, -1)},
          received_{std::move(other.received_)} {}
    ~RawClient() {
        if (socket_ >= 0)
            ::close(socket_);
    }

    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    /// How much the kernels of both sides take, until they have taken no more for a while.
    std::size_t pour(std::size_t bytes_max) {
        const int send_buffer = 16 * 1024;
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
        const std::string some(4096, 'x');
        std::size_t taken = 0;
        for (::pollfd wanted{socket_, POLLOUT, 0};
             taken < bytes_max && ::poll(&wanted, 1, 300) == 1;) {
            const ssize_t sent =
                ::send(socket_, some.data(), some.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent <= 0)
                break;
            taken += static_cast<std::size_t>(sent);
        }
        return taken;
    }
    /// Exactly so many bytes, fewer if the stream ends.
    std::string read(std::size_t bytes) {
        while (received_.size() < bytes && receive()) {
        }
        std::string taken = received_.substr(0, bytes);
        received_.erase(0, bytes);
        return taken;
    }
    std::string read_until(std::string_view mark) {
        while (received_.find(mark) == std::string::npos && receive()) {
        }
        const auto found = received_.find(mark);
        return read(found == std::string::npos ? received_.size() : found + mark.size());
    }
    std::string read_all() {
        while (receive()) {
        }
        return std::exchange(received_, {});
    }
    /// Did the server end the stream in order (and not by a reset or not at all)?
    bool ended_cleanly() {
        read_all();
        return !reset_;
    }
    std::string read_head() { return read_until("\r\n\r\n"); }

    /// The answer's status line and headers; 101 for a WebSocket.
    std::string upgrade(std::string_view more = "", std::string_view path = "/ws") {
        send("GET " + std::string{path} +
             " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
             std::string{more} + "\r\n");
        return read_head();
    }
    bool send_frame(int opcode, std::string_view payload, bool final = true) {
        return send(masked_frame(opcode, payload, final));
    }
    static std::string masked_frame(int opcode, std::string_view payload, bool final = true) {
        std::string wire{static_cast<char>((final ? 0x80 : 0) | opcode)};
        if (payload.size() < 126) {
            wire += static_cast<char>(0x80 | payload.size());
        } else if (payload.size() < 65536) {
            wire += static_cast<char>(0x80 | 126);
            wire += static_cast<char>(payload.size() >> 8);
            wire += static_cast<char>(payload.size() & 0xff);
        } else {
            wire += static_cast<char>(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8)
                wire += static_cast<char>((payload.size() >> shift) & 0xff);
        }
        const char mask[4] = {0x11, 0x22, 0x33, 0x44};
        wire.append(mask, 4);
        for (std::size_t i = 0; i < payload.size(); ++i)
            wire += static_cast<char>(payload[i] ^ mask[i % 4]);
        return wire;
    }
    WireFrame read_frame() {
        const std::string head = read(2);
        if (head.size() < 2)
            return {};
        std::uint64_t size = static_cast<unsigned char>(head[1]);
        EXPECT_LT(size, 128u) << "a server must not mask";
        if (size >= 126)
            size = big_endian(read(size == 126 ? 2 : 8));
        return {head[0] & 0x0f, (head[0] & 0x80) != 0, read(size)};
    }
    /// "4001" and what else a close frame says; "" if another frame or none comes.
    std::string read_close() {
        const WireFrame frame = read_frame();
        if (frame.opcode != 8 || frame.payload.size() < 2)
            return "";
        return std::to_string(big_endian(frame.payload.substr(0, 2)));
    }
    /// Sends nothing more, reads on.
    void finish_sending() { ::shutdown(socket_, SHUT_WR); }

    bool connected = false;

private:
    void limit_waits() const {
        const ::timeval deadline{std::chrono::duration_cast<std::chrono::seconds>(patience).count(),
                                 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
    }
    static std::uint64_t big_endian(std::string_view bytes) {
        std::uint64_t value = 0;
        for (const char byte : bytes)
            value = value << 8 | static_cast<unsigned char>(byte);
        return value;
    }
    bool receive() {
        char bytes[16384];
        const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
        reset_ = reset_ || count < 0;
        if (count <= 0)
            return false;
        received_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }
    int socket_;
    std::string received_;
    bool reset_ = false; // or timed out
};

/// A folder that goes with the test.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "owp-net-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path); }
    std::filesystem::path write(const std::string& name, std::string_view text) const {
        const auto file = path / name;
        std::filesystem::create_directories(file.parent_path());
        std::FILE* const stream = std::fopen(file.c_str(), "wb");
        EXPECT_EQ(std::fwrite(text.data(), 1, text.size(), stream), text.size());
        std::fclose(stream);
        return file;
    }
    std::filesystem::path path;
};

inline std::string status_of(std::string_view head) {
    return head.size() >= 12 ? std::string{head.substr(9, 3)} : "";
}
inline std::string header_of(std::string_view head, std::string_view name) {
    const auto at = head.find("\r\n" + std::string{name} + ": ");
    if (at == std::string_view::npos)
        return "";
    const auto begin = at + name.size() + 4;
    return std::string{head.substr(begin, head.find("\r\n", begin) - begin)};
}

} // namespace owp::net::test
