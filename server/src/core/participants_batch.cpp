#include "core/participants_batch.hpp"

#include <algorithm>

namespace owp::core {

void ParticipantsBatch::change(ServerTime due) {
    ++version_;
    due_ = due_ ? std::min(*due_, due) : due;
}

void ParticipantsBatch::membership_changed(ServerTime now) {
    change(now + batch_);
    membership_version_ = version_;
}

void ParticipantsBatch::status_changed(ServerTime now) {
    change(now + batch_);
}

void ParticipantsBatch::measures_changed(ServerTime now) {
    change(now + measures_batch);
}

std::vector<ClientId> ParticipantsBatch::take(std::vector<Member>& members) {
    std::vector<ClientId> to;
    for (Member& member : members) {
        const std::uint64_t needs = member.who.follows_timeline ? version_ : membership_version_;
        if (!member.connected || member.knows >= needs)
            continue;
        member.knows = version_;
        to.push_back(member.who.client);
    }
    due_.reset();
    return to;
}

} // namespace owp::core
