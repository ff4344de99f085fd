// The one place where the server's time is read: the steady clock, anchored once to the wall clock.
// It never steps, whatever happens to the wall clock afterwards.
#pragma once

#include "protocol/types.hpp"

#include <chrono>

namespace owp::app {

class Clock {
public:
    using Steady = std::chrono::steady_clock;

    /// Anchors to the wall clock as it is now.
    Clock();

    [[nodiscard]] ServerTime now() const { return at(Steady::now()); }
    [[nodiscard]] ServerTime at(Steady::time_point time) const {
        return wall_ + std::chrono::floor<Duration>(time - steady_);
    }
    /// When the steady clock will show `time`.
    [[nodiscard]] Steady::time_point steady_at(ServerTime time) const {
        return steady_ + std::chrono::duration_cast<Steady::duration>(time - wall_);
    }

private:
    Steady::time_point steady_;
    ServerTime wall_;
};

} // namespace owp::app
