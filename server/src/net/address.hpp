// Addresses: networks, whom to believe about the client's, and what counts as one address.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace owp::net {

using Address = boost::asio::ip::address;

/// IPv4 inside IPv6 (::ffff:1.2.3.4) becomes IPv4.
[[nodiscard]] Address plain_address(const Address& address);

/// What a listener may be bound to: an IP literal, or "localhost" for 127.0.0.1.
[[nodiscard]] std::optional<Address> parse_listen_address(std::string_view text);

struct Network {
    Address address;
    unsigned prefix_bits = 0;

    [[nodiscard]] bool contains(const Address& other) const;
};
/// "10.0.0.0/8", "fd00::/8", or one address.
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);

[[nodiscard]] bool any_contains(const std::vector<Network>& networks, const Address& address);

/// As proxies write it: with or without a port, IPv6 in brackets if it has one.
[[nodiscard]] std::optional<Address> parse_forwarded(std::string_view text);

/// The client's address: the peer's, unless that is trusted. Then the right-most one in
/// X-Forwarded-For (`forwarded_for`: the header's lines in order) that is not trusted itself. What
/// cannot be read ends the search: what stands left of it was vouched for by nobody.
[[nodiscard]] Address client_address(const Address& peer,
                                     const std::vector<std::string_view>& forwarded_for,
                                     const std::vector<Network>& trusted);

/// What the caps per address count as one: an IPv4 address or an IPv6 /64, which is what one home
/// gets and may choose from freely.
using AddressKey = std::array<std::uint8_t, 16>;
[[nodiscard]] AddressKey address_key(const Address& address);

} // namespace owp::net
