#include "app/list_turns.hpp"

#include <algorithm>

namespace owp::app {

void ListTurns::wait(const ClientId& client) {
    if (waiting_.insert(client).second)
        line_.push_back(client);
}

std::optional<ClientId> ListTurns::next(ServerTime now) {
    while (!line_.empty() && paid_at_ < now + list_burst) {
        const ClientId first = line_.front();
        line_.pop_front();
        if (waiting_.erase(first) != 0)
            return first;
    }
    return std::nullopt;
}

void ListTurns::sent(std::size_t bytes, ServerTime now) {
    paid_at_ = std::max(paid_at_, now) + from_seconds(static_cast<double>(bytes) /
                                                      static_cast<double>(list_bytes_per_second));
}

std::optional<ServerTime> ListTurns::wake_at() const {
    return waiting_.empty() ? std::nullopt : std::optional{paid_at_};
}

} // namespace owp::app
