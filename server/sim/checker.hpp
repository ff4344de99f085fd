// The invariants. The checker keeps a small second version of what the machines should be doing
// (who is a member, who hosts, which timelines there were, what is owed to whom) and compares after
// every step. It sees effects and frames, never the inside of a machine.
//
//   one-host          a living room has exactly one host, who is a connected member
//   seq               no observer's sequence number goes back, no change without a new number
//   silence           no room message to a connection that is not in that room
//   same-timeline     what members are told is what the room holds, and all v2 members are told
//   bounded           members, effects of one event, leads, queues, frames on the way
//   pending-play      a play waits at most ready_wait_max
//   room-closed       every connected member hears that its room is closed
//   position          an undisturbed follower shows the timeline, within its clock's error
//   dialect           a frame has exactly the fields of its connection's dialect
//   seat              a held seat expires, a lost connection leaves its room
//   private           nobody comes into a private room without a live ticket or an own seat, and no
//                     list has it
//   acknowledgement   whatever asks for an answer gets it, and no message is executed twice
//   access            nobody is a member of a room on a title, or told of it, that they may not see
//   busy-timer        a woken machine does not ask to be woken at once again
//   alive             nobody is given up as dead who has spoken within the time that this takes;
//                     while the server stood still, that time did not run
//   dead              whoever has said nothing for that long is given up
//   back              once nothing goes wrong any more, everybody with our client is connected, in
//                     the room that they believe to be in, and in step
//   registry          when all is over, nothing is counted or held for anybody
#pragma once

#include "agenda.hpp"
#include "core/room.hpp"
#include "faults.hpp"
#include "frame.hpp"
#include "intent.hpp"

#include <deque>
#include <map>
#include <set>
#include <stdexcept>
#include <unordered_map>

namespace owp::sim {

struct Violation : std::runtime_error {
    Violation(std::string_view name, const std::string& detail)
        : std::runtime_error{std::string{name} + ": " + detail}, invariant{name} {}
    std::string invariant;
};

[[noreturn]] void fail(std::string_view invariant, const std::string& detail);

/// Short names for messages to people.
[[nodiscard]] std::string text_of(const RoomId& room);
[[nodiscard]] std::string text_of(const ClientId& client);

class Checker {
public:
    Checker(const Scenario& scenario, const Agenda& agenda);

    // what a connection lives through, as the server sees it
    void opened(LinkId link, const ClientId& client);
    /// A frame goes into its session: what has to come out is owed from here on.
    void asked(LinkId link, const Intent& intent);
    /// The session has dealt with it; `hears` tells whether it is still in the room it was in.
    void handled(LinkId link, const Intent& intent, bool hears);
    void admitted(LinkId link, const RoomId& room);
    void dismissed(LinkId link, const RoomId& room);
    void gone(LinkId link);
    /// A sign of life has been read.
    void heard(LinkId link);
    /// The server takes it for dead.
    void given_up(LinkId link) const;
    void server_stands_still(Duration length);
    /// The process is gone, and every room and connection with it.
    void server_ended();
    void frame_out(LinkId link, const Frame& frame, Dialect dialect);
    [[nodiscard]] std::optional<RoomId> room_of(LinkId link) const { return links_[link].room; }

    // what a room does; `event` is null when the room was just created
    void room_created(const core::RoomSetup& setup);
    void room_step(const RoomId& room, const core::Room& machine, const core::Event* event,
                   const std::vector<core::Effect>& effects);
    void woken(std::optional<ServerTime> next);

    /// After every step of the world: whatever should have happened by now has.
    void step();

    [[nodiscard]] bool was_rate_limited(LinkId link) const { return links_[link].rate_limited; }
    [[nodiscard]] bool is_member(const RoomId& room, LinkId link) const;
    /// How long an answer may take that needs the authority.
    [[nodiscard]] Duration patience() const { return access_wait_ + slack_; }

