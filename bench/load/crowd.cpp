#include "load/crowd.hpp"

#include "load/wire.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace owp::load {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr auto retry_after = 1s;         // as v1 clients do at first
constexpr int slow_receive_bytes = 4096; // the kernel's share of what a slow reader leaves unread
constexpr std::size_t slow_bite = 512;   // each second
constexpr int connects_in_a_turn = 64;   // those before are read meanwhile
constexpr double seek_step_seconds = 30;
constexpr double position_max_seconds = 80'000;

/// How much the kernel took; all if the connection is lost, which what is read next tells.
std::size_t hand_over(int socket, std::string_view bytes) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0)
        return static_cast<std::size_t>(sent);
    return errno == EAGAIN ? 0 : bytes.size();
}

} // namespace

struct Crowd::Room {
    std::uint32_t number = 0;
    std::string id; // empty: not open yet
    std::vector<Client*> members;
    Places listening = 0; // who is inside and reads
    bool playing = false;
    double position_seconds = 0; // at `since`
    SteadyTime since{};
    std::uint32_t chats_on_the_way = 0;

    [[nodiscard]] double position_at(SteadyTime time) const {
        return position_seconds +
               (playing ? std::chrono::duration<double>(time - since).count() : 0);
    }
    void move_to(double seconds, bool plays, SteadyTime now) {
        position_seconds = seconds > position_max_seconds ? 0 : seconds;
        playing = plays;
        since = now;
    }
};

struct Crowd::Client {
    Client(asio::io_context& io, std::uint32_t its_number) : connecting{io}, number{its_number} {}
    ~Client() { close(); }
    void close() {
        error_code ignored;
        connecting.close(ignored);
        if (socket >= 0)
            ::close(std::exchange(socket, -1));
    }

    asio::basic_stream_socket<tcp, asio::io_context::executor_type> connecting;
    int socket = -1; // once it is connected
    std::uint32_t number;
    Room* room = nullptr; // none: a visitor
    std::uint32_t place = 0;
    Stage stage = Stage::idle;
    Pace pace = Pace::eager;
    Kind visiting{};    // of a visitor on its way in: create or visit
    SteadyTime began{}; // connecting, the restart, or what a visitor was scheduled for
    SteadyTime asked{}; // join_room
    std::string visited;
    std::string unread; // the begin of a frame
    std::string unsent; // what the kernel did not take
};

Crowd::Crowd(asio::io_context& io)
    : io_{io}, slow_timer_{io}, timer_{io}, ready_{io, [this](std::uint32_t number) {
                                                       on_ready(*clients_[number]);
                                                   }} {}

Crowd::~Crowd() = default;

// ---- the way in
// ----------------------------------------------------------------------------------

void Crowd::open(std::uint16_t port, std::uint32_t rooms, std::uint32_t members,
                 std::uint32_t visitors, std::uint32_t at_once) {
    server_ = {asio::ip::address_v4::loopback(), port};
    at_once_ = at_once;
    const auto add = [this](Room* room, std::uint32_t place) -> Client& {
        const auto number = static_cast<std::uint32_t>(clients_.size());
        Client& client = *clients_.emplace_back(std::make_unique<Client>(io_, number));
        client.room = room;
        client.place = place;
        if (some_slow_ && place > 0 && clients_.size() % 10 == 0) {
            client.pace = clients_.size() % 20 == 0 ? Pace::never : Pace::slow;
            slow_.push_back(&client);
        }
        to_connect_.push_back(&client);
        ++outside_;
        return client;
    };
    while (rooms_.size() < rooms) {
        rooms_.push_back(std::make_unique<Room>());
        Room& room = *rooms_.back();
        room.number = static_cast<std::uint32_t>(rooms_.size() - 1);
        for (std::uint32_t place = 0; place < members; ++place)
            room.members.push_back(&add(&room, place));
    }
    while (visitors_.size() < visitors)
        visitors_.push_back(&add(nullptr, 0));
    connect_more();
    if (!slow_.empty())
        read_slowly();
}

void Crowd::reconnect(std::uint16_t port) {
    server_.port(port);
    for (const auto& room : rooms_) {
        room->id.clear();
        room->listening = 0;
    }
    outside_ = clients_.size();
    at_once_ = static_cast<std::uint32_t>(clients_.size());
    on_the_way_ = 0;
    for (const auto& client : clients_) {
        client->began = Clock::now();
        to_connect_.push_back(client.get());
    }
    connect_more();
}

