#include "core/report_filter.hpp"

namespace owp::core {

bool ReportFilter::passes(double position_seconds, PlayState play_state, ServerTime now) const {
    if (play_state != play_state_)
        return true;
    if (command_target_ && now < *command_target_ + command_cooldown)
        return false;
    if (accepted_at_ && now < *accepted_at_ + report_interval_min)
        return false;
    const double moved = position_seconds - position_seconds_;
    const bool back = moved < -backward_noise_min_seconds && moved >= -backward_noise_max_seconds;
    const bool forward = moved >= 0 && moved < forward_noise_seconds;
    return !back && !forward;
}

void ReportFilter::accepted(double position_seconds, PlayState play_state, ServerTime now) {
    position_seconds_ = position_seconds;
    play_state_ = play_state;
    accepted_at_ = now;
}

void ReportFilter::commanded(double position_seconds, PlayState play_state, ServerTime now,
                             ServerTime target) {
    accepted(position_seconds, play_state, now);
    command_target_ = target;
}

} // namespace owp::core
