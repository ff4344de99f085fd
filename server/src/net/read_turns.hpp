// The line of those who said too much and have to be heard again. Each is read from for a moment at
// most (Transport::bound_reads, the session's limit); were all of them read from as soon as they
// may, a thousand that were held up together would go on together, and whoever says little would
// wait for all of them each time.
#pragma once

#include "net/connection.hpp"

#include <algorithm>
#include <utility>

namespace owp::net {

/// What one of them costs is less than a quarter of it.
inline constexpr std::chrono::milliseconds held_reads_apart{4};

/// For the connections of one thread.
class ReadTurns {
public:
    /// When a peer goes on that may from `now` on: at once, or after those before it.
    [[nodiscard]] SteadyTime take(SteadyTime now) {
        const SteadyTime turn = std::max(free_at_, now);
        free_at_ = turn + held_reads_apart;
        return turn;
    }

private:
    SteadyTime free_at_{};
};

} // namespace owp::net
