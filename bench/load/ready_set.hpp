// Which of many sockets have something to read, or room to write. A wait of Asio's for one socket
// costs an epoll_ctl, locks and a handler each time; here a socket is registered once, so that the
// generator weighs less beside the server it measures.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdint>
#include <functional>

namespace owp::load {

class ReadySet {
public:
    /// `on_ready` is called on `io` with the number of each socket that has become readable or
    /// writable since it was last told (edge-triggered, epoll(7)).
    ReadySet(boost::asio::io_context& io, std::function<void(std::uint32_t number)> on_ready);

    /// From here until the socket is closed. Throws std::system_error.
    void add(int socket, std::uint32_t number);

private:
    void wait();
    void serve();

    std::function<void(std::uint32_t number)> on_ready_;
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> epoll_;
};

} // namespace owp::load
