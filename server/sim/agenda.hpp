// Virtual time: what happens when. Things due at the same instant happen in the order they were
// put in, so a run is a function of its seed.
#pragma once

#include "protocol/types.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace owp::sim {

class Agenda {
public:
    using Action = std::function<void()>;

    explicit Agenda(ServerTime start) : now_{start} {}

    [[nodiscard]] ServerTime now() const { return now_; }
    [[nodiscard]] std::size_t size() const { return heap_.size(); }

    /// A time in the past means now.
    void at(ServerTime time, Action action) {
        heap_.push_back({std::max(time, now_), order_++, std::move(action)});
        std::push_heap(heap_.begin(), heap_.end(), Later{});
    }
    void after(Duration delay, Action action) { at(now_ + delay, std::move(action)); }

    /// Moves to the next thing due and does it; false if nothing is due until `end`, where the
    /// clock then stands.
    bool step(ServerTime end) {
        if (heap_.empty() || heap_.front().time > end) {
            now_ = std::max(now_, end);
            return false;
        }
        std::pop_heap(heap_.begin(), heap_.end(), Later{});
        const auto entry = std::move(heap_.back());
        heap_.pop_back();
        now_ = entry.time;
        entry.action();
        return true;
    }

private:
    struct Entry {
        ServerTime time;
        std::uint64_t order;
        Action action;
    };
    struct Later {
        bool operator()(const Entry& a, const Entry& b) const {
            return a.time != b.time ? a.time > b.time : a.order > b.order;
        }
    };

    ServerTime now_;
    std::uint64_t order_ = 0;
    std::vector<Entry> heap_;
};

} // namespace owp::sim
