// The server's side: sessions, rooms and user registries on a few virtual shards, wired by a
// deterministic bus: a room id hashes to the shard that owns the room, a user id to the shard that
// counts for the user, a connection stays where it came in, and from one shard to another messages
// keep their order and may take time. One process wires its threads like that. What carries the
// messages may also repeat them, as what lies between machines does: their numbers tell.
#pragma once

#include "agenda.hpp"
#include "checker.hpp"
#include "core/room.hpp"
#include "edge/session.hpp"
#include "edge/user_registry.hpp"
#include "faults.hpp"
#include "frame.hpp"
#include "intent.hpp"
#include "mutant.hpp"
#include "trace.hpp"

#include <deque>
#include <map>
#include <memory>

namespace owp::sim {

/// What the server does to the network.
class Wire {
public:
    virtual void deliver(LinkId link, FramePtr frame, Dialect dialect) = 0;
    virtual void ping(LinkId link) = 0;
    /// The server closes; it hears nothing from this connection any more.
    virtual void close(LinkId link, CloseCode code) = 0;

protected:
    ~Wire() = default;
};

class Server {
public:
    Server(const Scenario& scenario, Agenda& agenda, Prng prng, Wire& wire, Checker& checker,
           Mutant& mutant, Trace& trace);

    /// A connection has come in; the caller counts them, and opens each once.
    void open(LinkId link, std::string name);
    void frame(LinkId link, std::string_view text);
    void binary(LinkId link);
    void pong(LinkId link, Duration round_trip);
    /// The connection is gone.
    void lost(LinkId link);

    /// Thrown out of whatever the server is doing when it ends; end() is for whoever catches it.
    struct Ended {};
    /// The process is gone and all that it held; the next one takes its place.
    void end();
    /// From now on it does not end.
    void endure() { effects_left_ = 0; }
    /// It does nothing for that long. What comes meanwhile, and what falls due, waits.
    void stand_still(Duration length);
    /// Now, or when it goes on.
    void when_running(Agenda::Action action);

    [[nodiscard]] std::size_t rooms() const;
    [[nodiscard]] bool is_open(LinkId link) const {
        return link < links_.size() && links_[link].open;
    }
    [[nodiscard]] bool hears(LinkId link, const RoomId& room) const {
        return links_[link].session->hears(room);
    }
    /// Messages that the bus brought once more.
    [[nodiscard]] std::uint64_t repeated() const { return repeated_; }
    /// Nothing is counted or held for anybody any more (asked at the end of a run).
    void check_clean();

private:
    struct Link {
        std::string name;
        unsigned shard = 0;
        ClientId client;
        std::unique_ptr<edge::Session> session;
        bool open = false;
        ServerTime verdict_due{};       // of the last token that was asked about
        std::optional<ServerTime> wake; // when the agenda will wake it
    };
    struct RoomSlot {
        core::Room room;
        std::string owner; // whose count of rooms it is
        std::string name;  // for the trace
        std::optional<ServerTime> wake;
    };
    /// From one shard to another.
    struct Lane {
        ServerTime last{};       // when what was sent last arrives
        std::uint64_t sent = 0;  // so many messages: the number of the last
        std::uint64_t taken = 0; // the number of the last that was heeded
    };
    struct Shard {
        std::map<RoomId, RoomSlot> rooms;
        edge::UserRegistry users;
        std::map<RoomId, RoomSummary> directory;
        std::map<RoomId, bool> changed; // since the last flush; false: removed
        bool flush_due = false;
    };

    /// What it means to do later; the next process knows nothing of it.
    void at(ServerTime time, Agenda::Action action);
    void after(Duration delay, Agenda::Action action) {
        at(agenda_.now() + delay, std::move(action));
    }
    void draw_end();
    void count_effect();
    void bus(unsigned from, unsigned to, Agenda::Action action);
    [[nodiscard]] unsigned shard_of(std::size_t hash) const;
    [[nodiscard]] unsigned shard_of(const RoomId& room) const;
    [[nodiscard]] unsigned shard_of(const std::string& user) const;

    /// Whom a room counts against: the user, or the connection of somebody unknown.
    [[nodiscard]] std::string owner_key(LinkId link, const std::string& user) const;

    void on_session(LinkId link, const edge::Event& event);
    void apply(LinkId link, edge::Effect& effect);
    void wake_session(LinkId link);
    void reserve(LinkId link, const edge::ReserveRoom& effect);
    void find_seat(LinkId link, const edge::FindSeat& effect);
    void verify(LinkId link, const std::string& token);
    void send(LinkId link, const ServerMessage& message);
    void answer_access(LinkId link, const RoomId& room, const core::AskAccess& question);
    void send_list(LinkId link);

    void create(unsigned shard, const core::RoomSetup& setup, const std::string& owner);
    void to_room(unsigned shard, LinkId from, const RoomId& room, const core::Event& event);
    void on_room(unsigned shard, const RoomId& room, const core::Event& event);
    void after_room(unsigned shard, const RoomId& room, std::vector<core::Effect> effects);
    void apply(unsigned shard, const RoomId& room, core::Effect& effect);
    void broadcast(unsigned shard, const RoomId& room, const core::Send& send);
    void wake_room(unsigned shard, const RoomId& room);
    void directory_changed(unsigned shard);
    void flush_directory(unsigned shard);
    void sweep_users();
    [[nodiscard]] std::optional<LinkId> link_of(const ClientId& client) const;

    const Scenario& scenario_;
    Agenda& agenda_;
    Prng prng_;
    Wire& wire_;
    Checker& checker_;
    Mutant& mutant_;
    Trace& trace_;
    std::vector<Shard> shards_;
    std::vector<std::vector<Lane>> lanes_;
    Prng repeats_; // a stream of its own
    std::uint64_t repeated_ = 0;
    std::deque<Link> links_;
    std::unordered_map<ClientId, LinkId> link_by_client_;
    std::unordered_set<std::string> owners_;
    unsigned life_ = 0;              // which process this is
    std::uint64_t effects_left_ = 0; // until it ends; 0: it does not
    bool stands_still_ = false;
    std::vector<Agenda::Action> waiting_; // until it goes on
};

/// The tokens that the simulated verifier takes: the user's number follows.
inline constexpr std::string_view good_token_prefix = "good-";

} // namespace owp::sim
