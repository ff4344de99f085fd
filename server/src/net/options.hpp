// What a listener may be told. Plain values: app/ fills them from its settings, net/ obeys.
#pragma once

#include "protocol/types.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace owp::net {

struct ListenOptions {
    std::string address = "127.0.0.1"; // an IP literal or "localhost"; "::" serves IPv4 as well
    std::uint16_t port = 3000;         // 0: any free one, see Shared::port()

    /// Not empty: listens on this socket file (mode 0600) and on no port. A socket that nobody
    /// listens on any more is replaced; whatever else is there stays, and is an error.
    std::string unix_socket;
    /// Not empty: only requests of a gateway that knows it are answered, see gateway.hpp.
    std::string gateway_secret;

    // TLS is on if both are set (PEM). 1.2 at least. See Shared::reload_tls().
    std::string tls_certificate_file;
    std::string tls_key_file;

    std::string websocket_path = "/ws";
    /// Exact strings, compared as they are; "*" lets every origin in. A page that this server
    /// itself gave out under an IP address or "localhost" is let in beside them; under another name
    /// it has to be listed, because that name could be pointed here by a stranger (DNS rebinding).
    /// A connection without an Origin is not a browser and is let in; one with two is refused.
    std::vector<std::string> allowed_origins;
    /// Networks ("10.0.0.0/8", "::1") whose X-Forwarded-For is believed: the right-most address in
    /// it that is not trusted itself is the client's.
    std::vector<std::string> trusted_proxies;

    // WebSockets. What is above gets 503 (or 429, per address) with Retry-After.
    std::uint32_t max_connections = 20'000;
    std::uint32_t max_connections_per_address = 64; // an IPv6 home (/64) counts as one address
    // Connections that are not (yet) WebSockets, in addition to the above: so that /health answers
    // when the server is full. What is above is closed without an answer.
    std::uint32_t max_http_connections = 512;
    std::uint32_t max_http_connections_per_address = 64;

    Duration handshake_timeout = std::chrono::seconds{10}; // TLS and the request's head, each
    Duration http_idle_timeout = std::chrono::seconds{30}; // between requests; and a stalled body
    Duration close_timeout = std::chrono::seconds{2};      // then a stubborn peer is cut off

    std::size_t header_limit = std::size_t{16} * 1024;      // a request's head; above: 431
    std::size_t message_bytes_max = std::size_t{64} * 1024; // above: closed with 1009
    std::size_t send_queue_bytes_max =
        std::size_t{256} * 1024;         // waiting for one receiver; above: 4001
    int notsent_lowat_bytes = 16 * 1024; // TCP_NOTSENT_LOWAT: the kernel's share of that queue
    /// SO_RCVBUF, which the kernel doubles: what it takes of a peer that is not being read. Left to
    /// itself it takes more than a mebibyte of each that floods. Holds the largest message.
    int receive_buffer_bytes = 64 * 1024;
};

} // namespace owp::net
