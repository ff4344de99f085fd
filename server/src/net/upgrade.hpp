// May this request become a WebSocket? All that Beast does not check (it looks at neither path nor
// Origin nor a second key), as one decision over values.
#pragma once

#include "net/head.hpp"
#include "net/options.hpp"

#include <string>
#include <variant>

namespace owp::net {

struct NoUpgrade {}; // a plain request for another path
struct UpgradeRefused {
    int status = 400;
};
struct UpgradeGranted {
    std::string key; // Sec-WebSocket-Key
};

/// `has_more`: bytes follow the head. A client must wait for the answer (RFC 6455 §4.1), and Beast
/// would lose them.
[[nodiscard]] std::variant<NoUpgrade, UpgradeRefused, UpgradeGranted>
decide_upgrade(const Head& head, bool has_more, const ListenOptions& options);

[[nodiscard]] bool origin_in(const ListenOptions& options, std::string_view origin);

} // namespace owp::net
