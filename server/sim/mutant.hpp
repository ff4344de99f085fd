// Deliberately broken servers: proof that the invariants can fail. A mutant sits between the
// machines and the rest of the simulation and falsifies what passes; the machines know nothing.
#pragma once

#include "core/room.hpp"
#include "edge/session.hpp"
#include "frame.hpp"
#include "intent.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace owp::sim {

enum class MutantKind : std::uint8_t {
    none,
    drop_dismissed,         // a session is never told that it is out of its room
    deliver_to_non_members, // who was in a room once hears it for ever
    seq_goes_back,          // now and then a timeline bears an old number
    two_hosts,              // the list of participants marks everybody as host
    host_stays_old,         // room_state names a host who is not in the room
    pending_play_never_ends,
    position_error_on_pause,
    v1_gets_v2, // the wrong rendering, now and then
    room_closes_silently,
    seat_never_expires,
    forgets_acknowledgement,
    chat_twice,
    wrong_receive_stamp,  // the pong lies about when the ping came
    ghost_member,         // a lost connection is not taken out of its room
    everybody_may_see,    // whoever may not see a title is let in
    opens_without_ticket, // whoever knows a private room's id comes in
    lists_private_room,
    buries_the_living,        // takes somebody for dead who is not
    waits_for_the_dead,       // never gives up a connection that says nothing
    hears_pongs_alone,        // takes no message for a sign of life
    takes_sleep_for_silence,  // forgives nobody what it slept through itself
    hears_nothing_twice,      // ignores a ping that came on another connection before
    ignores_what_is_long_ago, // a ping whose clock went back by more than an hour
    keeps_its_list,           // of rooms, when the process ends
    shows_guests_out,         // now and then a guest is out of the room and is not told
    heeds_repeats,            // does what the bus brings as often as it brings it
    last
};

[[nodiscard]] std::string_view name_of(MutantKind kind);
[[nodiscard]] std::optional<MutantKind> mutant_named(std::string_view name);

class Mutant {
public:
    explicit Mutant(MutantKind kind) : kind_{kind} {}

    void falsify(const RoomId& room, std::vector<core::Effect>& effects);
    void falsify(LinkId link, const edge::Event& event, std::vector<edge::Effect>& effects);
    /// A session gets its wish to be woken that late.
    void woken(Duration late) { late_ = late; }
    [[nodiscard]] bool ignores(LinkId link, std::string_view text);
    /// What the room gets to hear instead of `event`.
    [[nodiscard]] core::Event heard(const RoomId& room, const core::Event& event);
    [[nodiscard]] bool hears(bool said) const {
        return said || kind_ == MutantKind::deliver_to_non_members;
    }
    /// A message from the bus, which may have come before.
    [[nodiscard]] bool heeds(bool again) const {
        return !again || kind_ == MutantKind::heeds_repeats;
    }
    [[nodiscard]] bool keeps_its_list() const { return kind_ == MutantKind::keeps_its_list; }
    [[nodiscard]] bool may_see(bool allowed) const {
        return allowed || kind_ == MutantKind::everybody_may_see;
    }
    [[nodiscard]] Dialect rendering(Dialect dialect);
    /// Does a room that wants to be woken after `wait` get its wish? A play waits up to 2 s, a seat
    /// for longer, everything else for less than a second.
    [[nodiscard]] bool wakes(Duration wait) const {
        using namespace std::chrono_literals;
        if (kind_ == MutantKind::pending_play_never_ends)
            return wait <= 1s || wait > 2s;
        return kind_ != MutantKind::seat_never_expires || wait <= 2s;
    }

private:
    /// Says that this connection is dead, where the session would ping it.
    static void give_up(std::vector<edge::Effect>& effects);
    bool every(unsigned nth) { return ++count_ % nth == 0; }

    MutantKind kind_;
    unsigned count_ = 0;
    std::unordered_map<RoomId, std::vector<ClientId>> ever_admitted_;
    std::unordered_map<RoomId, InviteTicket> tickets_; // the latest
    std::unordered_map<RoomId, ClientId> hosts_;       // as members were last told
    Duration late_{};
    std::unordered_map<LinkId, unsigned> unanswered_; // pings
    std::unordered_map<std::string, LinkId> said_by_;
    std::unordered_map<LinkId, double> stamps_; // of the latest ping
};

} // namespace owp::sim
