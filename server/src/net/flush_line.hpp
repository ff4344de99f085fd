// Those whose queues have something to write, the longest waiting first. They are served for a
// while at a time, and what comes in is heard between; meanwhile more collects for those whose turn
// is not yet and leaves in the same write. A round over thousands of receivers takes tens of
// milliseconds in writes alone: were all of them served before anybody is heard, what was said at
// its beginning would wait for two rounds.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace owp::net {

/// For one thread. Allocates nothing once its memory has the size that it needs.
template <class Item>
class FlushLine {
public:
    /// How many are served before `enough` is asked again: a look at the clock costs something,
    /// too.
    static constexpr std::size_t served_at_once = 16;

    void add(Item item) { coming_.push_back(std::move(item)); }
    [[nodiscard]] bool empty() const { return next_ == serving_.size() && coming_.empty(); }

    /// Takes out one after another and hands it to `serve`, which may add more, until none is left
    /// or `enough()`.
    template <class Serve, class Enough>
    void serve(const Serve& serve, const Enough& enough) {
        for (std::size_t served = 1; !empty(); ++served) {
            if (next_ == serving_.size()) {
                serving_.clear();
                next_ = 0;
                serving_.swap(coming_);
            }
            const Item item = std::move(serving_[next_++]);
            serve(item);
            if (served % served_at_once == 0 && enough())
                return;
        }
    }

    void clear() {
        serving_.clear();
        coming_.clear();
        next_ = 0;
    }

private:
    std::vector<Item> serving_; // those before `next_` have been taken out
    std::size_t next_ = 0;
    std::vector<Item> coming_;
};

} // namespace owp::net
