#include "load/probe.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>

#include <array>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace owp::load {
namespace {

constexpr std::chrono::milliseconds period{5};

std::int64_t now_ns() {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds{1};
}

} // namespace

Probe::Probe(boost::asio::io_context& io) : end_{io} {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::runtime_error{"no socket pair"};
    end_.assign(ends[0]);
    other_end_ = ends[1];
    writer_ = std::thread{[this] {
        while (!stop_) {
            std::this_thread::sleep_for(period);
            const std::int64_t now = now_ns();
            ::send(other_end_, &now, sizeof now, MSG_DONTWAIT); // full: nobody reads just now
        }
    }};
    read();
}

Probe::~Probe() {
    stop_ = true;
    writer_.join();
    ::close(other_end_);
}

Histogram Probe::take() {
    return std::exchange(waits_, {});
}

void Probe::read() {
    boost::asio::async_read(end_, boost::asio::buffer(&written_ns_, sizeof written_ns_),
                            [this](boost::system::error_code error, std::size_t) {
                                if (error)
                                    return;
                                waits_.record(std::chrono::nanoseconds{now_ns() - written_ns_});
                                read();
                            });
}

} // namespace owp::load
