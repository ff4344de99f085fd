// How often the machine itself falls behind, whatever runs on it: a virtual one's memory takes many
// times as long while others use the caches or the host moves pages, which counts as nobody's CPU
// time and is not stolen either. A server is as much slower meanwhile.
#pragma once

#include <chrono>

namespace owp::load {

/// The share of `length` in which a walk over 20,000 pages took more than four times what it takes
/// in the median; 0 to 1. Keeps one core busy.
[[nodiscard]] double memory_slow_share(std::chrono::nanoseconds length);

} // namespace owp::load
