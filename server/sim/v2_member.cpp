// A member with our own client: follows the timeline, host or not, and takes its seat again by
// resume token.
#include "follower.hpp"
#include "member.hpp"
#include "order.hpp"

#include <map>
#include <utility>

namespace owp::sim {

using namespace std::chrono_literals;

namespace {

constexpr Duration burst_interval = 200ms;
constexpr int burst_pings = 4;
constexpr Duration ping_interval = 5s;
constexpr Duration report_interval = 1s;
constexpr Duration status_interval = 3s;

class V2Member final : public Member {
public:
    V2Member(Modem& modem, const Scenario& scenario, Prng prng, unsigned user)
        : Member{modem, scenario, prng, user}, follower_{drawn_clock(), prng_.fork()},
          reports_{prng_.chance(0.5)} {}

    void ping_arrived(std::uint64_t id) override {
        if (const auto ping = pings_.find(id); ping != pings_.end())
            ping->second.arrived = modem_.now();
    }
    [[nodiscard]] const Follower* follower() const override { return &follower_; }
    [[nodiscard]] std::optional<RoomId> followed() const override {
        return room_ == entered_ ? room_ : std::nullopt;
    }
    ServerTime move(ServerTime now) override { return follower_.correct(now); }

    void stall(Duration length) override {
        follower_.stall(modem_.now(), length);
        if (!online_ || !room_)
            return;
        const auto as_host = host_;
        if (as_host)
            command("buffering");
        else
            status("buffering");
        on_this_connection(length, [this, as_host] {
            if (!room_ || as_host != host_)
                return;
            if (as_host)
                command("play");
            else
                status("playing");
        });
    }

    void step_clock(Duration by) override {
        follower_.step_clock(modem_.now(), by);
        pings_.clear(); // what is under way was sent by another clock
        burst(burst_pings);
    }

private:
    struct Ping {
        LocalTime sent;
        ServerTime true_sent;
        ServerTime arrived; // simulation only
    };

    DriftingClock drawn_clock() {
        const auto& faults = scenario_.faults;
        const auto offset = prng_.between(-faults.clock_offset_max, faults.clock_offset_max);
        return {modem_.now(), offset,
                prng_.between(-faults.clock_drift_max_ppm, faults.clock_drift_max_ppm)};
    }
    [[nodiscard]] double stamp() const override {
        return static_cast<double>(follower_.local(modem_.now()).time_since_epoch().count()) /
               1000.0;
    }

    // ---- the connection ----
    void on_opened() override {
        follower_.forget_clock(modem_.now()); // the way may be another one
        pings_.clear();
        authenticate(true);
    }
    void on_lost() override { welcomed_ = joining_ = false; }
    void on_crashed() override { token_.reset(); }

    void welcome(const Frame& frame) {
        const auto former = std::exchange(token_, frame.resume_token);
        if (std::exchange(welcomed_, true))
            return;
        burst(burst_pings);
        repeat(ping_interval, [this] { burst(1); });
        repeat(report_interval, [this] { report(); });
        repeat(status_interval,
               [this] { status(follower_.wants_to_play() ? "playing" : "ready"); });
        say(Order{"subscribe_rooms", stamp()}, {Intent::Kind::list, 0, {}});
        if (room_ && former) {
            joining_ = true;
            join(*room_, former);
        }
    }
    void repeat(Duration interval, const std::function<void()>& action) {
        on_this_connection(interval, [this, interval, action] {
            action();
            repeat(interval, action);
        });
    }

    // ---- the clock ----
    void burst(int pings) {
        if (!online_)
            return;
        const auto now = modem_.now();
        pings_[ping()] = {follower_.local(now), now, {}};
        if (pings > 1)
            on_this_connection(burst_interval, [this, pings] { burst(pings - 1); });
    }

    void exchanged(const Frame& frame) {
        const auto found = pings_.find(static_cast<std::uint64_t>(frame.ping_id.value_or(0)));
        if (found == pings_.end() || !frame.server_receive_ts || !frame.server_transmit_ts)
            return;
        const auto now = modem_.now();
        const auto ping = found->second;
        pings_.erase(pings_.begin(), std::next(found));
        const ClockSample sample{.sent = ping.sent,
                                 .server_received = from_wire(*frame.server_receive_ts),
                                 .server_sent = from_wire(*frame.server_transmit_ts),
                                 .received = follower_.local(now),
                                 .true_sent = ping.true_sent,
                                 .true_received = now};
        follower_.exchanged(sample, sample.path_error(ping.arrived, ping.arrived), now);
    }

    // ---- the room ----
    void on_frame(const Frame& frame) override {
        switch (frame.type) {
        case FrameType::auth_success:
            welcome(frame);
            break;
        case FrameType::pong:
            exchanged(frame);
            break;
        case FrameType::room_state:
            if (frame.room == room_)
                enter(frame);
            break;
        case FrameType::player_event:
        case FrameType::state_update:
            if (frame.timeline && frame.room == room_)
                follower_.adopt(*frame.timeline, modem_.now());
            break;
        case FrameType::participants_update:
            if (frame.room == room_ && frame.participants)
                for (const auto& seat : *frame.participants)
                    if (seat.id == client_)
                        host_ = seat.is_host;
            break;
        case FrameType::error:
            take_error(frame.code);
            break;
        default:
            break;
        }
    }

