#include "load/ledger.hpp"

#include <bit>

namespace owp::load {

std::size_t Ledger::sent(Time scheduled, std::uint32_t room, Kind kind, Places expected) {
    messages_.push_back({scheduled, room, kind, expected, 0});
    if (kind != Kind::report)
        missing_ += static_cast<std::uint64_t>(std::popcount(expected));
    return messages_.size() - 1;
}

const Ledger::Message* Ledger::received(std::size_t number, std::uint32_t room,
                                        std::uint32_t place) {
    if (number >= messages_.size() || messages_[number].room != room) {
        ++misdelivered_;
        return nullptr;
    }
    Message& message = messages_[number];
    const Places bit = Places{1} << place;
    if ((message.received & bit) != 0) {
        ++doubled_;
        return nullptr;
    }
    // From its first copy on, a report is on its way to everybody
    if (message.kind == Kind::report && message.received == 0)
        missing_ += static_cast<std::uint64_t>(std::popcount(message.expected));
    message.received |= bit;
    if ((message.expected & bit) == 0)
        return nullptr;
    --missing_;
    ++delivered_;
    return &message;
}

Ledger::Totals Ledger::totals() const {
    Totals totals;
    totals.sent = messages_.size();
    totals.delivered = delivered_;
    totals.doubled = doubled_;
    totals.misdelivered = misdelivered_;
    for (const Message& message : messages_) {
        if (message.kind == Kind::report && message.received == 0)
            ++totals.filtered;
        else
            totals.lost +=
                static_cast<std::uint64_t>(std::popcount(message.expected & ~message.received));
    }
    return totals;
}

} // namespace owp::load
