// Every message that was sent, and who has it: what is missing at the end is lost, what comes twice
// is double.
#pragma once

#include "load/schedule.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace owp::load {

/// A place in a room for each bit.
using Places = std::uint64_t;
inline constexpr std::uint32_t places_max = 64;

class Ledger {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Message {
        Time scheduled{};
        std::uint32_t room = 0;
        Kind kind{};
        Places expected = 0; // who has to get it
        Places received = 0;
    };

    /// `expected`: who has to get it. Its number, for received().
    std::size_t sent(Time scheduled, std::uint32_t room, Kind kind, Places expected);

    /// Member `place` of `room` got it. The message, if this counts as a delivery: a sender's own
    /// echo that a dialect leaves open does not, nor does a second copy.
    [[nodiscard]] const Message* received(std::size_t number, std::uint32_t room,
                                          std::uint32_t place);

    /// Has everybody got everything? Reports that nobody got may have been dropped on purpose.
    [[nodiscard]] bool all_arrived() const { return missing_ == 0; }

    struct Totals {
        std::uint64_t sent = 0;
        std::uint64_t delivered = 0;
        std::uint64_t doubled = 0;
        std::uint64_t misdelivered = 0; // to a room or under a number that it was not sent to
        std::uint64_t lost = 0;
        std::uint64_t filtered =
            0; // reports that went to nobody: a server may drop superfluous ones
    };
    [[nodiscard]] Totals totals() const;

private:
    std::vector<Message> messages_;
    std::uint64_t missing_ = 0;
    std::uint64_t delivered_ = 0;
    std::uint64_t doubled_ = 0;
    std::uint64_t misdelivered_ = 0;
};

} // namespace owp::load
