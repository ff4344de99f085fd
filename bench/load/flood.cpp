#include "load/flood.hpp"

#include "load/wire.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace owp::load {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr auto tick_length = 10ms;
constexpr std::size_t ticks_apart = 10; // of one abuser
constexpr auto retry_after = 100ms;
constexpr std::size_t block_messages = 100; // of one write

std::string block(Opcode opcode, std::string_view text) {
    std::string frames;
    for (std::size_t i = 0; i < block_messages; ++i)
        append_frame(frames, opcode, text);
    return frames;
}

/// Ways to be a nuisance.
const std::vector<std::string>& blocks() {
    static const std::vector<std::string> made{
        block(Opcode::text, chat_text("00000000-0000-4000-8000-000000000000", 0)),
        block(Opcode::text, R"({"type":[[[[[[[[[[[[[[[[[{"no":1e999,"end":"\ud800)"),
        block(Opcode::text, create_room_text()),
        block(Opcode::text, R"({"type":"list_rooms","payload":{},"ts":0})"),
        block(Opcode::ping, "are you there, are you there, are you there")};
    return made;
}

} // namespace

Flood::Flood(std::uint16_t port, std::uint32_t connections, std::uint32_t messages_per_second_each)
    : server_{asio::ip::address_v4::loopback(), port},
      each_turn_{messages_per_second_each *
                 std::chrono::duration<double>{ticks_apart * tick_length}.count()} {
    for (std::uint32_t i = 0; i < connections; ++i) {
        Abuser& abuser = abusers_.emplace_back(io_);
        abuser.way = i % blocks().size();
        connect(abuser);
    }
    timer_.expires_after(tick_length);
    tick();
    thread_ = std::thread{[this] {
        // Abusers have machines of their own: here they get what the others leave of the cores
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
        io_.run();
    }};
}

Flood::Totals Flood::end() {
    stop_ = true;
    if (thread_.joinable())
        thread_.join();
    return totals_;
}

void Flood::connect(Abuser& abuser) {
    error_code error;
    abuser.socket.close(error);
    abuser.sent_of_block = 0;
    abuser.owed = 0;
    abuser.socket.async_connect(server_, [this, &abuser](error_code failure) {
        error_code ignored;
        if (!failure) {
            abuser.socket.non_blocking(true, ignored);
            // What follows does not wait for the answer: it would not be polite.
            asio::write(abuser.socket, asio::buffer(upgrade_request()), failure);
        }
        if (failure) {
            ++totals_.refused;
            return later(abuser);
        }
        abuser.open = true;
        discard(abuser);
    });
}

void Flood::later(Abuser& abuser) {
    abuser.open = false;
    auto timer = std::make_shared<asio::steady_timer>(io_, retry_after);
    timer->async_wait([this, &abuser, timer](error_code) {
        if (!stop_)
            connect(abuser);
    });
}

void Flood::discard(Abuser& abuser) {
    abuser.socket.async_wait(tcp::socket::wait_read, [this, &abuser](error_code error) {
        while (!error)
            abuser.socket.read_some(asio::buffer(sink_), error);
        if (stop_)
            return;
        if (error == asio::error::would_block)
            return discard(abuser);
        ++totals_.closed;
        later(abuser);
    });
}

void Flood::tick() {
    timer_.async_wait([this](error_code) {
        if (stop_)
            return io_.stop();
        for (std::size_t i = ticks_++ % ticks_apart; i < abusers_.size(); i += ticks_apart)
            if (Abuser& abuser = abusers_[i]; abuser.open) {
                // What could not be said is not made up for later: the next second has its own.
                abuser.owed = std::min(abuser.owed + each_turn_, 10 * each_turn_);
                pour(abuser);
            }
        timer_.expires_at(
            std::max(timer_.expiry() + tick_length, std::chrono::steady_clock::now()));
        tick();
    });
}

void Flood::pour(Abuser& abuser) {
    const std::string& block = blocks()[abuser.way];
    while (abuser.owed >= block_messages) {
        error_code error;
        abuser.sent_of_block +=
            abuser.socket.write_some(asio::buffer(block) + abuser.sent_of_block, error);
        if (abuser.sent_of_block < block.size())
            return; // no room, or broken, which the read tells
        abuser.sent_of_block = 0;
        abuser.owed -= block_messages;
        totals_.messages += block_messages;
    }
}

} // namespace owp::load
