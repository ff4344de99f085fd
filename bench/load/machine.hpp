// What else went on while something was measured.
#pragma once

#include <chrono>

namespace owp::load {

/// All in CPU time since the machine's (or this process's) start.
struct MachineTime {
    std::chrono::nanoseconds busy{};   // all programs, the kernel included
    std::chrono::nanoseconds stolen{}; // wanted, but the host gave it to another machine
    std::chrono::nanoseconds own{};    // of this process
};

[[nodiscard]] MachineTime machine_time();

} // namespace owp::load
