#include "net/address.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace owp::net {
namespace {

namespace ip = boost::asio::ip;

std::optional<Address> parse_address(std::string_view text) {
    boost::system::error_code error;
    const Address address = ip::make_address(std::string{text}, error);
    if (error)
        return std::nullopt;
    return plain_address(address);
}

bool same_bits(const std::uint8_t* left, const std::uint8_t* right, unsigned bits) {
    for (; bits >= 8; bits -= 8)
        if (*left++ != *right++)
            return false;
    return bits == 0 || ((*left ^ *right) >> (8 - bits)) == 0;
}

} // namespace

Address plain_address(const Address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

std::optional<Address> parse_listen_address(std::string_view text) {
    boost::system::error_code error;
    const Address address =
        boost::asio::ip::make_address(text == "localhost" ? "127.0.0.1" : text, error);
    return error ? std::nullopt : std::optional{address};
}

bool Network::contains(const Address& other) const {
    if (address.is_v4() != other.is_v4())
        return false;
    if (address.is_v4())
        return same_bits(address.to_v4().to_bytes().data(), other.to_v4().to_bytes().data(),
                         prefix_bits);
    return same_bits(address.to_v6().to_bytes().data(), other.to_v6().to_bytes().data(),
                     prefix_bits);
}

std::optional<Address> parse_forwarded(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return std::nullopt;
    text = text.substr(first, text.find_last_not_of(" \t") - first + 1);
    if (text.front() == '[') {
        const auto end = text.find(']');
        return end == std::string_view::npos ? std::nullopt
                                             : parse_address(text.substr(1, end - 1));
    }
    if (std::count(text.begin(), text.end(), ':') == 1)
        text = text.substr(0, text.find(':'));
    return parse_address(text);
}

std::optional<Network> parse_network(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    const unsigned bits_max = address->is_v4() ? 32 : 128;
    unsigned bits = bits_max;
    if (slash != std::string_view::npos) {
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, bits);
        if (error != std::errc{} || stop != end || bits > bits_max)
            return std::nullopt;
    }
    return Network{*address, bits};
}

bool any_contains(const std::vector<Network>& networks, const Address& address) {
    return std::any_of(networks.begin(), networks.end(),
                       [&](const Network& network) { return network.contains(address); });
}

Address client_address(const Address& peer, const std::vector<std::string_view>& forwarded_for,
                       const std::vector<Network>& trusted) {
    Address client = peer;
    for (auto line = forwarded_for.rbegin(); line != forwarded_for.rend(); ++line) {
        std::string_view rest = *line;
        while (true) {
            if (!any_contains(trusted, client))
                return client;
            const auto comma = rest.rfind(',');
            const auto entry = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
            const auto address = parse_forwarded(entry);
            if (!address)
                return client;
            client = *address;
            if (comma == std::string_view::npos)
                break;
            rest = rest.substr(0, comma);
        }
    }
    return client;
}

AddressKey address_key(const Address& address) {
    const Address plain = plain_address(address);
    if (plain.is_v4())
        return ip::make_address_v6(ip::v4_mapped, plain.to_v4()).to_bytes();
    AddressKey key = plain.to_v6().to_bytes();
    std::fill(key.begin() + 8, key.end(), std::uint8_t{0});
    return key;
}

} // namespace owp::net
