#include "load/drain.hpp"

#include <boost/asio/buffer.hpp>

namespace owp::load {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Drain::Drain(asio::io_context& io, std::uint16_t port, std::uint32_t connections)
    : ready_{io, [this](std::uint32_t number) { read(number); }}, open_{connections} {
    for (std::uint32_t number = 0; number < connections; ++number) {
        tcp::socket& socket = sockets_.emplace_back(io);
        socket.connect({asio::ip::address_v4::loopback(), port});
        socket.non_blocking(true);
        ready_.add(socket.native_handle(), number);
    }
}

void Drain::read(std::uint32_t number) {
    tcp::socket& socket = sockets_[number];
    error_code error;
    std::size_t read = buffer_.size();
    while (!error && read == buffer_.size()) {
        read = socket.read_some(asio::buffer(buffer_), error);
        bytes_ += read;
    }
    if (!error || error == asio::error::would_block)
        return;
    socket.close(error);
    --open_;
}

} // namespace owp::load
