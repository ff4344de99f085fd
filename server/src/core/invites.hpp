// The invite tickets of one room: a bounded number, each good until it expires.
#pragma once

#include "protocol/types.hpp"

#include <optional>
#include <vector>

namespace owp::core {

class Invites {
public:
    /// The oldest makes room for one too many.
    void add(const InviteTicket& ticket, ServerTime expires);
    /// Does it open the room at `now`? Takes as long for every ticket, so that nobody finds one
    /// digit by digit.
    [[nodiscard]] bool open(const std::optional<InviteTicket>& ticket, ServerTime now) const;

private:
    struct Invite {
        InviteTicket ticket;
        ServerTime expires;
    };
    std::vector<Invite> invites_; // the oldest first
};

} // namespace owp::core