void Crowd::connect_more() {
    for (int i = 0; i < connects_in_a_turn && !to_connect_.empty() && on_the_way_ < at_once_; ++i) {
        ++on_the_way_;
        Client& client = *to_connect_.front();
        to_connect_.pop_front();
        if (client.began == SteadyTime{})
            client.began = Clock::now();
        connect(client);
    }
    if (!to_connect_.empty() && on_the_way_ < at_once_)
        asio::post(io_, [this] { connect_more(); });
}

void Crowd::connect(Client& client) {
    client.stage = Stage::connecting;
    client.unread.clear();
    client.unsent.clear();
    client.close();
    error_code error;
    client.connecting.open(tcp::v4(), error);
    if (error)
        return failed(client);
    if (client.pace != Pace::eager)
        client.connecting.set_option(asio::socket_base::receive_buffer_size{slow_receive_bytes},
                                     error);
    client.connecting.async_connect(server_, [this, &client](error_code failure) {
        if (failure)
            return failed(client);
        error_code ignored;
        client.connecting.non_blocking(true, ignored);
        client.connecting.set_option(tcp::no_delay{true}, ignored);
        client.socket = client.connecting.release(ignored);
        client.stage = Stage::upgrading;
        ++connected_;
        ready_.add(client.socket, client.number);
        write(client, upgrade_request());
    });
}

void Crowd::failed(Client& client) {
    ++samples_.refused;
    client.stage = Stage::gone;
    client.close();
    auto again = std::make_shared<asio::steady_timer>(io_, retry_after);
    again->async_wait([this, &client, again](error_code cancelled) {
        if (!cancelled)
            connect(client);
    });
}

void Crowd::lost(Client& client) {
    const Stage was = std::exchange(client.stage, Stage::gone);
    if (was == Stage::gone)
        return;
    --connected_;
    client.close();
    if (was != Stage::inside && was != Stage::greeted)
        return failed(client);
    ++samples_.closed;
    if (client.room != nullptr)
        client.room->listening &= ~(Places{1} << client.place);
}

void Crowd::on_greeted(Client& client) {
    client.stage = Stage::greeted;
    if (client.room == nullptr)
        return entered(client);
    Room& room = *client.room;
    client.asked = Clock::now();
    if (client.place == 0) {
        client.stage = Stage::joining;
        send(client, create_room_text());
    } else if (!room.id.empty()) {
        client.stage = Stage::joining;
        send(client, join_room_text(room.id));
    }
}

void Crowd::on_room_state(Client& client, std::string_view message) {
    const std::string_view id = text_field(message, "room");
    if (client.room == nullptr) {
        client.visited = id;
        if (client.stage != Stage::joining)
            return;
        client.stage = Stage::inside;
        (client.visiting == Kind::create ? samples_.create : samples_.visit)
            .record(Clock::now() - client.began);
        return;
    }
    if (client.stage != Stage::joining)
        return; // news of a room that it is in
    Room& room = *client.room;
    client.stage = Stage::inside;
    samples_.join.record(Clock::now() - client.asked);
    if (client.pace == Pace::eager)
        room.listening |= Places{1} << client.place;
    if (client.place == 0) {
        room.id = id;
        for (Client* guest : room.members)
            if (guest->stage == Stage::greeted)
                on_greeted(*guest);
    } else {
        send(client, ready_text(room.id));
    }
    entered(client);
}

void Crowd::entered(Client& client) {
    samples_.enter.record(Clock::now() - client.began);
    --outside_;
    --on_the_way_;
    connect_more();
}

// ---- bytes
// ---------------------------------------------------------------------------------------

void Crowd::on_ready(Client& client) {
    if (client.socket < 0)
        return; // it was closed since
    if (!client.unsent.empty())
        write_rest(client);
    // A slow one reads on its own until it is in, and then when read_slowly() lets it
    if (client.pace == Pace::eager || client.stage != Stage::inside)
        read(client);
}

