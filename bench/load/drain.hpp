// Plain TCP connections that read and drop everything: the other side of bare-send. They read as
// the Crowd does, so that neither sender has the cheaper receivers.
#pragma once

#include "load/histogram.hpp"
#include "load/ready_set.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace owp::load {

class Drain {
public:
    /// Each message has `message_bytes`, and when it was due in its first eight; 0: nobody asks how
    /// long they took.
    Drain(boost::asio::io_context& io, std::uint16_t port, std::uint32_t connections,
          std::size_t message_bytes);

    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    /// From the instant when each message was due, by the second since the first was.
    [[nodiscard]] const std::vector<Histogram>& each_second() const { return each_second_; }
    /// The other side has ended all of them.
    [[nodiscard]] bool ended() const { return open_ == 0; }

private:
    struct Receiver {
        boost::asio::ip::tcp::socket socket;
        std::array<char, sizeof(std::int64_t)> due{}; // of the message that has begun
        std::size_t message_begun = 0;                // bytes of it
    };
    void read(std::uint32_t number);
    void take(Receiver& receiver, std::span<const char> bytes,
              std::chrono::steady_clock::time_point now);
    void record(std::chrono::steady_clock::time_point due,
                std::chrono::steady_clock::time_point now);

    const std::size_t message_bytes_;
    std::deque<Receiver> receivers_;
    ReadySet ready_;
    std::uint32_t open_ = 0;
    std::uint64_t bytes_ = 0;
    std::vector<Histogram> each_second_;
    std::chrono::steady_clock::time_point first_due_{};
    std::array<char, std::size_t{256} * 1024> buffer_{};
};

} // namespace owp::load
