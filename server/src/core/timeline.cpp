#include "core/timeline.hpp"

#include <algorithm>
#include <cmath>

namespace owp::core {

bool is_position(double seconds) {
    return std::isfinite(seconds) && seconds >= 0 && seconds <= position_seconds_max;
}

double clamp_position(double seconds) {
    return std::isnan(seconds) ? 0.0 : std::clamp(seconds, 0.0, position_seconds_max);
}

Timeline first_timeline(std::optional<MediaId> media_id, double position_seconds, ServerTime now) {
    return {.media_id = media_id,
            .position_seconds = is_position(position_seconds) ? position_seconds : 0.0,
            .rate = 1.0,
            .playing = false,
            .at = now,
            .seq = 1};
}

Timeline next_title(const Timeline& before, const MediaId& media_id, double position_seconds,
                    ServerTime now) {
    Timeline next = first_timeline(media_id, position_seconds, now);
    next.seq = before.seq + 1;
    return next;
}

Timeline next_timeline(const Timeline& before, double position_seconds, bool playing,
                       ServerTime at) {
    return {.media_id = before.media_id,
            .position_seconds = clamp_position(position_seconds),
            .rate = before.rate,
            .playing = playing,
            .at = at,
            .seq = before.seq + 1};
}

double standing_at(const Timeline& timeline, ServerTime time) {
    return clamp_position(timeline.position_at(std::max(time, timeline.at)));
}

Timeline after_report(const Timeline& before, double position_seconds, bool playing,
                      bool host_follows_timeline, ServerTime now) {
    const double distance = std::abs(position_seconds - before.position_at(now));
    const bool agrees = host_follows_timeline || distance < report_tolerance_seconds;
    if (playing == before.playing && agrees)
        return before;
    return next_timeline(before, position_seconds, playing, now);
}

} // namespace owp::core
