#include "net/upgrade.hpp"

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
    if (origins.size() > 1 || (!origins.empty() && !origin_in(options, origins.front())))
        return UpgradeRefused{403};
    return UpgradeGranted{std::string{keys.front()}};
}

} // namespace owp::net
