#include "member.hpp"

#include "order.hpp"

namespace owp::sim {

using namespace std::chrono_literals;

namespace {
constexpr Duration silence_max = 15s; // then a client gives its connection up
constexpr std::size_t last_words_max = 4;

/// Somebody who left is not put out again by an echo, and a chat that is said again is another one.
bool bears_repeating(Intent::Kind kind) {
    using Kind = Intent::Kind;
    return kind != Kind::leave && kind != Kind::close_room && kind != Kind::chat &&
           kind != Kind::authenticate && kind != Kind::authenticate_v2;
}
} // namespace

Member::Member(Modem& modem, const Scenario& scenario, Prng prng, unsigned user)
    : modem_{modem}, scenario_{scenario}, prng_{prng}, user_{user},
      never_ready_{prng_.chance(scenario.faults.never_ready)} {}

void Member::opened() {
    ++connection_;
    online_ = true;
    last_heard_ = modem_.now();
    on_opened();
    if (!resting_ && prng_.chance(scenario_.faults.repeats))
        on_this_connection(prng_.between(Duration{50ms}, Duration{2s}),
                           [this, words = last_words_] { say_again(words); });
}

void Member::received(const Frame& frame) {
    last_heard_ = modem_.now();
    if (frame.type == FrameType::client_hello)
        client_ = frame.client;
    else if (frame.type == FrameType::room_list) {
        known_rooms_.clear();
        known_rooms_.insert(frame.rooms.begin(), frame.rooms.end());
    } else if (frame.type == FrameType::room_list_delta) {
        known_rooms_.insert(frame.rooms.begin(), frame.rooms.end());
        for (const auto& room : frame.removed)
            known_rooms_.erase(room);
    } else if (frame.type == FrameType::room_state && !takes(frame)) {
        on_room_unwished();
    } else if (frame.type == FrameType::room_state) {
        room_ = frame.room;
        host_ = frame.host == client_;
    } else if (frame.type == FrameType::room_closed && frame.room == room_)
        wish({});
    else if (frame.type == FrameType::invite && frame.room && frame.ticket)
        modem_.pass_on(*frame.room, *frame.ticket);
    on_frame(frame);
}

void Member::lost() {
    ++connection_;
    online_ = false;
    client_.reset();
    on_lost();
    modem_.after(prng_.between(Duration{200ms}, Duration{4s}), [this, was = connection_] {
        if (!online_ && connection_ == was)
            modem_.dial();
    });
}

void Member::crashed() {
    wish({});
    known_rooms_.clear();
    on_crashed();
    lost();
}

void Member::act() {
    if (resting_ || !online_ || !client_)
        return;
    if (modem_.now() - last_heard_ > silence_max)
        return modem_.hang_up();
    do {
        if (!room_)
            act_outside();
        else if (host_)
            act_as_host();
        else
            act_as_guest();
    } while (online_ && prng_.chance(scenario_.faults.hasty));
}

void Member::say(const Order& order, Intent intent) {
    if (!online_)
        return;
    modem_.send(order.text(), intent);
    if (!bears_repeating(intent.kind))
        return;
    last_words_.emplace_back(order.text(), intent);
    if (last_words_.size() > last_words_max)
        last_words_.pop_front();
}

void Member::say_again(const Words& words) {
    for (const auto& [text, intent] : words) {
        if (intent.kind == Intent::Kind::create || intent.kind == Intent::Kind::join)
            wish(intent);
        modem_.send(text, intent);
    }
}

void Member::authenticate(bool v2) {
    const auto user = std::to_string(user_);
    Order order{"auth", stamp()};
    if (scenario_.session.auth_required)
        order.field("token", "good-" + user);
    else
        order.field("user_name", "User " + user).field("user_id", "user-" + user);
    if (v2)
        order.field("protocol_version", 1).raw("features", "[\"owp.v2\"]");
    say(order, {v2 ? Intent::Kind::authenticate_v2 : Intent::Kind::authenticate, 0, {}});
}

std::string_view Member::some_film() {
    static constexpr std::string_view films[] = {"0123456789abcdef0123456789abcdef",
                                                 "fedcba9876543210fedcba9876543210"};
    return films[prng_.below(2)];
}

void Member::create() {
    Order order{"create_room", stamp()};
    order.field("start_pos", prng_.between(0.0, 5000.0));
    if (prng_.chance(0.8))
        order.field("media_id", some_film());
    else
        order.raw("media_id", "null");
    if (prng_.chance(0.25))
        order.raw("private", "true");
    const Intent intent{Intent::Kind::create, 0, {}};
    wish(intent);
    say(order, intent);
}

void Member::join(const RoomId& room, std::optional<ResumeToken> resume) {
    Order order{"join_room", stamp()};
    order.room(room).field("user_name", "User " + std::to_string(user_));
    if (resume)
        order.field("resume_token", to_hex_string(resume->bytes));
    if (const auto invite = invites_.find(room); invite != invites_.end() && prng_.chance(0.8)) {
        auto ticket = invite->second;
        if (prng_.chance(0.1))
            ticket = prng_.id<InviteTag>(); // mistyped
        order.field("invite_ticket", to_hex_string(ticket.bytes));
    }
    const Intent intent{Intent::Kind::join, 0, room};
    if (!resume || room_ != room) // else it wants its own seat back
        wish(intent);
    say(order, intent);
}

bool Member::join_some(std::optional<ResumeToken> resume) {
    auto room = some_room();
    if (!invites_.empty() && (!room || prng_.chance(0.4))) {
        auto chosen = invites_.begin();
        std::advance(chosen, static_cast<std::ptrdiff_t>(prng_.below(invites_.size())));
        room = chosen->first;
    }
    if (room)
        join(*room, resume);
    return room.has_value();
}

void Member::invite() {
    say(Order{"create_invite", stamp()}.room(*room_), {Intent::Kind::create_invite, 0, room_});
}

void Member::leave() {
    Order order{"leave_room", stamp()};
    if (room_)
        order.room(*room_);
    say(order, {Intent::Kind::leave, 0, room_});
    wish({});
}

void Member::wish(const Intent& intent) {
    wish_ = intent;
    room_.reset();
    host_ = false;
}

void Member::chat() {
    const auto id = prng_.next() >> 12; // nobody else's
    say(Order{"chat_message", stamp()}.room(*room_).field("text", std::to_string(id)),
        {Intent::Kind::chat, id, room_});
}

std::uint64_t Member::ping() {
    Order order{"ping", stamp()};
    if (room_)
        order.room(*room_);
    else
        order.no_room();
    const auto id = next_ping_++;
    say(order.field("client_ts", stamp()).field("id", static_cast<double>(id)),
        {Intent::Kind::ping, id, room_});
    return id;
}

std::optional<RoomId> Member::some_room() {
    if (known_rooms_.empty())
        return std::nullopt;
    auto chosen = known_rooms_.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(prng_.below(known_rooms_.size())));
    return *chosen;
}

void Member::on_this_connection(Duration delay, Agenda::Action action) {
    modem_.after(delay, [this, was = connection_, action = std::move(action)] {
        if (connection_ == was)
            action();
    });
}

} // namespace owp::sim
