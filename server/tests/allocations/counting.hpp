// How often this program takes memory. A program of its own: it replaces operator new for all that
// is linked to it.
#pragma once

#include <cstdint>

namespace owp::test {

/// What the calling thread allocates is not counted.
void leave_this_thread_out();
/// Of all other threads, so far.
[[nodiscard]] std::uint64_t allocations();

} // namespace owp::test
