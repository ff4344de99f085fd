#include "load/drain.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <bit>

namespace owp::load {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

Drain::Drain(asio::io_context& io, std::uint16_t port, std::uint32_t connections,
             std::size_t message_bytes)
    : message_bytes_{message_bytes}, ready_{io, [this](std::uint32_t number) { read(number); }},
      open_{connections} {
    for (std::uint32_t number = 0; number < connections; ++number) {
        receivers_.push_back({.socket = tcp::socket{io}});
        tcp::socket& socket = receivers_.back().socket;
        socket.connect({asio::ip::address_v4::loopback(), port});
        socket.non_blocking(true);
        ready_.add(socket.native_handle(), number);
    }
}

void Drain::read(std::uint32_t number) {
    Receiver& receiver = receivers_[number];
    error_code error;
    std::size_t count = buffer_.size();
    while (!error && count == buffer_.size()) {
        count = receiver.socket.read_some(asio::buffer(buffer_), error);
        bytes_ += count;
        if (message_bytes_ > 0)
            take(receiver, std::span{buffer_}.first(count), steady_clock::now());
    }
    if (!error || error == asio::error::would_block)
        return;
    receiver.socket.close(error);
    --open_;
}

void Drain::take(Receiver& receiver, std::span<const char> bytes, steady_clock::time_point now) {
    std::size_t& begun = receiver.message_begun;
    while (!bytes.empty()) {
        const bool in_due = begun < receiver.due.size();
        const std::size_t part =
            std::min(bytes.size(), (in_due ? receiver.due.size() : message_bytes_) - begun);
        if (in_due)
            std::ranges::copy(bytes.first(part), receiver.due.begin() + begun);
        begun += part;
        bytes = bytes.subspan(part);
        if (in_due && begun == receiver.due.size())
            record(steady_clock::time_point{steady_clock::duration{
                       std::bit_cast<std::int64_t>(receiver.due)}},
                   now);
        if (begun == message_bytes_)
            begun = 0;
    }
}

void Drain::record(steady_clock::time_point due, steady_clock::time_point now) {
    if (each_second_.empty())
        first_due_ = due;
    const auto second =
        static_cast<std::size_t>(std::max(due - first_due_, {}) / std::chrono::seconds{1});
    if (second >= each_second_.size())
        each_second_.resize(second + 1);
    each_second_[second].record(now - due);
}

} // namespace owp::load
