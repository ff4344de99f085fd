// Shared by the files of the session; no part of its interface.
#pragma once

#include "edge/session.hpp"

#include <vector>

namespace owp::edge {

/// The code's own sentence goes with it.
inline void send_error(ErrorCode code, std::vector<Effect>& effects) {
    effects.push_back(Send{to_client::Error{code, {}}});
}

} // namespace owp::edge
