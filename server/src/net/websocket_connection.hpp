// From a granted upgrade to an open WebSocket. Beast stays behind this line.
#pragma once

#include "net/peer.hpp"

#include <memory>
#include <optional>
#include <string>

namespace owp::net {

/// Answers 101 and goes on by itself. `key`: the request's Sec-WebSocket-Key. `user`: whom a
/// gateway speaks for.
void start_websocket(std::shared_ptr<ServerCore> core, std::unique_ptr<Transport> transport,
                     std::unique_ptr<Admission> admission, const Address& client,
                     const std::string& key, std::optional<GatewayUser> user);

} // namespace owp::net
