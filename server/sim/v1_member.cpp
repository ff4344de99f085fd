// A member with a client of the original system, as wire-v1 describes it: a host that acts at once
// and tells afterwards, twice and then every second; a guest that obeys whatever reaches it, says
// ready at most once for a room, and does not rejoin by itself: it goes on showing the room.
#include "member.hpp"
#include "order.hpp"

namespace owp::sim {

using namespace std::chrono_literals;

namespace {

constexpr Duration ping_interval = 10s;
constexpr Duration report_interval = 1s;

class V1Member final : public Member {
public:
    V1Member(Modem& modem, const Scenario& scenario, Prng prng, unsigned user)
        : Member{modem, scenario, prng, user}, clock_offset_ms_{
                                                   prng_.between(-1.0, 1.0) *
                                                   to_seconds(scenario.faults.clock_offset_max) *
                                                   1000.0} {}

    void stall(Duration length) override {
        if (!online_ || !room_ || !host_)
            return;
        place(shown(), false);
        event("buffering"); // and nothing when the stall ends, but the next report
        on_this_connection(length, [this] { place(shown(), true); });
    }

    void step_clock(Duration by) override { clock_offset_ms_ += to_seconds(by) * 1000.0; }

private:
    [[nodiscard]] double stamp() const override {
        return static_cast<double>(to_whole_milliseconds(modem_.now())) +
               std::floor(clock_offset_ms_);
    }

    void on_opened() override {
        seated_ = false;
        authenticate(false);
        keep_pinging();
        keep_reporting();
    }
    void on_lost() override {}
    void on_crashed() override { said_ready_.reset(); }

    void keep_pinging() {
        ping();
        on_this_connection(ping_interval, [this] { keep_pinging(); });
    }
    void keep_reporting() {
        if (room_ && host_)
            report();
        on_this_connection(report_interval, [this] { keep_reporting(); });
    }

    void on_frame(const Frame& frame) override {
        switch (frame.type) {
        case FrameType::room_state:
            seated_ = true;
            place(frame.position.value_or(0), frame.playing);
            if (!never_ready_ && !host_ && said_ready_ != frame.room)
                on_this_connection(prng_.between(Duration{50ms}, Duration{3s}), [this] {
                    if (!room_ || said_ready_ == room_)
                        return;
                    said_ready_ = room_;
                    say(Order{"ready", stamp()}.room(*room_).field("room",
                                                                   to_uuid_string(room_->bytes)));
                });
            break;
        case FrameType::player_event:
        case FrameType::state_update:
            if (!host_) // who ignores its own
                place(frame.position.value_or(0), frame.playing);
            break;
        default:
            break;
        }
    }

    // ---- its player ----
    [[nodiscard]] double shown() const {
        return position_ + (playing_ ? to_seconds(modem_.now() - placed_at_) : 0.0);
    }
    void place(double position, bool playing) {
        position_ = position;
        playing_ = playing;
        placed_at_ = modem_.now();
    }

    void event(std::string_view action) {
        Order order{"player_event", stamp()};
        order.room(*room_).field("action", action).field("position", shown());
        if (action != "buffering")
            order.field("play_state", playing_ ? "playing" : "paused");
        say(order, {action == "play" ? Intent::Kind::play : Intent::Kind::command, 0, room_});
        report();
    }
    void report() {
        say(Order{"state_update", stamp()}
                .room(*room_)
                .field("position", shown())
                .field("play_state", playing_ ? "playing" : "paused"));
    }

    // ---- its user ----
    void act_outside() override {
        if (!prng_.chance(0.7) || !join_some(std::nullopt))
            create();
    }
    bool forget_lost_room() {
        if (seated_ || prng_.chance(0.7))
            return false;
        // Connected again and not put back: sooner or later somebody presses a button.
        leave();
        return true;
    }
    void act_as_host() override {
        if (forget_lost_room())
            return;
        const auto choice = prng_.below(100);
        if (choice < 50) {
            place(shown(), !playing_);
            event(playing_ ? "play" : "pause");
        } else if (choice < 70) {
            place(prng_.between(0.0, 5000.0), playing_);
            if (playing_)
                event("buffering");
            event("seek");
        } else if (choice < 90)
            chat();
        else if (choice < 93)
            create();
        else if (choice < 97)
            leave();
        else
            say(Order{"list_rooms", stamp()}.no_room(), {Intent::Kind::list, 0, {}});
    }
    void act_as_guest() override {
        if (forget_lost_room())
            return;
        const auto choice = prng_.below(100);
        if (choice < 60)
            chat();
        else if (choice < 75)
            event("play"); // which only the host may
        else if (choice < 85)
            leave();
        else if (choice < 90)
            act_outside();
        else
            say(Order{"client_log", stamp()}.field("category", "HLS").field("message", "stalled"));
    }

    double clock_offset_ms_;
    bool seated_ = false;
    std::optional<RoomId> said_ready_;
    double position_ = 0;
    bool playing_ = false;
    ServerTime placed_at_{};
};

} // namespace

std::unique_ptr<Member> make_v1_member(Modem& modem, const Scenario& scenario, Prng prng,
                                       unsigned user) {
    return std::make_unique<V1Member>(modem, scenario, prng, user);
}

} // namespace owp::sim
