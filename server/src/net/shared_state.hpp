// What Shared holds.
#pragma once

#include "net/address.hpp"
#include "net/limits.hpp"
#include "net/server.hpp"
#include "net/tls.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <vector>

namespace owp::net {

struct Shared::State {
    explicit State(ListenOptions given) : options{std::move(given)} {}
    /// All but the port, from the options; a sentence if they are no good.
    [[nodiscard]] std::optional<std::string> fill();

    ListenOptions options;
    Counters counters;
    Limits limits{options, counters};
    std::vector<Network> trusted;
    TlsStore tls;
    boost::asio::ip::tcp::endpoint endpoint;
    int reservation = -1; // the bound socket that holds the port for all listeners
    std::atomic<std::uint64_t> next_connection_id{1};
};

/// A socket bound to the endpoint, for which it fills in the port; or -1 and a reason in errno.
/// With `exclusive` binding fails if anybody listens there, with SO_REUSEPORT or without. Either
/// way SO_REUSEPORT is set on return, so that more listeners can follow.
[[nodiscard]] int bind_socket(boost::asio::ip::tcp::endpoint& endpoint, bool exclusive);

} // namespace owp::net
