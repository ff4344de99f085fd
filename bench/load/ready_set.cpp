#include "load/ready_set.hpp"

#include <boost/asio/post.hpp>

#include <array>
#include <cerrno>
#include <cstddef>
#include <span>
#include <sys/epoll.h>
#include <system_error>
#include <utility>

namespace owp::load {
namespace {

constexpr std::size_t served_at_once = 64; // then what is due to be sent gets its turn

} // namespace

ReadySet::ReadySet(boost::asio::io_context& io, std::function<void(std::uint32_t number)> on_ready)
    : on_ready_{std::move(on_ready)}, epoll_{io} {
    const int set = ::epoll_create1(EPOLL_CLOEXEC);
    if (set < 0)
        throw std::system_error{errno, std::generic_category(), "epoll_create1"};
    epoll_.assign(set);
    wait();
}

void ReadySet::add(int socket, std::uint32_t number) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u32 = number;
    if (::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, socket, &event) != 0)
        throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
}

void ReadySet::wait() {
    epoll_.async_wait(decltype(epoll_)::wait_read, [this](boost::system::error_code error) {
        if (!error)
            serve();
    });
}

void ReadySet::serve() {
    std::array<epoll_event, served_at_once> events;
    const int ready = ::epoll_wait(epoll_.native_handle(), events.data(), served_at_once, 0);
    const auto count = static_cast<std::size_t>(ready < 0 ? 0 : ready);
    for (const epoll_event& event : std::span{events}.first(count))
        on_ready_(event.data.u32);
    if (count < served_at_once)
        return wait();
    boost::asio::post(epoll_.get_executor(), [this] { serve(); });
}

} // namespace owp::load