    // the truth, for followers
    [[nodiscard]] bool living(const RoomId& room) const;
    [[nodiscard]] std::uint64_t latest_seq(const RoomId& room) const;
    /// Where the room's timeline stands at `time`, and since when that timeline holds.
    struct Truth {
        double position_seconds;
        ServerTime since;
    };
    [[nodiscard]] Truth truth(const RoomId& room, ServerTime time) const;
    /// Lost members that came back into their seats so far.
    [[nodiscard]] std::uint64_t seats_retaken() const { return seats_retaken_; }
    /// Answers so far that somebody may not see a title.
    [[nodiscard]] std::uint64_t access_denied() const { return access_denied_; }
    /// How long two hops over the bus and a timer may take.
    [[nodiscard]] Duration slack() const { return slack_; }

private:
    enum class Owed : std::uint8_t {
        pong,
        list,
        auth,
        room_state,
        play,
        command,
        chat,
        media,
        invite,
        closing, // an error settles them, too
        room_closed,
        timeline // nothing else does
    };
    struct Debt {
        Owed what;
        std::uint64_t id; // of the ping or chat; the sequence number
        std::optional<RoomId> room;
        ServerTime deadline;
    };
    struct LinkTwin {
        ClientId client;
        bool open = false;
        ServerTime gone_at{};
        ServerTime heard_at{};
        Duration stood_still{}; // the server, since then
        unsigned standstills = 0;
        bool rate_limited = false; // ever
        Dialect dialect = Dialect::v1;
        std::optional<RoomId> room; // whose messages may pass
        std::map<RoomId, std::uint64_t> seq_sent;
        std::set<std::string> chats;
        std::vector<Debt> debts;
        std::deque<ServerTime> asked; // lately
    };
    struct RoomTwin {
        ClientId host;
        bool is_private = false;
        std::vector<std::pair<InviteTicket, ServerTime>> tickets; // and when they expire
        std::map<ClientId, core::Join> joins;                     // the last of each
        std::map<ClientId, core::Identity> admitted;              // ever
        std::map<ClientId, std::string> members;                  // connected, and as which user
        bool opened = false;                                      // its host came in
        std::map<ClientId, ServerTime> seats; // lost members and when they are forgotten
        std::set<ClientId> listed;            // participants, as last told
        std::vector<Timeline> timelines;      // by seq
        std::optional<ServerTime> play_deadline;
        bool closed = false;
        ServerTime closed_at{};
    };

    void owe(LinkId link, Owed what, std::uint64_t id, std::optional<RoomId> room, Duration within);
    template <class Matches>
    void settle_first(LinkTwin& twin, Matches matches);
    void settle(LinkTwin& twin, const Frame& frame);
    [[nodiscard]] bool near_limit(const LinkTwin& twin) const;
    void settle_by_error(LinkTwin& twin, std::string_view code);
    void forget_room_debts(LinkTwin& twin);
    void check_silence(LinkId link, const LinkTwin& twin, const Frame& frame) const;
    void check_timeline(LinkId link, LinkTwin& twin, const Frame& frame);
    [[nodiscard]] bool may_enter(const RoomTwin& room, const core::Join& join) const;
    void note_entry(const RoomId& id, RoomTwin& room, const core::Event& event,
                    const std::vector<core::Effect>& effects);
    void check_list(LinkId link, const Frame& frame) const;
    void room_effect(const RoomId& id, RoomTwin& room, const core::Effect& effect);
    void owe_room_closed(const RoomId& id, const core::Event* event);
    void room_message(const RoomId& id, RoomTwin& room, const core::Send& send);
    void check_access(const RoomId& id, const RoomTwin& room, const ClientId& client,
                      const std::optional<MediaId>& media) const;
    void expect_access_asked(const RoomId& id);
    void note_timeline(const RoomId& id, RoomTwin& room, const Timeline& timeline);
    void note_command(RoomTwin& room, const core::Event& event,
                      const std::vector<core::Effect>& effects, bool new_timeline);
    void check_participants(RoomTwin& room, const ClientId* host,
                            const std::vector<Participant>& participants);
    [[nodiscard]] bool has_v2_member(const RoomTwin& room) const;
    void check_debts();
    void check_dead() const;
    void check_rooms();
    [[nodiscard]] ServerTime now() const { return agenda_.now(); }
    [[nodiscard]] std::string who(LinkId link) const;

    const Scenario& scenario_;
    const Agenda& agenda_;
    Duration slack_;
    Duration access_wait_{};
    std::deque<LinkTwin> links_;
    std::unordered_map<ClientId, LinkId> link_by_client_;
    std::map<RoomId, RoomTwin> rooms_;
    ServerTime next_check_{};
    ServerTime goes_on_at_{}; // the server, after it last stood still
    std::uint64_t seats_retaken_ = 0;
    std::uint64_t access_denied_ = 0;
};

} // namespace owp::sim
