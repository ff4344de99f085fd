// When to send participants_update: a burst of joins makes one message, not one each.
//
// It counts versions of the list, so that a member that has just been sent everything (room_state)
// is left out, and a v1 member, to whom the message is a bare count, hears only of versions that
// changed who is here.
#pragma once

#include "core/participants.hpp"

namespace owp::core {

/// Offsets and delays drift all the time; this often is enough for a panel to show them.
inline constexpr Duration measures_batch = std::chrono::seconds{2};

class ParticipantsBatch {
public:
    explicit ParticipantsBatch(Duration batch) : batch_(batch) {}

    /// Somebody came, left, was lost or is back.
    void membership_changed(ServerTime now);
    /// A name or status that only v2 sees.
    void status_changed(ServerTime now);
    /// Only numbers moved.
    void measures_changed(ServerTime now);

    [[nodiscard]] std::optional<ServerTime> due() const { return due_; }
    [[nodiscard]] std::uint64_t version() const { return version_; }
    /// Ends the batch: who must be told, marked as knowing it.
    [[nodiscard]] std::vector<ClientId> take(std::vector<Member>& members);

private:
    void change(ServerTime due);

    Duration batch_;
    std::uint64_t version_ = 0;
    std::uint64_t membership_version_ = 0;
    std::optional<ServerTime> due_;
};

} // namespace owp::core
