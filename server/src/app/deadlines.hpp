// What a shard has to wake, and when. Each key has at most one deadline; an earlier one replaces
// it, a later one is taken up when the earlier has passed. So a session that is heard every second,
// and whose time-out moves every second, costs nothing until its first deadline comes.
#pragma once

#include "protocol/types.hpp"

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace owp::app {

template <class Key>
class Deadlines {
public:
    /// `key` is to be woken at `when` or before.
    void want(const Key& key, ServerTime when) {
        const auto [found, fresh] = by_key_.try_emplace(key, when);
        if (!fresh) {
            if (found->second <= when)
                return;
            by_time_.erase({found->second, key});
            found->second = when;
        }
        by_time_.emplace(when, key);
    }

    void forget(const Key& key) {
        const auto found = by_key_.find(key);
        if (found == by_key_.end())
            return;
        by_time_.erase({found->second, key});
        by_key_.erase(found);
    }

    /// The earliest deadline.
    [[nodiscard]] std::optional<ServerTime> next() const {
        return by_time_.empty() ? std::nullopt : std::optional{by_time_.begin()->first};
    }

    /// Takes out the keys whose deadlines have come, the earliest first.
    [[nodiscard]] std::vector<Key> take_due(ServerTime now) {
        std::vector<Key> due;
        while (!by_time_.empty() && by_time_.begin()->first <= now) {
            due.push_back(by_time_.begin()->second);
            by_time_.erase(by_time_.begin());
            by_key_.erase(due.back());
        }
        return due;
    }

    [[nodiscard]] std::size_t size() const { return by_key_.size(); }

private:
    std::set<std::pair<ServerTime, Key>> by_time_;
    std::unordered_map<Key, ServerTime> by_key_;
};

} // namespace owp::app
