// What Shared holds.
#pragma once

#include "net/address.hpp"
#include "net/limits.hpp"
#include "net/server.hpp"
#include "net/tls.hpp"
#include "net/unix_socket.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <vector>

namespace owp::net {

struct Shared::State {
    explicit State(ListenOptions given) : options{std::move(given)} {}
    ~State();
    /// All but the port, from the options; a sentence if they are no good.
    [[nodiscard]] std::optional<std::string> fill();

    ListenOptions options;
    Counters counters;
    Limits limits{options, counters};
    std::vector<Network> trusted;
    TlsStore tls;
    boost::asio::ip::tcp::endpoint endpoint; // of use unless there is a Unix socket
    /// The bound socket that holds the port for all listeners; the Unix socket that all share.
    int reservation = -1;
    /// Any thread: the Unix socket's file goes, and who connects from now on is refused.
    void close_unix_socket();
    std::atomic<bool> unix_socket_open{false};
    std::atomic<std::uint64_t> next_connection_id{1};
};

/// A socket bound to the endpoint, for which it fills in the port; or -1 and a reason in errno.
/// With `exclusive` binding fails if anybody listens there, with SO_REUSEPORT or without. Either
/// way SO_REUSEPORT is set on return, so that more listeners can follow.
[[nodiscard]] int bind_socket(boost::asio::ip::tcp::endpoint& endpoint, bool exclusive);

} // namespace owp::net
