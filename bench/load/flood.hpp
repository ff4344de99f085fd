// Connections that abuse the server as hard as it lets them: each says a hundred times what its
// rate limit allows, in five ways, and comes back when it is thrown out. A thread of its own,
// last in line for the cores, and one abuser after another, so that the party beside it is not
// measured late.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <string>
#include <thread>

namespace owp::load {

class Flood {
public:
    struct Totals {
        std::uint64_t messages = 0; // that the kernel took
        std::uint64_t closed = 0;   // by the server
        std::uint64_t refused = 0;  // connections and handshakes
    };

    /// Begins.
    Flood(std::uint16_t port, std::uint32_t connections, std::uint32_t messages_per_second_each);
    ~Flood() { end(); }
    Flood(const Flood&) = delete;
    Flood& operator=(const Flood&) = delete;

    /// Ends it and says how much it was.
    Totals end();

private:
    struct Abuser {
        explicit Abuser(boost::asio::io_context& io) : socket{io} {}
        boost::asio::ip::tcp::socket socket;
        std::size_t way = 0;
        double owed = 0; // messages that it should have sent by now
        std::size_t sent_of_block = 0;
        bool open = false;
    };

    void connect(Abuser& abuser);
    void later(Abuser& abuser);
    void discard(Abuser& abuser);
    void tick();
    void pour(Abuser& abuser);

    boost::asio::io_context io_{1};
    boost::asio::steady_timer timer_{io_};
    const boost::asio::ip::tcp::endpoint server_;
    const double each_turn_;
    std::size_t ticks_ = 0;
    std::deque<Abuser> abusers_;
    std::array<char, std::size_t{16} * 1024> sink_{};
    Totals totals_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

} // namespace owp::load
