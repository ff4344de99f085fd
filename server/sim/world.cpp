#include "world.hpp"

#include "agenda.hpp"
#include "checker.hpp"
#include "follower.hpp"
#include "member.hpp"
#include "network.hpp"
#include "server.hpp"
#include "trace.hpp"

#include <cmath>
#include <deque>
#include <limits>

namespace owp::sim {

using namespace std::chrono_literals;

Coverage& Coverage::operator+=(const Coverage& other) {
    steps += other.steps;
    frames_in += other.frames_in;
    frames_out += other.frames_out;
    connections += other.connections;
    rooms += other.rooms;
    plays += other.plays;
    seats_retaken += other.seats_retaken;
    access_denied += other.access_denied;
    positions_checked += other.positions_checked;
    standstills += other.standstills;
    ends += other.ends;
    repeated += other.repeated;
    back_in_room += other.back_in_room;
    return *this;
}

namespace {

constexpr ServerTime start{std::chrono::seconds{1'800'000'000}};
/// What the transport would hold for one connection before it gives it up as too slow.
constexpr std::size_t queue_max = 512;
/// A healthy party has no more than this under way; above it, something feeds on itself.
constexpr std::size_t agenda_max = 20'000;
constexpr Duration lingering_max = 20s;
constexpr Duration downtime_max = 3s; // from one process of the server to the next
/// The longest way back: a lost connection is noticed, made again, signed in, and joins.
constexpr Duration return_max = 10s;
constexpr Duration in_step_after = 2s; // of the last change
constexpr Duration calm = 5s;          // no faults, no actions: everything has to fall into place

class World final : public Wire {
public:
    World(std::uint64_t seed, MutantKind kind, std::ostream* out)
        : prng_{seed}, scenario_{draw_scenario(prng_)}, agenda_{start}, trace_{start, out},
          mutant_{kind}, checker_{scenario_, agenda_}, server_{scenario_, agenda_,  prng_.fork(),
                                                               *this,     checker_, mutant_,
                                                               trace_} {
        trace_.line(start, "world", "seed", std::to_string(seed));
        trace_.line(start, "world", "scenario", describe(scenario_));
        for (unsigned i = 0; i < scenario_.members; ++i)
            populate(i);
        let_server_stand_still();
    }

    void run() {
        until(start + scenario_.duration);
        heal();
        until(agenda_.now() + return_max + checker_.patience());
        check_back();
        for (auto& place : places_) {
            place->member->rest();
            place->retired = true;
            place->hang_up();
        }
        until(agenda_.now() + scenario_.session.dead_after + scenario_.room.seat_hold + calm);
        for (LinkId link = 0; link < links_.size(); ++link)
            if (server_.is_open(link))
                fail("seat", "connection " + std::to_string(link) + " is dead and still open");
        server_.check_clean();
    }

    [[nodiscard]] std::uint64_t trace_hash() const { return trace_.hash(); }
    [[nodiscard]] Coverage coverage() const {
        auto result = coverage_;
        result.seats_retaken = checker_.seats_retaken();
        result.access_denied = checker_.access_denied();
        result.repeated = server_.repeated();
        return result;
    }

private:
    struct Link {
        std::size_t place = 0;
        Stream up;
        Stream down;
        bool client_open = true;
        bool server_open = false;
        bool dead = false; // nothing passes any more, whatever the ends believe
    };

    /// A member's place in the world: its way, its present connection, its misfortunes.
    struct Place final : Modem {
        Place(World& w, std::size_t i, std::string n, Prng p)
            : world{w}, index{i}, name{std::move(n)}, path{w.scenario_.faults, p.fork()}, prng{p} {}

        void dial() override { world.connect(index); }
        void send(std::string text, Intent intent) override {
            if (link)
                world.send(*link, std::move(text), intent);
        }
        void hang_up() override {
            if (link)
                world.hang_up(index);
        }
        [[nodiscard]] ServerTime now() const override { return world.agenda_.now(); }
        void after(Duration delay, Agenda::Action action) override {
            world.agenda_.after(delay, std::move(action));
        }
        void pass_on(const RoomId& room, const InviteTicket& ticket) override {
            for (const auto& other : world.places_)
                if (other.get() != this)
                    after(prng.between(Duration{500ms}, Duration{8s}),
                          [to = other->member.get(), room, ticket] { to->invited(room, ticket); });
        }

        World& world;
        std::size_t index;
        std::string name;
        Path path;
        Prng prng;
        std::unique_ptr<Member> member;
        std::optional<LinkId> link;
        bool retired = false; // does not come back
    };

    // ---- members ----
    void populate(unsigned index) {
        const auto hostile = prng_.chance(scenario_.faults.hostile);
        const auto v1 = prng_.chance(scenario_.v1_share);
        const auto name = (hostile ? "hostile-" : v1 ? "v1-" : "v2-") + std::to_string(index);
        places_.push_back(std::make_unique<Place>(*this, index, name, prng_.fork()));
        auto& place = *places_.back();
        // Some have two windows open: the same user twice.
        const auto user = index > 0 && prng_.chance(0.15) ? index - 1 : index;
        const auto make = hostile ? make_hostile_member : v1 ? make_v1_member : make_v2_member;
        place.member = make(place, scenario_, place.prng.fork(), user);
        agenda_.after(place.prng.between(Duration{}, Duration{3s}),
                      [this, index] { connect(index); });
        agenda_.after(1s, [this, index] { act(index); });
        if (place.member->follower())
            agenda_.after(Duration{}, [this, index] { move(index); });
        const auto& faults = scenario_.faults;
        happen(index, faults.partitions_per_minute, [this](Place& s) {
            const auto length =
                in_time(s.prng.between(Duration{200ms}, scenario_.faults.partition_max));
            const auto one_way = s.prng.chance(scenario_.faults.one_way);
            const auto cut_up = s.prng.chance(0.5) || !one_way;
            const auto cut_down = !cut_up || !one_way;
            trace_.line(agenda_.now(), s.name,
                        !one_way ? "partition"
                        : cut_up ? "partition upwards"
                                 : "partition downwards",
                        std::to_string(to_seconds(length)) + " s");
            if (cut_up)
                s.path.cut(Direction::up, agenda_.now() + length);
            if (cut_down)
                s.path.cut(Direction::down, agenda_.now() + length);
        });
        happen(index, faults.resets_per_minute, [this](Place& s) {
            if (!s.link)
                return;
            die(s, "reset");
            s.member->lost();
        });
        happen(index, faults.crashes_per_minute, [this](Place& s) {
            if (!s.link)
                return;
            die(s, "crash");
            s.member->crashed();
        });
        happen(index, faults.stalls_per_minute, [this](Place& s) {
            const auto length = s.prng.between(Duration{300ms}, Duration{4s});
            trace_.line(agenda_.now(), s.name, "stall", std::to_string(to_seconds(length)) + " s");
            s.member->stall(length);
        });
        happen(index, faults.clock_steps_per_minute, [this](Place& s) {
            const auto by =
                s.prng.between(-scenario_.faults.clock_step_max, scenario_.faults.clock_step_max);
            trace_.line(agenda_.now(), s.name, "clock steps",
                        std::to_string(to_seconds(by)) + " s");
            s.member->step_clock(by);
        });
    }

    /// No longer than until the world heals.
    [[nodiscard]] Duration in_time(Duration length) const {
        return std::min(length, start + scenario_.duration - agenda_.now());
    }

    void let_server_stand_still() {
        const auto per_minute = scenario_.faults.standstills_per_minute;
        if (per_minute <= 0)
            return;
        const Duration mean{static_cast<std::int64_t>(60e6 / per_minute)};
        agenda_.after(prng_.exponential(mean), [this] {
            if (healed_)
                return;
            ++coverage_.standstills;
            server_.stand_still(
                in_time(prng_.between(Duration{300ms}, scenario_.faults.standstill_max)));
            let_server_stand_still();
        });
    }

    /// Lets something befall a member again and again, until the world heals.
    void happen(std::size_t index, double per_minute, const std::function<void(Place&)>& what) {
        if (per_minute <= 0)
            return;
        const Duration mean{static_cast<std::int64_t>(60e6 / per_minute)};
        agenda_.after(places_[index]->prng.exponential(mean), [this, index, per_minute, what] {
            if (healed_)
                return;
            what(*places_[index]);
            happen(index, per_minute, what);
        });
    }

    void act(std::size_t index) {
        if (healed_)
            return;
        auto& place = *places_[index];
        place.member->act();
        agenda_.after(place.prng.exponential(scenario_.action_mean), [this, index] { act(index); });
    }

    void move(std::size_t index) {
        auto& place = *places_[index];
        if (!place.retired)
            agenda_.at(place.member->move(agenda_.now()), [this, index] { move(index); });
    }

    void heal() {
        trace_.line(agenda_.now(), "world", "heals", "");
        healed_ = true;
        server_.endure();
        for (auto& place : places_) {
            place->path.heal();
            place->member->rest();
        }
    }

    // ---- connections, the client's end ----
    void connect(std::size_t index) {
        auto& place = *places_[index];
        if (place.link || place.retired)
            return;
        const auto id = static_cast<LinkId>(links_.size());
        links_.emplace_back().place = index;
        place.link = id;
        ++coverage_.connections;
        arrives_at_server(id, [this, id] { accept(id); });
    }

    /// When what is said now has come there, and the server has time for it.
    void arrives_at_server(LinkId id, Agenda::Action action) {
        auto& link = links_[id];
        agenda_.at(places_[link.place]->path.arrival(Direction::up, link.up, agenda_.now()),
                   [this, action = std::move(action)]() mutable {
                       server_.when_running(std::move(action));
                   });
    }

    void arrives_at_client(LinkId id, Agenda::Action action) {
        auto& link = links_[id];
        agenda_.at(places_[link.place]->path.arrival(Direction::down, link.down, agenda_.now()),
                   std::move(action));
    }

    void send(LinkId id, std::string text, Intent intent) {
        trace_.line(agenda_.now(), places_[links_[id].place]->name, "says", text);
        arrives_at_server(id,
                          [this, id, text = std::move(text), intent] { arrive(id, text, intent); });
    }

    /// The client ends its connection and says so.
    void hang_up(std::size_t index) {
        auto& place = *places_[index];
        const auto id = *place.link;
        trace_.line(agenda_.now(), place.name, "hangs up", "");
        arrives_at_server(id, [this, id] { end_at_server(id); });
        end_at_client(id);
    }

    /// The connection dies under both ends; the client notices. One that lingers is only dead to
    /// the client: what it had said still comes to the server, after its next connection perhaps.
    void die(Place& place, std::string_view how) {
        const auto id = *place.link;
        const auto lingers = place.prng.chance(scenario_.faults.lingering);
        trace_.line(agenda_.now(), place.name, how, lingers ? "and lingers" : "");
        if (!place.prng.chance(scenario_.faults.half_open))
            agenda_.after(place.prng.between(Duration{}, lingers ? lingering_max : Duration{1s}),
                          [this, id] { server_.when_running([this, id] { end_at_server(id); }); });
        links_[id].dead = !lingers;
        place.link.reset();
        links_[id].client_open = false;
    }

    void end_at_client(LinkId id) {
        auto& link = links_[id];
        if (!std::exchange(link.client_open, false))
            return;
        auto& place = *places_[link.place];
        place.link.reset();
        place.member->lost();
    }

    // ---- connections, the server's end ----
    void accept(LinkId id) {
        auto& link = links_[id];
        if (link.dead)
            return;
        if (agenda_.now() < server_up_at_) // nobody listens
            return arrives_at_client(id, [this, id] { end_at_client(id); });
        link.server_open = true;
        const auto& place = *places_[link.place];
        trace_.line(agenda_.now(), place.name, "connected", std::to_string(id));
        arrives_at_client(id, [this, id] {
            if (links_[id].client_open)
                places_[links_[id].place]->member->opened();
        });
        server_.open(id, place.name);
    }

    void arrive(LinkId id, const std::string& text, const Intent& intent) {
        const auto& link = links_[id];
        if (!link.server_open || link.dead)
            return;
        ++coverage_.frames_in;
        if (intent.kind == Intent::Kind::ping)
            places_[link.place]->member->ping_arrived(intent.id);
        const auto room = checker_.room_of(id);
        checker_.asked(id, intent);
        if (intent.kind == Intent::Kind::binary)
            server_.binary(id);
        else
            server_.frame(id, text);
        if (server_.is_open(id))
            checker_.handled(id, intent, room && server_.hears(id, *room));
    }

    void end_at_server(LinkId id) {
        if (!std::exchange(links_[id].server_open, false))
            return;
        server_.lost(id);
    }

    void server_ends() {
        ++coverage_.ends;
        server_.end();
        server_up_at_ = agenda_.now() + in_time(prng_.between(Duration{}, downtime_max));
        for (LinkId id = 0; id < links_.size(); ++id) {
            links_[id].server_open = false;
            if (links_[id].client_open) // one that was not accepted yet is reset like the others
                arrives_at_client(id, [this, id] { end_at_client(id); });
        }
    }

    void deliver(LinkId id, FramePtr frame, Dialect dialect) override {
        auto& link = links_[id];
        if (!link.server_open)
            return;
        auto& place = *places_[link.place];
        ++coverage_.frames_out;
        trace_.line(agenda_.now(), place.name, "is sent", frame->text);
        count(*frame);
        checker_.frame_out(id, *frame, dialect);
        if (++link.down.in_flight > queue_max) {
            close(id, CloseCode::too_slow);
            return agenda_.at(agenda_.now(), [this, id] { server_.lost(id); });
        }
        arrives_at_client(id, [this, id, frame = std::move(frame)] {
            --links_[id].down.in_flight;
            if (links_[id].client_open)
                places_[links_[id].place]->member->received(*frame);
        });
    }

    void ping(LinkId id) override {
        const auto sent = agenda_.now();
        arrives_at_client(id, [this, id, sent] {
            if (!links_[id].client_open)
                return;
            arrives_at_server(id, [this, id, sent] {
                if (links_[id].server_open && !links_[id].dead)
                    server_.pong(id, agenda_.now() - sent);
            });
        });
    }

    void close(LinkId id, CloseCode) override {
        auto& link = links_[id];
        if (!link.server_open)
            return;
        link.server_open = false;
        arrives_at_client(id, [this, id] { end_at_client(id); });
    }

    // ---- time and truth ----
    void until(ServerTime end) {
        while (step(end)) {
            ++coverage_.steps;
            checker_.step();
            check_positions();
            if (agenda_.size() > agenda_max)
                fail("bounded", std::to_string(agenda_.size()) + " things are under way");
        }
    }

    bool step(ServerTime end) {
        try {
            return agenda_.step(end);
        } catch (const Server::Ended&) {
            server_ends();
            return true;
        }
    }

    void check_back() {
        auto lost = who_is_not_back();
        for (int again = 0; lost && again < 3; ++again) { // a change may be under way just now
            until(agenda_.now() + 1s);
            lost = who_is_not_back();
        }
        if (lost)
            fail("back", *lost);
    }

    /// Of everybody with our client. Of a message that was too much for the server nobody knows
    /// what became of it.
    [[nodiscard]] std::optional<std::string> who_is_not_back() {
        for (const auto& place : places_) {
            const auto* follower = place->member->follower();
            if (!follower)
                continue;
            if (!place->link || !server_.is_open(*place->link))
                return place->name + " is not connected";
            if (checker_.was_rate_limited(*place->link))
                continue;
            const auto& believed = place->member->room();
            const auto held = checker_.room_of(*place->link);
            if (believed != held || (held && !checker_.is_member(*held, *place->link)))
                return place->name + " is not where they believe to be";
            if (!held)
                continue;
            ++coverage_.back_in_room;
            if (checker_.truth(*held, agenda_.now()).since > agenda_.now() - in_step_after)
                continue;
            if (!follower->undisturbed(agenda_.now()) ||
                follower->latest_seq() != checker_.latest_seq(*held))
                return place->name + " does not follow its room";
        }
        return std::nullopt;
    }

    /// At any server time: where every follower's picture is.
    void check_positions() {
        const auto now = agenda_.now();
        for (const auto& place : places_) {
            const auto* follower = place->member->follower();
            if (!follower || place->retired || !follower->undisturbed(now))
                continue;
            const auto room = place->member->followed();
            if (!room || !checker_.living(*room) ||
                checker_.latest_seq(*room) != follower->latest_seq())
                continue;
            const auto truth = checker_.truth(*room, now);
            const auto error = follower->shown(now) - truth.position_seconds;
            const auto bound = follower->error_bound_seconds(now);
            ++coverage_.positions_checked;
            if (std::abs(error) > bound)
                fail("position", place->name + " is off by " + std::to_string(error) +
                                     " s, where " + std::to_string(bound) + " s are allowed");
        }
    }

    void count(const Frame& frame) {
        coverage_.plays += frame.type == FrameType::player_event && frame.action == "play";
        coverage_.rooms += frame.type == FrameType::room_state && frame.host == frame.client;
    }

    Prng prng_;
    Scenario scenario_;
    Agenda agenda_;
    Trace trace_;
    Mutant mutant_;
    Checker checker_;
    Server server_;
    Coverage coverage_;
    std::vector<std::unique_ptr<Place>> places_;
    std::deque<Link> links_;
    bool healed_ = false;
    ServerTime server_up_at_{};
};

} // namespace

Outcome run(std::uint64_t seed, MutantKind mutant, std::ostream* trace) {
    Outcome outcome;
    outcome.seed = seed;
    World world{seed, mutant, trace};
    try {
        world.run();
    } catch (const Violation& violation) {
        outcome.invariant = violation.invariant;
        outcome.detail = violation.what();
    } catch (const std::exception& error) {
        outcome.invariant = "no-throw";
        outcome.detail = std::string{"no-throw: a machine threw: "} + error.what();
    }
    outcome.trace_hash = world.trace_hash();
    outcome.coverage = world.coverage();
    return outcome;
}

} // namespace owp::sim
