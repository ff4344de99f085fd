#include "net/deadlines.hpp"

#include "net/peer.hpp"

namespace owp::net {

void Deadlines::set(Peer& peer, SteadyTime time) {
    waiting_.erase({peer.deadline, &peer});
    peer.deadline = time;
    waiting_.emplace(time, &peer);
    arm();
}

void Deadlines::clear(Peer& peer) {
    waiting_.erase({peer.deadline, &peer});
    peer.deadline = {};
    if (waiting_.empty() && armed_for_ != SteadyTime::max()) {
        armed_for_ = SteadyTime::max();
        timer_.cancel(); // so that the loop may end
    }
}

void Deadlines::arm() {
    if (waiting_.empty() || waiting_.begin()->first >= armed_for_)
        return;
    armed_for_ = waiting_.begin()->first;
    timer_.expires_at(armed_for_);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        const auto self = weak.lock();
        if (error || !self)
            return;
        self->armed_for_ = SteadyTime::max();
        const SteadyTime now = std::chrono::steady_clock::now();
        while (!self->waiting_.empty() && self->waiting_.begin()->first <= now) {
            const auto peer = self->waiting_.begin()->second->shared_from_this();
            self->clear(*peer);
            peer->deadline_passed();
        }
        self->arm();
    });
}

} // namespace owp::net
