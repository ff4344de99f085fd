// Plain TCP connections that read and drop everything: the other side of bare-send.
#pragma once

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
    using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                    boost::asio::io_context::executor_type>;
    void await_bytes(Socket& socket);

    std::deque<Socket> sockets_;
    std::uint32_t open_ = 0;
    std::uint64_t bytes_ = 0;
    std::array<char, 256 * 1024> buffer_{};
};

} // namespace owp::load
