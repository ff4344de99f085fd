// Which room a connection is in, as its edge knows it. The room's owner answers later and over a
// bus, so answers to joins that were given up since must not be taken for the present one:
// a connection may join, leave and join the same room before the first answer arrives.
//
//     nowhere --join--> joining --admitted--> inside
//     joining --refused--> nowhere        any --leave--> nowhere
//     inside --dismissed--> nowhere       joining --dismissed--> joining (it is the last stay's)
//     inside, its own room joined again --dismissed--> joining (the answer to that is to come)
#pragma once

#include "protocol/types.hpp"

#include <vector>

namespace owp::edge {

/// Joins whose answers are still to come; more are refused rather than remembered.
inline constexpr std::size_t unanswered_joins_max = 16;

class RoomLink {
public:
    /// The room it joins or is in.
    [[nodiscard]] const std::optional<RoomId>& room() const { return room_; }
    [[nodiscard]] bool with(const RoomId& room) const { return room_ == room; }
    [[nodiscard]] bool inside() const { return inside_; }
    [[nodiscard]] bool can_join() const { return unanswered_.size() < unanswered_joins_max; }

    /// A join was sent. In the same room again: it stays inside. Requires can_join().
    void join(const RoomId& room);
    /// From here on nothing of the room passes.
    void leave();

    /// Each returns whether this is the present room's news, not an echo of what was given up.
    [[nodiscard]] bool admitted(const RoomId& room);
    [[nodiscard]] bool refused(const RoomId& room);
    [[nodiscard]] bool dismissed(const RoomId& room);

private:
    /// Takes one answer to a join; true if it answers the last join of the present room.
    bool answer(const RoomId& room);

    std::optional<RoomId> room_;
    bool inside_ = false;
    std::vector<RoomId> unanswered_; // one entry for each join sent
};

} // namespace owp::edge
