// A title that the host wants to go on with, until it is known who may see it.
#pragma once

#include "core/events.hpp"

#include <vector>

namespace owp::core {

struct NextTitle {
    SetMedia wanted;
    std::vector<ClientId> undecided;
    std::vector<ClientId> denied;
};

} // namespace owp::core
