// What the generator saw.
#pragma once

#include "load/histogram.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace owp::load {

struct Samples {
    Histogram delivery;                 // from the scheduled instant to each receiver
    std::vector<Histogram> each_second; // the same, by the second in which it was scheduled
    Histogram ping;                     // from the scheduled instant to the pong
    Histogram enter;                    // from connecting to being in the room
    Histogram join;                     // from join_room to room_state
    Histogram create;                   // from a visitor's scheduled create_room to room_state
    Histogram visit;                    // from a visitor's scheduled join_room to room_state
    Histogram send_lag;                 // how late the generator was with what it had to send
    std::uint64_t frames = 0;           // of all kinds
    std::uint64_t frame_bytes = 0;
    std::uint64_t delivery_bytes = 0; // of chats, commands and reports, with their headers
    std::uint64_t deliveries = 0;     // the same, echoes to the sender included
    std::uint64_t skipped = 0;        // actions of connections that were not where they should be
    std::uint64_t refused = 0;        // connections that got no WebSocket
    std::uint64_t closed = 0;         // … that the server ended
    std::map<std::string, std::uint64_t> errors; // by code
};

} // namespace owp::load
