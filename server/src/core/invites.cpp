#include "core/invites.hpp"

namespace owp::core {
namespace {

constexpr std::size_t invites_max = 16;

/// Without an early end.
bool same(const InviteTicket& a, const InviteTicket& b) {
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.bytes.size(); ++i)
        difference |= static_cast<unsigned>(a.bytes.at(i) ^ b.bytes.at(i));
    return difference == 0;
}

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
    for (const Invite& invite : invites_)
        good |= same(invite.ticket, *ticket) && now < invite.expires;
    return good;
}

} // namespace owp::core
