// The listener: bytes in, callbacks out. One Server per thread (io_context), all on the same port
// by SO_REUSEPORT, with one Shared for what they have in common.
//
//     auto opened = Shared::open(options);                    // port, TLS, networks checked once
//     if (!opened.error.empty()) { log(opened.error); exit; }
//     Server server{io, opened.shared, handlers};             // on each thread
//     if (auto error = server.listen()) …
//     io.run();                                               // until stop() is done
#pragma once

#include "net/connection.hpp"
#include "net/http.hpp"
#include "net/options.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace owp::net {

/// Counted since the start unless called open. Any thread may read.
struct Counters {
    std::atomic<std::uint64_t> open_connections{0}; // all, WebSockets included
    std::atomic<std::uint64_t> open_websockets{0};
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> refused_full{0}; // 503, 429, or closed without an answer
    std::atomic<std::uint64_t> refused_origin{0};
    std::atomic<std::uint64_t> bad_requests{0}; // 4xx that net/ gave by itself
    std::atomic<std::uint64_t> http_requests{0};
    std::atomic<std::uint64_t> superseded_frames{0};
    std::atomic<std::uint64_t> too_slow{0}; // closed with 4001
    std::atomic<std::uint64_t> bytes_sent{0};
};

/// What the threads' servers have in common: the port, caps, TLS. All of it may be used on any
/// thread.
class Shared {
public:
    struct Opened {
        std::shared_ptr<Shared> shared; // null if there is an error
        std::string error;              // a sentence for the operator
    };
    /// Checks the options, takes the port (one in use is an error, even if its user set
    /// SO_REUSEPORT) and loads the certificate.
    [[nodiscard]] static Opened open(ListenOptions options);
    /// What open() would say but for the port, which is not touched. None: all is well.
    [[nodiscard]] static std::optional<std::string> check(const ListenOptions& options);
    ~Shared();

    /// The port that was taken; of use if 0 was asked for.
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] const ListenOptions& options() const;
    [[nodiscard]] const Counters& counters() const;
    /// For answers that carry Access-Control-Allow-Origin.
    [[nodiscard]] bool origin_allowed(std::string_view origin) const;

    /// Reads certificate and key again, for new connections. On an error the old ones stay; returns
    /// a sentence.
    [[nodiscard]] std::optional<std::string> reload_tls();

    struct State; // net/'s own
    [[nodiscard]] State& state() { return *state_; }

private:
    explicit Shared(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// All are called on the server's thread, never from inside a call to Connection or Server.
/// Each may be empty.
struct Handlers {
    std::function<void(Connection&)> on_open;
    /// Valid UTF-8 of at most message_bytes_max; `text` is gone when the call returns. `arrival` is
    /// when its last bytes were read from the socket.
    std::function<void(Connection&, std::string_view text, SteadyTime arrival)> on_text;
    /// A binary message, which is not kept.
    std::function<void(Connection&, SteadyTime arrival)> on_binary;
    std::function<void(Connection&, Duration round_trip, SteadyTime arrival)> on_pong;
    /// Once for every on_open, and the last call for this connection.
    std::function<void(Connection&, const CloseInfo&)> on_close;
    /// GET and HEAD of every path but the WebSocket's. Without it: 404.
    std::function<Response(const Request&)> on_http;
};

/// Belongs to the thread that runs `io`: construct, call and destroy it there (or while nothing
/// runs).
class Server {
public:
    Server(boost::asio::io_context& io, std::shared_ptr<Shared> shared, Handlers handlers);
    /// Cuts off what is left, without callbacks.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Starts to accept. Returns a sentence if that fails.
    [[nodiscard]] std::optional<std::string> listen();
    [[nodiscard]] std::size_t connection_count() const; // all of this thread
    /// What waits in our queues for all of them (not in the kernel's).
    [[nodiscard]] std::size_t queued_bytes() const;

    /// Accepts no more, closes WebSockets with 1012 (each on_close comes) and idle HTTP
    /// connections, lets answers that are under way finish; after `bound` what is left is cut off.
    /// `done` is called once, when no connection is left.
    void stop(Duration bound, std::function<void()> done);

private:
    std::shared_ptr<class ServerCore> core_;
};

} // namespace owp::net
