// The smoothed round trip to a client and its jitter, by the rules of RFC 6298 (2.2, 2.3).
#pragma once

#include "core/events.hpp"

namespace owp::edge {

class DelayEstimate {
public:
    void measured(Duration round_trip);

    /// nullopt before the first measurement.
    [[nodiscard]] std::optional<core::DelayMeasured> event_for(ClientId client) const;

private:
    bool known_ = false;
    Duration round_trip_{};
    Duration jitter_{};
};

} // namespace owp::edge
