// One member's way to the server, as TCP shows it to an application: in order within a connection,
// loss as a stall, a partition as a long stall. Across connections nothing is in order.
#pragma once

#include "faults.hpp"

#include <array>

namespace owp::sim {

enum class Direction : std::uint8_t { up, down };

/// What carries one direction of one connection: it remembers what arrived last.
struct Stream {
    ServerTime last_arrival{};
    std::size_t in_flight = 0;
};

class Path {
public:
    Path(const Faults& faults, Prng prng);

    /// When something sent now arrives. Never before what was sent earlier on the same stream.
    [[nodiscard]] ServerTime arrival(Direction direction, Stream& stream, ServerTime now);
    /// Nothing passes in this direction until then.
    void cut(Direction direction, ServerTime until) {
        auto& cut = cut_until(direction);
        cut = std::max(cut, until);
    }
    /// Chance stops: what is sent from now on takes the plain delay.
    void heal() { jitter_mean_ = {}, loss_ = 0, cut_until_ = {}; }

private:
    [[nodiscard]] ServerTime& cut_until(Direction direction) {
        return cut_until_[static_cast<std::size_t>(direction)];
    }

    Duration up_;
    Duration down_;
    Duration jitter_mean_;
    double loss_;
    std::array<ServerTime, 2> cut_until_{};
    Prng prng_;
};

} // namespace owp::sim
