// Connections in rooms: opens them, sends what a schedule says, reads what comes. One thread, one
// buffer for all that is read; nothing is kept of an idle connection but its socket.
#pragma once

#include "load/ledger.hpp"
#include "load/ready_set.hpp"
#include "load/samples.hpp"
#include "load/schedule.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace owp::load {

using SteadyTime = std::chrono::steady_clock::time_point;

/// How a member reads.
enum class Pace : std::uint8_t { eager, slow, never };

class Crowd {
public:
    explicit Crowd(boost::asio::io_context& io);
    ~Crowd();

    /// Opens connections until there are `rooms` rooms of `members` and `visitors` in no room;
    /// those that are there already stay. At most `at_once` are on their way in.
    void open(std::uint16_t port, std::uint32_t rooms, std::uint32_t members,
              std::uint32_t visitors, std::uint32_t at_once);
    /// Of those that open() opens from here on: every tenth member reads slowly or, in turn, not at
    /// all.
    void some_are_slow() { some_slow_ = true; }
    /// Everybody comes back at once, to rooms that their hosts open anew.
    void reconnect(std::uint16_t port);
    [[nodiscard]] bool all_inside() const { return outside_ == 0; }
    [[nodiscard]] bool all_gone() const { return connected_ == 0; }
    [[nodiscard]] std::size_t connections() const { return clients_.size(); }

    /// Every host presses play, over the next second.
    void press_play();
    /// Sends `actions`, whose times count from `start`. They and the crowd outlive it.
    void play(const std::vector<Action>& actions, SteadyTime start);
    [[nodiscard]] bool played() const { return next_ == actions_->size(); }
    /// Each host keeps that many chats on their way at all times, until stop().
    void keep_full(std::uint32_t chats);
    void stop() { chats_on_the_way_ = 0; }

    [[nodiscard]] const Samples& samples() const { return samples_; }
    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    /// Forgets what was counted; messages sent before it are not ours any more.
    void forget(std::size_t seconds);

private:
    struct Client;
    struct Room;
    enum class Stage : std::uint8_t {
        idle,
        connecting,
        upgrading,
        upgraded,
        greeted,
        joining,
        inside,
        gone
    };

    void connect_more();
    void connect(Client& client);
    void failed(Client& client);
    void lost(Client& client);
    void on_ready(Client& client);
    void read(Client& client);
    void read_slowly();
    void take(Client& client, std::string_view bytes);
    void on_frame(Client& client, std::string_view message);
    void on_greeted(Client& client);
    void on_room_state(Client& client, std::string_view message);
    void on_relayed(Client& client, std::string_view message, std::string_view type);
    void record(const Ledger::Message& message);
    void entered(Client& client);
    void send(Client& client, std::string_view text);
    void write(Client& client, std::string_view bytes);
    void write_rest(Client& client);
    void perform_due();
    void perform(const Action& action, SteadyTime scheduled);
    void perform_visit(const Action& action, SteadyTime scheduled);
    void send_playback(Room& room, Kind kind, SteadyTime scheduled);
    void fill(Room& room);

    boost::asio::io_context& io_;
    boost::asio::ip::tcp::endpoint server_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::vector<std::unique_ptr<Room>> rooms_;
    std::vector<Client*> visitors_;
    std::deque<Client*> to_connect_;
    std::uint32_t at_once_ = 0;
    std::uint32_t on_the_way_ = 0; // connecting, or not in their rooms yet
    std::size_t outside_ = 0;
    std::size_t connected_ = 0;
    bool some_slow_ = false;
    std::vector<Client*> slow_;
    boost::asio::steady_timer slow_timer_;

    boost::asio::steady_timer timer_;
    const std::vector<Action>* actions_ = nullptr;
    std::size_t next_ = 0;
    SteadyTime start_{};
    std::uint32_t chats_on_the_way_ = 0;

    Ledger ledger_;
    std::size_t ledger_base_ = 0; // number of its first message
    Samples samples_;
    SteadyTime read_at_{}; // what is being looked at
    std::array<char, std::size_t{256} * 1024> buffer_{};
    ReadySet ready_;
};

/// Runs `io` until `done` or the time is up; whether it was done.
template <class Done>
bool run_until(boost::asio::io_context& io, SteadyTime give_up, Done done) {
    while (!done()) {
        if (std::chrono::steady_clock::now() >= give_up)
            return false;
        io.run_one_until(give_up);
    }
    return true;
}

} // namespace owp::load
