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

/// Without what keep_cores_awake() costs.
[[nodiscard]] MachineTime machine_time();

/// From here on no core sleeps. That of a virtual machine is woken by its host, which takes as long
/// as the host pleases, counts as stolen, and happens ten thousand times a second in a party:
/// latencies are the host's then. What holds it awake gives way to whatever else wants to run.
void keep_cores_awake();
[[nodiscard]] bool cores_kept_awake();

} // namespace owp::load
