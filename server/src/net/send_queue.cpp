#include "net/send_queue.hpp"

namespace owp::net {

bool SendQueue::push(Bytes bytes, std::uint64_t supersede_key) {
    bool superseded = false;
    if (supersede_key != 0) {
        auto item = items_.begin();
        if (sent_of_first_ != 0)
            ++item;
        while (item != items_.end()) {
            if (item->supersede_key != supersede_key) {
                ++item;
                continue;
            }
            bytes_ -= item->bytes->size();
            item = items_.erase(item);
            superseded = true;
        }
    }
    bytes_ += bytes->size();
    items_.push_back({std::move(bytes), supersede_key});
    return superseded;
}

std::size_t SendQueue::front(std::span<std::span<const char>> pieces) const {
    std::size_t count = 0;
    std::size_t skip = sent_of_first_;
    for (const Item& item : items_) {
        if (count == pieces.size())
            break;
        pieces[count++] = std::span{*item.bytes}.subspan(skip);
        skip = 0;
    }
    return count;
}

void SendQueue::consume(std::size_t count) {
    bytes_ -= count;
    while (count > 0) {
        const std::size_t left = items_.front().bytes->size() - sent_of_first_;
        if (count < left) {
            sent_of_first_ += count;
            return;
        }
        count -= left;
        sent_of_first_ = 0;
        items_.pop_front();
    }
}

void SendQueue::drop_unsent() {
    const std::size_t keep = sent_of_first_ != 0 ? 1 : 0;
    items_.resize(keep);
    bytes_ = keep != 0 ? items_.front().bytes->size() - sent_of_first_ : 0;
}

} // namespace owp::net
