// What a member's device believes the time to be, and how it learns the server's.
//
// True time is the server's own clock. A device's clock has an offset, runs too fast or too slow
// (ppm) and may step (a laptop wakes up, a user sets the clock). The filter sees only what a real
// client sees; beside it the simulation keeps how wrong the chosen sample truly is, and that is the
// bound the position invariant uses: half the difference between the way there and the way back,
// plus the drift since.
#pragma once

#include "protocol/types.hpp"

#include <optional>
#include <vector>

namespace owp::sim {

struct LocalClock {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<LocalClock, duration>;
    static constexpr bool is_steady = false;
};
using LocalTime = LocalClock::time_point;

class DriftingClock {
public:
    DriftingClock(ServerTime start, Duration offset, double drift_ppm);

    [[nodiscard]] LocalTime read(ServerTime truth) const;
    /// The true time at which this clock will read `local`, if it does not step before.
    [[nodiscard]] ServerTime when(LocalTime local) const;
    void step(ServerTime truth, Duration by);
    [[nodiscard]] double drift_ppm() const { return drift_ppm_; }

private:
    ServerTime anchor_truth_;
    LocalTime anchor_local_;
    double drift_ppm_;
};

/// One exchange of four timestamps (P-V2-5) and what only the simulation knows of it.
struct ClockSample {
    LocalTime sent;
    ServerTime server_received;
    ServerTime server_sent;
    LocalTime received;
    ServerTime true_sent;     // simulation only
    ServerTime true_received; // simulation only

    [[nodiscard]] Duration round_trip() const;
    /// Server time minus local time, as the client computes it.
    [[nodiscard]] Duration offset() const;
    /// How wrong offset() was when it was taken. The server's stamps are not believed here: they
    /// are under test, so only the true path counts (`server_received` on the true path is given).
    [[nodiscard]] Duration path_error(ServerTime true_arrival, ServerTime true_departure) const;
};

/// Keeps the newest samples and trusts the one with the least round trip, older ones less.
class ClockFilter {
public:
    void add(const ClockSample& sample, Duration true_error, ServerTime now);
    void reset() { samples_.clear(), chosen_.reset(); }
    [[nodiscard]] bool ready() const { return chosen_.has_value(); }
    [[nodiscard]] ServerTime server_time(LocalTime local) const;
    [[nodiscard]] LocalTime local_time(ServerTime server) const;
    /// The most by which server_time() can be wrong now, for a clock of that drift.
    [[nodiscard]] Duration error_bound(ServerTime now, double drift_ppm) const;

private:
    struct Kept {
        ClockSample sample;
        Duration true_error;
    };
    std::vector<Kept> samples_;
    std::optional<Kept> chosen_;
};

} // namespace owp::sim
