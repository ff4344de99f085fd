// Whose turn it is to be sent the list of rooms that nobody asked for. A thousand rooms make it
// 64 KiB, and a directory changes all the time while thousands of connections come back at once: so
// a shard sends few of its lists at a time, and whoever has gone into a room before its turn comes
// needs none.
#pragma once

#include "protocol/types.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <unordered_set>

namespace owp::app {

/// What one shard sends of lists in a second: a third of a core at what TCP costs on loopback.
inline constexpr std::size_t list_bytes_per_second = std::size_t{20} * 1024 * 1024;
/// What it sends of that at once, but for the last list, which may go beyond.
inline constexpr Duration list_burst = std::chrono::milliseconds{1};

class ListTurns {
public:
    /// Takes the last place in the line, unless it has one.
    void wait(const ClientId& client);
    /// It is gone, and its id never comes back.
    void forget(const ClientId& client) { waiting_.erase(client); }

    /// Takes out the first in line, if its turn has come.
    [[nodiscard]] std::optional<ClientId> next(ServerTime now);
    /// A list went to whom next() named.
    void sent(std::size_t bytes, ServerTime now);

    /// When next() is to be asked; none: nobody waits.
    [[nodiscard]] std::optional<ServerTime> wake_at() const;

private:
    std::deque<ClientId> line_; // with those who are forgotten
    std::unordered_set<ClientId> waiting_;
    ServerTime paid_at_{}; // when what was sent so far is within the bound
};

} // namespace owp::app
