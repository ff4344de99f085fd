// How an embedded server learns the secret of its gateway: one line, over a descriptor that only
// the parent holds. Not in arguments or environment, which others can read.
#pragma once

#include "auth/secret.hpp"
#include "protocol/types.hpp"

#include <string>

namespace owp::app {

struct GatewaySecret {
    auth::Secret secret; // 64 lower-case hex digits
    std::string error;   // one line for the operator
};
/// Waits no longer than `bound` for the line. What follows it on the descriptor is not kept.
[[nodiscard]] GatewaySecret read_gateway_secret(int descriptor, Duration bound);

} // namespace owp::app
