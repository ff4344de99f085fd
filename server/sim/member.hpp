// A simulated member: somebody with a client. What all of them share stands here: a way to the
// network, an identity, a room they believe to be in, and the habit of coming back.
#pragma once

#include "agenda.hpp"
#include "faults.hpp"
#include "frame.hpp"
#include "intent.hpp"

#include <deque>
#include <map>
#include <memory>
#include <set>

namespace owp::sim {

class Follower;
class Order;

/// What a member can do to the network. It hears of what comes through opened(), received(),
/// lost().
class Modem {
public:
    virtual void dial() = 0;
    virtual void send(std::string text, Intent intent) = 0;
    /// Ends the connection properly.
    virtual void hang_up() = 0;
    [[nodiscard]] virtual ServerTime now() const = 0;
    virtual void after(Duration delay, Agenda::Action action) = 0;
    /// Tells all others of an invite, by whatever way people have.
    virtual void pass_on(const RoomId& room, const InviteTicket& ticket) = 0;

protected:
    ~Modem() = default;
};

class Member {
public:
    Member(Modem& modem, const Scenario& scenario, Prng prng, unsigned user);
    virtual ~Member() = default;
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

    void opened();
    void received(const Frame& frame);
    void lost();
    /// Somebody has passed an invite on to it.
    void invited(const RoomId& room, const InviteTicket& ticket) { invites_[room] = ticket; }
    /// Forgets everything, as after a crash; it comes back as the same user.
    void crashed();
    /// Does what somebody does who sits in front of it.
    void act();
    /// From now on it only keeps its connection and follows.
    void rest() { resting_ = true; }
    /// Simulation only: its ping has come to the server just now.
    virtual void ping_arrived(std::uint64_t) {}
    /// Its engine, if it follows timelines, and the room whose timeline that is.
    [[nodiscard]] virtual const Follower* follower() const { return nullptr; }
    [[nodiscard]] virtual std::optional<RoomId> followed() const { return std::nullopt; }
    virtual void stall(Duration) {}
    virtual void step_clock(Duration) {}
    /// Moves its player; returns when to do so again.
    virtual ServerTime move(ServerTime now) { return now + std::chrono::hours{1}; }

    [[nodiscard]] bool online() const { return online_; }
    [[nodiscard]] const std::optional<RoomId>& room() const { return room_; }

protected:
    virtual void on_opened() = 0;
    virtual void on_frame(const Frame& frame) = 0;
    virtual void on_lost() = 0;
    virtual void on_crashed() {}
    virtual void act_outside() = 0;
    virtual void act_as_host() = 0;
    virtual void act_as_guest() = 0;
    [[nodiscard]] virtual double stamp() const = 0; // its clock, ms

    void say(const Order& order, Intent intent = {});
    /// To create or join a room, or to be in none. Whoever wishes for a room leaves the one they
    /// are in first, whatever comes of it (P-ROOM-4).
    void wish(const Intent& intent);
    /// Is this the state of a room to be in?
    [[nodiscard]] virtual bool takes(const Frame&) const { return true; }
    /// The server says that it is in a room, which it does not take.
    virtual void on_room_unwished() {}
    using Words = std::deque<std::pair<std::string, Intent>>;
    /// Says again what may not have arrived on its former connection.
    void say_again(const Words& words);
    void authenticate(bool v2);
    void create();
    [[nodiscard]] std::string_view some_film();
    void join(const RoomId& room, std::optional<ResumeToken> resume);
    /// Joins a room of the list or one that it was invited to; false: it knows of none.
    bool join_some(std::optional<ResumeToken> resume);
    void invite();
    void leave();
    void chat();
    /// Returns the ping's number.
    std::uint64_t ping();
    [[nodiscard]] std::optional<RoomId> some_room();
    /// Runs it only if the connection is still the same then.
    void on_this_connection(Duration delay, Agenda::Action action);

    Modem& modem_;
    const Scenario& scenario_;
    Prng prng_;
    unsigned user_;
    bool never_ready_;
    bool online_ = false;
    bool resting_ = false;
    std::uint64_t connection_ = 0;
    std::optional<ClientId> client_;
    std::optional<RoomId> room_;
    bool host_ = false;
    std::set<RoomId> known_rooms_;
    std::map<RoomId, InviteTicket> invites_;
    Intent wish_;
    Words last_words_;
    std::uint64_t next_ping_ = 1;
    ServerTime last_heard_{};
};

[[nodiscard]] std::unique_ptr<Member> make_v2_member(Modem&, const Scenario&, Prng, unsigned user);
[[nodiscard]] std::unique_ptr<Member> make_v1_member(Modem&, const Scenario&, Prng, unsigned user);
[[nodiscard]] std::unique_ptr<Member> make_hostile_member(Modem&, const Scenario&, Prng,
                                                          unsigned user);

} // namespace owp::sim
