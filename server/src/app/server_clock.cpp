#include "app/server_clock.hpp"

namespace owp::app {

Clock::Clock()
    : steady_{Steady::now()}, wall_{std::chrono::floor<Duration>(
                                  std::chrono::system_clock::now().time_since_epoch())} {}

} // namespace owp::app
