// One shard's copy of the list of all rooms, and its frames. Every shard has a copy, kept up to
// date by the rooms' owners, so that a list is never asked for across threads.
#pragma once

#include "net/connection.hpp"
#include "protocol/messages.hpp"

#include <array>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace owp::app {

/// Changes within this time go out together (design §4).
inline constexpr Duration directory_batch = std::chrono::milliseconds{100};

class Directory {
public:
    void put(RoomSummary summary, ServerTime now);
    void remove(const RoomId& room, ServerTime now);

    /// The whole list, or as much of it as fits into one. Encoded anew when it is older than the
    /// batch time, so it may lack changes whose update is still to come, never others.
    [[nodiscard]] const net::Frame& snapshot(Dialect dialect, ServerTime now);

    /// When the changes so far must be told; none: nothing changed.
    [[nodiscard]] std::optional<ServerTime> flush_at() const { return flush_at_; }
    /// What changed since the last call, for v2; from here on snapshots are new.
    [[nodiscard]] net::Frame take_delta(ServerTime now);

    /// What changed since the last call, for whoever makes the lists of each connection.
    [[nodiscard]] std::unordered_set<RoomId> take_changed();
    /// Nothing changed here, but in who may see it.
    void touch(ServerTime now);
    [[nodiscard]] const std::unordered_map<RoomId, RoomSummary>& rooms() const { return rooms_; }

    [[nodiscard]] std::size_t size() const { return rooms_.size(); }

private:
    struct Snapshot {
        net::Frame frame;
        ServerTime made{};
    };
    void changed(const RoomId& room, ServerTime now);

    std::unordered_map<RoomId, RoomSummary> rooms_;
    std::unordered_set<RoomId> changed_;
    std::array<std::optional<Snapshot>, 2> snapshots_; // by dialect
    std::optional<ServerTime> flush_at_;
};

} // namespace owp::app
