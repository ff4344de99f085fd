// Somebody who sends what nobody should: bytes that are no message, messages out of order, numbers
// beyond all bounds, rooms that are not theirs, other people's seats, and too much of everything.
#include "member.hpp"
#include "order.hpp"

namespace owp::sim {

using namespace std::chrono_literals;

namespace {

class HostileMember final : public Member {
public:
    HostileMember(Modem& modem, const Scenario& scenario, Prng prng, unsigned user)
        : Member{modem, scenario, prng, user}, v2_{prng_.chance(0.5)} {}

private:
    [[nodiscard]] double stamp() const override { return stamp_; }

    void on_opened() override {
        stamp_ = 0; // this one is to be understood
        if (prng_.chance(0.8))
            authenticate(v2_);
        attack();
    }
    void on_lost() override {}
    void on_frame(const Frame&) override {}
    void act_outside() override { burst(); }
    void act_as_host() override { burst(); }
    void act_as_guest() override { burst(); }

    void attack() {
        if (!resting_)
            one();
        on_this_connection(prng_.exponential(400ms), [this] { attack(); });
    }
    void burst() {
        if (!prng_.chance(0.1))
            return;
        for (auto count = prng_.below(80); count > 0 && online_; --count)
            one();
    }

    [[nodiscard]] RoomId target() {
        if (!invites_.empty() && prng_.chance(0.3)) // its id alone is no secret
            return invites_.begin()->first;
        if (const auto room = some_room(); room && prng_.chance(0.8))
            return *room;
        return prng_.id<RoomTag>();
    }
    [[nodiscard]] std::string_view number() {
        static constexpr std::string_view numbers[] = {
            "1e308", "-1e308", "1e999", "-0.0", "86400.0001", "-1", "9007199254740993",
            "0.1",   "\"1\"",  "null",  "NaN",  "[]",         "{}", "true"};
        return numbers[prng_.below(std::size(numbers))];
    }
    [[nodiscard]] std::string garbage() {
        switch (prng_.below(6)) {
        case 0:
            return std::string(prng_.below(200), '[');
        case 1:
            return "{\"type\":\"\\ud800\",\"ts\":1}";
        case 2:
            return "{\"type\":5,\"ts\":{},\"payload\":[]}";
        case 3:
            return "\xff\xfe{\"type\":\"ping\"}";
        case 4:
            return "null";
        default: {
            std::string bytes(prng_.below(100), ' ');
            for (auto& byte : bytes)
                byte = static_cast<char>(prng_.below(256));
            return bytes;
        }
        }
    }

    void one() {
        const auto forged = target();
        stamp_ = prng_.chance(0.1) ? -1e300 : prng_.between(0.0, 9e15);
        switch (prng_.below(16)) {
        case 0:
            modem_.send(garbage(), {});
            break;
        case 1:
            say(Order{"player_event", stamp()}
                    .room(forged)
                    .field("action", "seek")
                    .raw("position", number()));
            break;
        case 2:
            say(Order{"state_update", stamp()}
                    .room(forged)
                    .raw("position", number())
                    .field("play_state", "playing"));
            break;
        case 3: // never said again: the checker takes it for one chat that came twice
            modem_.send(Order{"chat_message", stamp()}
                            .room(forged)
                            .field("text", std::to_string(prng_.next()))
                            .text(),
                        {});
            break;
        case 4:
            say(Order{"ready", stamp()}.room(forged).field("room", to_uuid_string(forged.bytes)));
            break;
        case 5:
            say(Order{"close_room", stamp()}.room(forged));
            break;
        case 6:
            say(Order{"join_room", stamp()}.room(forged).field(
                    "resume_token", to_hex_string(prng_.id<ResumeTag>().bytes)),
                {Intent::Kind::join, 0, forged});
            break;
        case 7: // somebody else's user id
            say(Order{"auth", stamp()}
                    .field("user_id", "user-" + std::to_string(prng_.below(8)))
                    .field("token", prng_.chance(0.5) ? "forged" : ""),
                {Intent::Kind::authenticate, 0, {}});
            break;
        case 8:
            say(Order{"leave_room", 0}, {Intent::Kind::leave, 0, {}});
            break;
        case 9:
            say(Order{"create_room", stamp()}.raw("start_pos", number()),
                {Intent::Kind::create, 0, {}});
            break;
        case 10:
            say(Order{"participant_status", stamp()}
                    .room(forged)
                    .field("status", "ready")
                    .raw("offset_ms", number()));
            break;
        case 11:
            say(Order{"no_such_type", stamp()}.raw("x", number()));
            break;
        case 12:
            say(Order{"subscribe_rooms", stamp()});
            break;
        case 13:
            say(Order{"create_invite", stamp()}.room(forged));
            break;
        case 14: // guesses a ticket
            say(Order{"join_room", stamp()}.room(forged).field(
                    "invite_ticket", to_hex_string(prng_.id<InviteTag>().bytes)),
                {Intent::Kind::join, 0, forged});
            break;
        default:
            if (prng_.chance(0.1))
                modem_.send("\x01\x02", {Intent::Kind::binary, 0, {}});
            break;
        }
    }

    bool v2_;
    double stamp_ = 0;
};

} // namespace

std::unique_ptr<Member> make_hostile_member(Modem& modem, const Scenario& scenario, Prng prng,
                                            unsigned user) {
    return std::make_unique<HostileMember>(modem, scenario, prng, user);
}

} // namespace owp::sim