void Crowd::read(Client& client) {
    for (;;) {
        const ssize_t bytes = ::recv(client.socket, buffer_.data(), buffer_.size(), 0);
        if (bytes < 0 && errno == EAGAIN)
            return;
        if (bytes <= 0)
            return lost(client);
        read_at_ = Clock::now();
        take(client, {buffer_.data(), static_cast<std::size_t>(bytes)});
        if (client.stage == Stage::gone || static_cast<std::size_t>(bytes) < buffer_.size())
            return; // drained: what comes now wakes us again
    }
}

void Crowd::read_slowly() {
    slow_timer_.expires_after(1s);
    slow_timer_.async_wait([this](error_code cancelled) {
        if (cancelled)
            return;
        for (Client* client : slow_) {
            if (client->stage != Stage::inside || client->pace != Pace::slow)
                continue;
            std::ignore = ::recv(client->socket, buffer_.data(), slow_bite, 0);
        }
        read_slowly();
    });
}

void Crowd::take(Client& client, std::string_view bytes) {
    std::string joined;
    if (!client.unread.empty()) {
        joined = std::move(client.unread);
        client.unread.clear();
        joined.append(bytes);
        bytes = joined;
    }
    if (client.stage == Stage::upgrading) {
        const std::size_t end = bytes.find("\r\n\r\n");
        if (end != bytes.npos) {
            if (!bytes.starts_with("HTTP/1.1 101"))
                return lost(client);
            bytes.remove_prefix(end + 4);
            client.stage = Stage::upgraded;
        }
    }
    while (client.stage != Stage::upgrading && client.stage != Stage::gone) {
        const auto frame = take_frame(bytes);
        if (!frame)
            break;
        ++samples_.frames;
        samples_.frame_bytes += frame->payload.size();
        if (frame->opcode == Opcode::text) {
            on_frame(client, frame->payload);
        } else if (frame->opcode == Opcode::ping) {
            std::string pong;
            append_frame(pong, Opcode::pong, frame->payload);
            write(client, pong);
        } else if (frame->opcode == Opcode::close) {
            return lost(client);
        }
    }
    client.unread = bytes;
    if (client.unread.empty())
        client.unread = {}; // an idle connection holds nothing
}

void Crowd::send(Client& client, std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size() + 8);
    append_frame(bytes, Opcode::text, text);
    write(client, bytes);
}

void Crowd::write(Client& client, std::string_view bytes) {
    if (client.unsent.empty()) // else they wait for room
        bytes.remove_prefix(hand_over(client.socket, bytes));
    client.unsent.append(bytes);
}

void Crowd::write_rest(Client& client) {
    client.unsent.erase(0, hand_over(client.socket, client.unsent));
    if (client.unsent.empty())
        client.unsent = {}; // an idle connection holds nothing
}

// ---- what is said
// --------------------------------------------------------------------------------

void Crowd::on_frame(Client& client, std::string_view message) {
    const std::string_view type = type_of(message);
    if (type == "chat_message" || type == "state_update" || type == "player_event") {
        on_relayed(client, message, type);
    } else if (type == "client_hello") {
        on_greeted(client);
    } else if (type == "room_state") {
        on_room_state(client, message);
    } else if (type == "pong") {
        if (const auto asked = pong_nanoseconds(message))
            samples_.ping.record(read_at_ - start_ - std::chrono::nanoseconds{*asked});
    } else if (type == "error") {
        ++samples_.errors[std::string{text_field(message, "code")}];
    }
}

void Crowd::on_relayed(Client& client, std::string_view message, std::string_view type) {
    const auto number = number_of(message, type);
    if (!number || client.room == nullptr || client.stage != Stage::inside ||
        *number < ledger_base_)
        return;
    ++samples_.deliveries;
    samples_.delivery_bytes += message.size() + (message.size() < 126 ? 2 : 4);
    const auto* sent = ledger_.received(*number - ledger_base_, client.room->number, client.place);
    if (sent != nullptr)
        record(*sent);
    if (client.place == 0 && chats_on_the_way_ > 0 && type == "chat_message") {
        --client.room->chats_on_the_way;
        if (client.room->chats_on_the_way <= chats_on_the_way_ / 2)
            fill(*client.room);
    }
}

void Crowd::record(const Ledger::Message& message) {
    const auto latency = read_at_ - message.scheduled;
    samples_.delivery.record(latency);
    const auto second = static_cast<std::size_t>(
        std::max<std::int64_t>(0, (message.scheduled - start_) / std::chrono::seconds{1}));
    if (second < samples_.each_second.size())
        samples_.each_second[second].record(latency);
}

