#include "core/ready_gate.hpp"

#include <utility>

namespace owp::core {

void ReadyGate::request(double position_seconds, double ts, ServerTime now, Duration wait_max) {
    if (!play_)
        play_.emplace().waiting.until = now + wait_max;
    play_->position_seconds = position_seconds;
    play_->ts = ts;
    play_->requested = now;
}

void ReadyGate::move_to(double position_seconds, ServerTime now) {
    if (!play_)
        return;
    play_->position_seconds = position_seconds;
    play_->requested = now;
}

bool ReadyGate::cancel() {
    const bool told = waiting().has_value();
    play_.reset();
    return told;
}

std::optional<Waiting> ReadyGate::waiting() const {
    if (!play_ || play_->waiting.clients.empty())
        return std::nullopt;
    return play_->waiting;
}

ReadyGate::Step ReadyGate::update(std::vector<ClientId> not_ready) {
    if (!play_)
        return Step::idle;
    if (not_ready.empty())
        return Step::open;
    if (not_ready == play_->waiting.clients)
        return Step::idle;
    play_->waiting.clients = std::move(not_ready);
    return Step::waits;
}

} // namespace owp::core
