// One member's way to the server, as TCP shows it to an application: in order within a connection,
// loss as a stall, a partition as a long stall. Across connections nothing is in order.
#pragma once

#include "faults.hpp"

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
    /// Nothing passes until then.
    void cut(ServerTime until) { cut_until_ = std::max(cut_until_, until); }
    [[nodiscard]] bool is_cut(ServerTime now) const { return now < cut_until_; }
    /// Chance stops: what is sent from now on takes the plain delay.
    void heal() { jitter_mean_ = {}, loss_ = 0, cut_until_ = {}; }

private:
    Duration up_;
    Duration down_;
    Duration jitter_mean_;
    double loss_;
    ServerTime cut_until_{};
    Prng prng_;
};

} // namespace owp::sim
