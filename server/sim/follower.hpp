// A v2 client's engine, as simple as it can be: it believes a clock, keeps the timelines it was
// told and moves a player towards them. The player starts and seeks a little off and obeys rates
// between 0.85 and 2.0, which the next correction makes good.
#pragma once

#include "clocks.hpp"
#include "prng.hpp"

namespace owp::sim {

class Follower {
public:
    Follower(DriftingClock clock, Prng prng) : clock_{clock}, prng_{prng} {}

    // the clock
    [[nodiscard]] LocalTime local(ServerTime truth) const { return clock_.read(truth); }
    void exchanged(const ClockSample& sample, Duration true_error, ServerTime now);
    /// The device's clock jumps; the client notices and starts to estimate anew.
    void step_clock(ServerTime now, Duration by);
    /// A new connection, a new estimate: the way may be another one.
    void forget_clock(ServerTime now);

    // the timelines of one room
    void enter(ServerTime now);
    void adopt(const Timeline& timeline, ServerTime now);
    [[nodiscard]] std::uint64_t latest_seq() const;
    [[nodiscard]] bool wants_to_play() const { return !told_.empty() && told_.back().playing; }

    // the player
    /// The picture's place.
    [[nodiscard]] double shown(ServerTime now) const;
    void stall(ServerTime now, Duration length);
    [[nodiscard]] bool stalled(ServerTime now) const { return now < stalled_until_; }
    /// Corrects the player; returns when to look again.
    ServerTime correct(ServerTime now);
    /// Is it where the timeline put it, so that it may say where it is?
    [[nodiscard]] bool obeys() const { return obeyed_seq_ != 0; }
    /// Has nothing disturbed it for long enough that it must be in step?
    [[nodiscard]] bool undisturbed(ServerTime now) const;
    /// How far from the timeline an undisturbed follower may be, in seconds.
    [[nodiscard]] double error_bound_seconds(ServerTime now) const;

private:
    [[nodiscard]] Duration clock_error(ServerTime now) const;
    /// How wrong the picture may be by the estimate that comes to its end.
    void remember_error(ServerTime now);
    [[nodiscard]] const Timeline* held_at(ServerTime believed) const;
    void move_to(double position, ServerTime now);
    void disturb(ServerTime until) { settled_from_ = std::max(settled_from_, until); }

    DriftingClock clock_;
    ClockFilter filter_;
    Prng prng_;
    std::vector<Timeline> told_; // by seq; those that no longer matter are dropped
    std::uint64_t obeyed_seq_ = 0;
    ServerTime settled_from_{};
    ServerTime stalled_until_{};
    Duration former_bound_{}; // of the estimate before this one, while its effect lasts
    ServerTime former_until_{};
    double position_ = 0;
    double rate_ = 0; // 0: stands still
    ServerTime moved_at_{};
};

} // namespace owp::sim