    /// None of a room that was left meanwhile.
    [[nodiscard]] bool takes(const Frame& state) const override {
        return state.room == room_ || (room_ && state.host == client_) ||
               (wish_.kind == Intent::Kind::join && state.room == wish_.room) ||
               (wish_.kind == Intent::Kind::create && state.host == client_);
    }

    /// As the session of our client does: it was given up before the server heard of it.
    void on_room_unwished() override {
        if (!room_ && wish_.kind == Intent::Kind::nothing)
            leave();
    }

    /// As the session of our client does: who is out of their room, or not let in, leaves.
    void take_error(std::string_view code) {
        const auto retitling = std::exchange(retitling_, false);
        const auto seat_is_gone = std::exchange(joining_, false);
        const auto gone =
            code == "ROOM_NOT_FOUND" || code == "INVITE_INVALID" || code == "NOT_IN_ROOM";
        const auto shut_out = code == "ROOM_FULL" || code == "ROOM_LIMIT_REACHED" ||
                              (code == "MEDIA_FORBIDDEN" && !retitling);
        const auto refused = !room_ && wish_.kind != Intent::Kind::nothing;
        if (seat_is_gone || refused || (room_ && (gone || shut_out)))
            leave();
    }

    void enter(const Frame& frame) {
        joining_ = retitling_ = false;
        if (entered_ != frame.room)
            follower_.enter(modem_.now());
        entered_ = frame.room;
        if (frame.timeline)
            follower_.adopt(*frame.timeline, modem_.now());
        if (!never_ready_)
            on_this_connection(prng_.between(Duration{20ms}, Duration{1500ms}), [this] {
                if (room_)
                    say(Order{"ready", stamp()}.room(*room_).field("room",
                                                                   to_uuid_string(room_->bytes)));
            });
    }

    void command(std::string_view action) {
        auto position = follower_.shown(modem_.now());
        if (action == "seek")
            position = prng_.chance(0.05) ? 90'000.0 : prng_.between(0.0, 5000.0);
        say(Order{"player_event", stamp()}
                .room(*room_)
                .field("action", action)
                .field("position", std::max(0.0, position)),
            {action == "play" ? Intent::Kind::play : Intent::Kind::command, 0, room_});
    }

    void report() {
        const auto now = modem_.now();
        if (!room_ || !host_ || !reports_ || !follower_.obeys() || follower_.stalled(now))
            return;
        say(Order{"state_update", stamp()}
                .room(*room_)
                .field("position", std::max(0.0, follower_.shown(now)))
                .field("play_state", follower_.wants_to_play() ? "playing" : "paused"));
    }

    void status(std::string_view value) {
        if (room_ && !never_ready_)
            say(Order{"participant_status", stamp()}
                    .room(*room_)
                    .field("status", value)
                    .field("offset_ms", prng_.between(-20.0, 20.0))
                    .field("delay_ms", prng_.between(1.0, 100.0)));
    }

    void act_outside() override {
        if (!welcomed_)
            return;
        if (!prng_.chance(0.7) || !join_some(prng_.chance(0.1) ? token_ : std::nullopt))
            create();
    }

    void act_as_host() override {
        const auto choice = prng_.below(100);
        if (choice < 8)
            invite();
        else if (choice < 45)
            command(follower_.wants_to_play() ? "pause" : "play");
        else if (choice < 60)
            command("seek");
        else if (choice < 70)
            command(prng_.chance(0.5) ? "play" : "pause");
        else if (choice < 84)
            chat();
        else if (choice < 88)
            retitle();
        else if (choice < 91)
            create();
        else if (choice < 94) {
            say(Order{"close_room", stamp()}.room(*room_), {Intent::Kind::close_room, 0, room_});
            wish({});
        } else if (choice < 97)
            leave();
        else
            say(Order{"list_rooms", stamp()}, {Intent::Kind::list, 0, {}});
    }

    void retitle() {
        retitling_ = true;
        say(Order{"set_media", stamp()}
                .room(*room_)
                .field("media_id", some_film())
                .field("start_position_seconds", prng_.between(0.0, 100.0)),
            {Intent::Kind::set_media, 0, room_});
    }

    void act_as_guest() override {
        const auto choice = prng_.below(100);
        if (choice < 50)
            chat();
        else if (choice < 65)
            status(prng_.chance(0.3) ? "away" : "buffering");
        else if (choice < 75)
            command(prng_.chance(0.5) ? "play" : "pause"); // which only the host may
        else if (choice < 85)
            leave();
        else if (choice < 90)
            act_outside();
        else if (choice < 93)
            invite(); // which only the host may
        else
            say(Order{"list_rooms", stamp()}, {Intent::Kind::list, 0, {}});
    }

    Follower follower_;
    bool reports_; // some hosts tell where their player is, some do not
    std::map<std::uint64_t, Ping> pings_;
    std::optional<ResumeToken> token_;
    std::optional<RoomId> entered_; // whose timelines the follower has
    bool welcomed_ = false;
    bool joining_ = false; // its former seat
    bool retitling_ = false;
};

} // namespace

std::unique_ptr<Member> make_v2_member(Modem& modem, const Scenario& scenario, Prng prng,
                                       unsigned user) {
    return std::make_unique<V2Member>(modem, scenario, prng, user);
}

} // namespace owp::sim
