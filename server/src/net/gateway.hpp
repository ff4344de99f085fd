// The private door of an embedded server: a gateway (the Jellyfin plugin) that knows a secret
// speaks for users whom it has authenticated itself. What its requests must carry, judged as
// values.
#pragma once

#include "net/address.hpp"
#include "net/connection.hpp"
#include "net/head.hpp"

#include <optional>
#include <string_view>
#include <variant>

namespace owp::net {

struct GatewayRefused {
    int status = 403;          // 403: the secret; 400: what an upgrade must say
    std::string_view sentence; // for whoever runs the gateway
};
struct GatewayPassed {
    std::optional<GatewayUser> user; // for upgrades only
    std::optional<Address> client;   // of an upgrade always
};

/// Every request shows the secret (compared in constant time); one that asks for an upgrade also
/// names its user and the one address that it comes from.
[[nodiscard]] std::variant<GatewayRefused, GatewayPassed> judge_gateway(const Head& head,
                                                                        std::string_view secret);

} // namespace owp::net
