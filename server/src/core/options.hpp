// The limits and waits of a room. Each is a setting of the server.
#pragma once

#include "protocol/types.hpp"

#include <chrono>

namespace owp::core {

enum class Lead : std::uint8_t { adaptive, fixed };

struct RoomOptions {
    std::uint32_t members_max = 20; // and as many who wait for the answer about their access
    bool access_checked = false;    // nobody is told of a title before AccessVerdict allows it
    Duration ready_wait_max = std::chrono::seconds{2};
    Lead lead = Lead::adaptive;
    Duration play_lead_max = std::chrono::milliseconds{1500};
    Duration command_lead_max = std::chrono::milliseconds{300}; // pause and seek
    Duration seat_hold = std::chrono::seconds{60};              // a lost guest's seat
    Duration invite_lifetime = std::chrono::hours{24};
    Duration participants_batch = std::chrono::milliseconds{100};
};

} // namespace owp::core
