// What waits for one receiver. Holds no memory while empty: it gives it to whoever is next to be
// sent something. A frame of which a part has left can be neither superseded nor dropped: the
// receiver would lose its place in the stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace owp::net {

class SendQueue {
public:
    using Bytes = std::shared_ptr<const std::string>;
    /// What the queues of one thread have in common: memory of those that are empty, and how much
    /// waits in all of them. Outlives them.
    class Common;

    explicit SendQueue(Common& common) : common_{&common} {}
    ~SendQueue();
    SendQueue(const SendQueue&) = delete;
    SendQueue& operator=(const SendQueue&) = delete;

    /// Appends. With a key other than 0, unsent bytes under the same key go; returns whether any
    /// did.
    bool push(Bytes bytes, std::uint64_t supersede_key = 0);
    /// Fills `pieces` from the front and returns how many there are. Valid until the next change.
    std::size_t front(std::span<std::span<const char>> pieces) const;
    /// All that waits, if it is in one piece.
    [[nodiscard]] std::optional<std::span<const char>> only_piece() const {
        if (items_.size() - first_ != 1)
            return std::nullopt;
        return std::span{*items_[first_].bytes}.subspan(sent_of_first_);
    }
    /// The first `count` bytes have left.
    void consume(std::size_t count);
    /// Drops all but the rest of a frame that has left in part.
    void drop_unsent();
    void clear();

    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] bool empty() const { return first_ == items_.size(); }

private:
    struct Item {
        Bytes bytes;
        std::uint64_t supersede_key;
    };
    void add_bytes(std::size_t count);
    void take_bytes(std::size_t count);

    Common* common_;
    std::vector<Item> items_;
    std::size_t first_ = 0; // those before it have left
    std::size_t sent_of_first_ = 0;
    std::size_t bytes_ = 0;
};

class SendQueue::Common {
public:
    /// That wait in all queues.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    /// Memory that is kept for the next queue to need some.
    [[nodiscard]] std::size_t spares() const { return spares_.size(); }

private:
    friend class SendQueue;
    std::vector<std::vector<Item>> spares_; // empty
    std::size_t bytes_ = 0;
};

} // namespace owp::net
