#include "load/drain.hpp"

#include <boost/asio/buffer.hpp>

namespace owp::load {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Drain::Drain(asio::io_context& io, std::uint16_t port, std::uint32_t connections)
    : open_{connections} {
    for (std::uint32_t i = 0; i < connections; ++i) {
        Socket& socket = sockets_.emplace_back(io);
        socket.connect({asio::ip::address_v4::loopback(), port});
        socket.non_blocking(true);
        await_bytes(socket);
    }
}

void Drain::await_bytes(Socket& socket) {
    socket.async_wait(tcp::socket::wait_read, [this, &socket](error_code error) {
        std::size_t read = buffer_.size();
        while (!error && read == buffer_.size()) {
            read = socket.read_some(asio::buffer(buffer_), error);
            bytes_ += read;
        }
        if (!error || error == asio::error::would_block)
            return await_bytes(socket);
        socket.close(error);
        --open_;
    });
}

} // namespace owp::load
