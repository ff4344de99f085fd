#include "net/upgrade.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>

namespace owp::net {
namespace {

/// Base64 of 16 bytes: 22 digits and "==".
bool is_websocket_key(std::string_view key) {
    return key.size() == 24 && key.ends_with("==") &&
           std::all_of(key.begin(), key.end() - 2, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '+' || c == '/';
           });
}

/// The host of `authority` (`host[:port]`) is an address or "localhost": no name whose owner could
/// point it at this machine later (DNS rebinding).
bool is_never_rebound(std::string_view authority) {
    const bool bracketed = authority.starts_with('[');
    const std::size_t end = bracketed ? authority.find(']') : authority.find(':');
    if (bracketed && end == authority.npos)
        return false;
    const std::string host{authority.substr(bracketed, end - bracketed)};
    boost::system::error_code failed;
    if (bracketed)
        boost::asio::ip::make_address_v6(host, failed);
    else
        boost::asio::ip::make_address_v4(host, failed);
    return !failed || (!bracketed && host == "localhost");
}

/// The page came from this very server: its origin names what the request calls us.
bool is_own_page(const Head& head, std::string_view origin) {
    const auto hosts = head.all("Host");
    for (const std::string_view scheme : {"http://", "https://"})
        if (origin.starts_with(scheme))
            return hosts.size() == 1 && origin.substr(scheme.size()) == hosts.front() &&
                   is_never_rebound(hosts.front());
    return false;
}

} // namespace

bool origin_in(const ListenOptions& options, std::string_view origin) {
    return std::any_of(
        options.allowed_origins.begin(), options.allowed_origins.end(),
        [&](const std::string& allowed) { return allowed == "*" || allowed == origin; });
}

std::variant<NoUpgrade, UpgradeRefused, UpgradeGranted>
decide_upgrade(const Head& head, bool has_more, const ListenOptions& options) {
    const bool asks = head.lists("Upgrade", "websocket");
    if (head.path != options.websocket_path) {
        if (asks)
            return UpgradeRefused{404};
        return NoUpgrade{};
    }
    if (head.method != "GET")
        return UpgradeRefused{405};
    if (!asks)
        return UpgradeRefused{426};
    if (head.has_body || has_more)
        return UpgradeRefused{400};
    if (!head.http_1_1 || !head.lists("Connection", "upgrade"))
        return UpgradeRefused{400};
    const auto versions = head.all("Sec-WebSocket-Version");
    if (versions.size() > 1)
        return UpgradeRefused{400};
    if (versions.empty() || versions.front() != "13")
        return UpgradeRefused{426};
    const auto keys = head.all("Sec-WebSocket-Key");
    if (keys.size() != 1 || !is_websocket_key(keys.front()))
        return UpgradeRefused{400};
    const auto origins = head.all("Origin");
    if (origins.size() > 1 || (!origins.empty() && !origin_in(options, origins.front()) &&
                               !is_own_page(head, origins.front())))
        return UpgradeRefused{403};
    return UpgradeGranted{std::string{keys.front()}};
}

} // namespace owp::net
