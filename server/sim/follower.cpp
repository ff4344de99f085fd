#include "follower.hpp"

#include <algorithm>
#include <cmath>

namespace owp::sim {

using namespace std::chrono_literals;

namespace {
constexpr Duration correction_interval = 250ms;
/// One correction after whatever disturbed it, and the rest that is left is within the bound.
constexpr Duration settle_time = 600ms;
constexpr double rate_min = 0.85;
constexpr double rate_max = 2.0;
constexpr double seek_beyond_seconds = 0.1;
constexpr double player_error_seconds = 0.005; // of a start or a seek
constexpr Duration former_lasts = 1500ms;      // 0.1 s at rate 0.85, and two corrections
} // namespace

void Follower::exchanged(const ClockSample& sample, Duration true_error, ServerTime now) {
    if (!filter_.ready())
        disturb(now + settle_time);
    remember_error(now);
    former_until_ = now + former_lasts;
    filter_.add(sample, true_error, now);
}

void Follower::remember_error(ServerTime now) {
    if (filter_.ready())
        former_bound_ = std::max(now < former_until_ ? former_bound_ : Duration{},
                                 filter_.error_bound(now, clock_.drift_ppm()));
}

void Follower::forget_clock(ServerTime now) {
    remember_error(now);
    filter_.reset();
}

void Follower::step_clock(ServerTime now, Duration by) {
    forget_clock(now);
    clock_.step(now, by);
}

void Follower::enter(ServerTime now) {
    told_.clear();
    obeyed_seq_ = 0;
    disturb(now + settle_time);
}

void Follower::adopt(const Timeline& timeline, ServerTime now) {
    if (!told_.empty() && timeline.seq <= told_.back().seq)
        return;
    told_.push_back(timeline);
    disturb(std::max(now, timeline.at) + settle_time);
}

std::uint64_t Follower::latest_seq() const {
    return told_.empty() ? 0 : told_.back().seq;
}

const Timeline* Follower::held_at(ServerTime believed) const {
    const auto held = std::find_if(told_.rbegin(), told_.rend(),
                                   [&](const Timeline& each) { return each.at <= believed; });
    return held == told_.rend() ? nullptr : &*held;
}

double Follower::shown(ServerTime now) const {
    return position_ + rate_ * to_seconds(now - moved_at_);
}

void Follower::move_to(double position, ServerTime now) {
    position_ = position;
    moved_at_ = now;
}

void Follower::stall(ServerTime now, Duration length) {
    move_to(shown(now), now);
    rate_ = 0;
    stalled_until_ = now + length;
    obeyed_seq_ = 0; // afterwards it places itself anew
    disturb(stalled_until_ + correction_interval + settle_time);
}

ServerTime Follower::correct(ServerTime now) {
    auto next = now + correction_interval;
    if (!filter_.ready() || told_.empty() || stalled(now))
        return next;
    const auto believed = filter_.server_time(clock_.read(now));
    if (const auto* held = held_at(believed)) {
        const auto wanted = held->position_at(believed);
        const auto error = shown(now) - wanted;
        const auto off = prng_.between(-player_error_seconds, player_error_seconds);
        if (!held->playing) {
            move_to(wanted, now);
            rate_ = 0;
        } else if (obeyed_seq_ != held->seq || rate_ == 0 ||
                   std::abs(error) > seek_beyond_seconds) {
            move_to(std::abs(error) > player_error_seconds || rate_ == 0 ? wanted + off
                                                                         : shown(now),
                    now);
            rate_ = held->rate;
        } else {
            move_to(shown(now), now);
            rate_ = std::clamp(held->rate - error / to_seconds(correction_interval), rate_min,
                               rate_max);
        }
        obeyed_seq_ = held->seq;
        std::erase_if(told_, [seq = held->seq](const Timeline& each) { return each.seq < seq; });
    } else if (obeyed_seq_ == 0) { // the first it was told of has not begun: it waits at its start
        move_to(told_.front().position_seconds, now);
        rate_ = 0;
    }
    for (const auto& ahead : told_)
        if (ahead.at > believed)
            next =
                std::min(next, std::max(now + Duration{1},
                                        clock_.when(filter_.local_time(ahead.at)) + Duration{1}));
    return next;
}

bool Follower::undisturbed(ServerTime now) const {
    // By its own clock it may obey that much later than it should.
    return filter_.ready() && !told_.empty() && now >= settled_from_ + clock_error(now);
}

Duration Follower::clock_error(ServerTime now) const {
    return filter_.error_bound(now, clock_.drift_ppm()) +
           (now < former_until_ ? former_bound_ : Duration{});
}

double Follower::error_bound_seconds(ServerTime now) const {
    return 2 * player_error_seconds + rate_max * to_seconds(clock_error(now));
}

} // namespace owp::sim
