#include "net/send_queue.hpp"

#include <algorithm>
#include <utility>

namespace owp::net {
namespace {

constexpr std::size_t few = 4; // what one turn sends to a receiver, mostly
// What a busy thread needs between two writes. A queue that had to grow beyond belongs to a slow
// one.
constexpr std::size_t spares_max = 4096;
constexpr std::size_t spare_items_max = 256;

} // namespace

SendQueue::~SendQueue() {
    take_bytes(bytes_);
}

void SendQueue::add_bytes(std::size_t count) {
    bytes_ += count;
    common_->bytes_ += count;
}

void SendQueue::take_bytes(std::size_t count) {
    bytes_ -= count;
    common_->bytes_ -= count;
}

bool SendQueue::push(Bytes bytes, std::uint64_t supersede_key) {
    bool superseded = false;
    if (supersede_key != 0) {
        const auto unsent =
            items_.begin() + static_cast<std::ptrdiff_t>(first_ + (sent_of_first_ != 0 ? 1 : 0));
        const auto gone = std::remove_if(unsent, items_.end(), [&](const Item& item) {
            if (item.supersede_key != supersede_key)
                return false;
            take_bytes(item.bytes->size());
            return true;
        });
        superseded = gone != items_.end();
        items_.erase(gone, items_.end());
    }
    if (items_.capacity() == 0) {
        if (common_->spares_.empty()) {
            items_.reserve(few);
        } else {
            items_ = std::move(common_->spares_.back());
            common_->spares_.pop_back();
        }
    }
    add_bytes(bytes->size());
    items_.push_back({std::move(bytes), supersede_key});
    return superseded;
}

std::size_t SendQueue::front(std::span<std::span<const char>> pieces) const {
    std::size_t count = 0;
    std::size_t skip = sent_of_first_;
    for (std::size_t i = first_; i < items_.size() && count < pieces.size(); ++i) {
        pieces[count++] = std::span{*items_[i].bytes}.subspan(skip);
        skip = 0;
    }
    return count;
}

void SendQueue::consume(std::size_t count) {
    take_bytes(count);
    while (count > 0) {
        Bytes& front = items_[first_].bytes;
        const std::size_t left = front->size() - sent_of_first_;
        if (count < left) {
            sent_of_first_ += count;
            break;
        }
        count -= left;
        sent_of_first_ = 0;
        front.reset();
        ++first_;
    }
    if (empty()) {
        clear();
    } else if (first_ > items_.size() / 2) { // a queue that never empties must not grow behind
        items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
}

void SendQueue::drop_unsent() {
    if (sent_of_first_ == 0) {
        clear();
        return;
    }
    items_.resize(first_ + 1);
    take_bytes(bytes_ - (items_[first_].bytes->size() - sent_of_first_));
}

void SendQueue::clear() {
    items_.clear();
    if (items_.capacity() != 0 && items_.capacity() <= spare_items_max &&
        common_->spares_.size() < spares_max)
        common_->spares_.push_back(std::move(items_));
    items_ = std::vector<Item>{};
    first_ = sent_of_first_ = 0;
    take_bytes(bytes_);
}

} // namespace owp::net
