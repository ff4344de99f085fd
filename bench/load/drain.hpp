// Plain TCP connections that read and drop everything: the other side of bare-send. They read as the
// Crowd does, so that neither sender has the cheaper receivers.
#pragma once

#include "load/ready_set.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstdint>
#include <deque>

namespace owp::load {

class Drain {
public:
    Drain(boost::asio::io_context& io, std::uint16_t port, std::uint32_t connections);

    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    /// The other side has ended all of them.
    [[nodiscard]] bool ended() const { return open_ == 0; }

private:
    void read(std::uint32_t number);

    std::deque<boost::asio::ip::tcp::socket> sockets_;
    ReadySet ready_;
    std::uint32_t open_ = 0;
    std::uint64_t bytes_ = 0;
    std::array<char, 256 * 1024> buffer_{};
};

} // namespace owp::load
