// The round trip to a client and its jitter, from the last few pings.
//
// The middle of them and their median distance from it: a page that still loads answers its first
// ping a fifth of a second late, a lost packet is sent again after as long. Either would stay for
// minutes in a smoothed mean (RFC 6298), with pings 20 s apart, and everybody's play would wait for
// it; the middle is the same until half of the pings say otherwise.
#pragma once

#include "core/events.hpp"

#include <array>
#include <cstddef>

namespace owp::edge {

class DelayEstimate {
public:
    void measured(Duration round_trip);

    /// nullopt before the first measurement. One alone might be anything: half of it is jitter.
    [[nodiscard]] std::optional<core::DelayMeasured> event_for(ClientId client) const;

    /// Are there as many as it remembers?
    [[nodiscard]] bool full() const { return count_ >= memory; }

private:
    static constexpr std::size_t memory = 8;
    std::array<Duration, memory> last_{};
    std::size_t count_ = 0; // ever, modulo what the type holds
};

} // namespace owp::edge
