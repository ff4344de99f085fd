// Play waits for everybody, but not for ever: a host's play is kept until all members are ready or
// its deadline has come. Who is not ready then is excused by the caller, so that a member that
// never says ready (many v1 guests) costs the room one wait and not one per play.
#pragma once

#include "protocol/messages.hpp"

#include <optional>
#include <vector>

namespace owp::core {

/// A host's play that waits.
struct PendingPlay {
    double position_seconds = 0;
    double ts = 0; // the host's own, relayed
    /// When the host was at position_seconds: a v1 host has been playing on since then.
    ServerTime requested{};
    Waiting waiting; // for whom, and until when at most
};

class ReadyGate {
public:
    enum class Step : std::uint8_t {
        idle,  // nothing is pending, or nothing changed
        waits, // whom it waits for has changed: say so
        open,  // play now
    };

    /// A second play moves the position and keeps the deadline.
    void request(double position_seconds, double ts, ServerTime now, Duration wait_max);
    /// The host has moved on meanwhile.
    void move_to(double position_seconds, ServerTime now);
    /// Forgets the pending play. True if members had been told of a wait.
    bool cancel();

    [[nodiscard]] bool pending() const { return play_.has_value(); }
    /// Requires pending().
    [[nodiscard]] const PendingPlay& play() const { return *play_; }
    /// What room_state tells a joiner; nullopt while nothing waits.
    [[nodiscard]] std::optional<Waiting> waiting() const;

    /// Compares with the members that are not ready at the moment.
    [[nodiscard]] Step update(std::vector<ClientId> not_ready);

private:
    std::optional<PendingPlay> play_;
};

} // namespace owp::core