void Crowd::forget(std::size_t seconds) {
    ledger_base_ += ledger_.totals().sent;
    ledger_ = {};
    samples_ = {};
    samples_.each_second.resize(seconds);
}

// ---- the schedule
// --------------------------------------------------------------------------------

void Crowd::press_play() {
    for (const auto& room : rooms_) {
        auto at = std::make_shared<asio::steady_timer>(io_, std::chrono::microseconds{1s} *
                                                                room->number / rooms_.size());
        at->async_wait([this, room = room.get(), at](error_code) {
            send_playback(*room, Kind::play, Clock::now());
        });
    }
}

void Crowd::play(const std::vector<Action>& actions, SteadyTime start) {
    actions_ = &actions;
    next_ = 0;
    start_ = start;
    perform_due();
}

void Crowd::perform_due() {
    for (; next_ < actions_->size(); ++next_) {
        const Action& action = (*actions_)[next_];
        const SteadyTime scheduled = start_ + action.at;
        const SteadyTime now = Clock::now();
        if (now < scheduled)
            break;
        samples_.send_lag.record(now - scheduled);
        perform(action, scheduled);
    }
    if (next_ == actions_->size())
        return;
    timer_.expires_at(start_ + (*actions_)[next_].at);
    timer_.async_wait([this](error_code cancelled) {
        if (!cancelled)
            perform_due();
    });
}

void Crowd::perform(const Action& action, SteadyTime scheduled) {
    if (action.kind == Kind::create || action.kind == Kind::visit || action.kind == Kind::leave)
        return perform_visit(action, scheduled);
    Room& room = *rooms_[action.room];
    Client& client = *room.members[action.who];
    if (client.stage != Stage::inside) {
        ++samples_.skipped;
    } else if (action.kind == Kind::ping) {
        send(client, ping_text((scheduled - start_).count()));
    } else if (action.kind == Kind::chat) {
        const std::size_t number = ledger_.sent(scheduled, room.number, Kind::chat, room.listening);
        send(client, chat_text(room.id, ledger_base_ + number));
    } else {
        send_playback(room, action.kind, scheduled);
    }
}

void Crowd::send_playback(Room& room, Kind kind, SteadyTime scheduled) {
    const double position = room.position_at(scheduled);
    if (kind == Kind::play || kind == Kind::pause)
        room.move_to(position, kind == Kind::play, scheduled);
    else if (kind == Kind::seek)
        room.move_to(position + seek_step_seconds, room.playing, scheduled);
    constexpr Places host = 1;
    const std::size_t number = ledger_.sent(scheduled, room.number, kind, room.listening & ~host);
    const std::string_view action = kind == Kind::play    ? "play"
                                    : kind == Kind::pause ? "pause"
                                    : kind == Kind::seek  ? "seek"
                                                          : "";
    send(*room.members.front(), playback_text(room.id, ledger_base_ + number, action,
                                              room.position_at(scheduled), room.playing));
}

void Crowd::perform_visit(const Action& action, SteadyTime scheduled) {
    Client& visitor = *visitors_[action.who];
    if (action.kind == Kind::leave) {
        if (visitor.stage == Stage::inside)
            send(visitor, leave_room_text(visitor.visited));
        else
            ++samples_.skipped;
        visitor.stage = Stage::greeted;
        return;
    }
    if (visitor.stage != Stage::greeted) {
        ++samples_.skipped;
        return;
    }
    visitor.stage = Stage::joining;
    visitor.visiting = action.kind;
    visitor.began = scheduled;
    send(visitor, action.kind == Kind::create ? create_room_text()
                                              : join_room_text(rooms_[action.room]->id));
}

void Crowd::keep_full(std::uint32_t chats) {
    chats_on_the_way_ = chats;
    start_ = Clock::now();
    for (const auto& room : rooms_)
        fill(*room);
}

void Crowd::fill(Room& room) {
    std::string bytes;
    for (; room.chats_on_the_way < chats_on_the_way_; ++room.chats_on_the_way) {
        const std::size_t number =
            ledger_.sent(Clock::now(), room.number, Kind::chat, room.listening);
        append_frame(bytes, Opcode::text, chat_text(room.id, ledger_base_ + number));
    }
    write(*room.members.front(), bytes);
}

} // namespace owp::load
