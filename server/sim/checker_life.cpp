// Who is alive, and what it means when the server is not: the invariants `alive` and `dead`.
#include "checker.hpp"

#include <algorithm>

namespace owp::sim {

void Checker::heard(LinkId link) {
    links_[link].heard_at = now();
    links_[link].stood_still = {};
    links_[link].standstills = 0;
}

/// What it slept through itself the server forgives, if its session is woken half a ping too late:
/// so each standstill may pass for a silence of one and a half pings.
void Checker::given_up(LinkId link) const {
    const auto& twin = links_[link];
    const auto dead_after = scenario_.session.dead_after;
    const auto mistaken = twin.standstills * (3 * scenario_.session.ping_interval / 2);
    if (now() - twin.heard_at - twin.stood_still < dead_after - mistaken)
        fail("alive", who(link) + " is given up, and spoke a moment ago");
}

void Checker::check_dead() const {
    const auto patience = scenario_.session.dead_after + slack_;
    for (LinkId link = 0; link < links_.size(); ++link)
        if (const auto& twin = links_[link];
            twin.open && now() > std::max(twin.heard_at, goes_on_at_) + patience)
            fail("dead", who(link) + " has said nothing for long, and is not given up");
}

void Checker::server_stands_still(Duration length) {
    for (auto& twin : links_) {
        for (auto& debt : twin.debts)
            debt.deadline += length;
        twin.gone_at += length;
        twin.stood_still += length;
        ++twin.standstills;
    }
    for (auto& [id, room] : rooms_) {
        for (auto& [client, until] : room.seats)
            until += length;
        if (room.play_deadline)
            *room.play_deadline += length;
        room.closed_at += length;
    }
    goes_on_at_ = now() + length;
    next_check_ = std::max(next_check_, goes_on_at_);
}

void Checker::server_ended() {
    for (LinkId link = 0; link < links_.size(); ++link)
        if (links_[link].open)
            gone(link);
    for (auto& [id, room] : rooms_) {
        room.closed = true;
        room.members.clear();
        room.seats.clear();
        room.play_deadline.reset();
    }
}

} // namespace owp::sim
