#include "core/invites.hpp"

namespace owp::core {
namespace {

constexpr std::size_t invites_max = 16;

} // namespace

void Invites::add(const InviteTicket& ticket, ServerTime expires) {
    if (invites_.size() == invites_max)
        invites_.erase(invites_.begin());
    invites_.push_back({ticket, expires});
}

bool Invites::open(const std::optional<InviteTicket>& ticket, ServerTime now) const {
    if (!ticket)
        return false;
    bool good = false;
    for (const Invite& invite : invites_) // without an early end
        good |= invite.ticket == *ticket && now < invite.expires;
    return good;
}

} // namespace owp::core
