// stub-server: relays as much of v1 as the load generator uses, with faults of known size. What the
// generator reports of them is what its truth is judged by. Flags that it does not know it ignores,
// so that it can be started like owp-server.
#include "load/wire.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using owp::load::Opcode;
using Clock = std::chrono::steady_clock;

struct Faults {
    unsigned delay_ms = 0;     // of every relayed message
    unsigned stall_ms = 0;     // once a second nothing is done for so long
    unsigned drop_every = 0;   // of so many deliveries one is dropped
    unsigned double_every = 0; // of so many deliveries one is sent twice
    unsigned burn_us = 0;      // of CPU for each delivery
    unsigned kib_each = 0;     // of memory, touched and kept, for each connection
};
Faults faults;
std::uint64_t deliveries = 0;

std::string server_frame(std::string_view text) {
    std::string frame{'\x81'};
    if (text.size() < 126) {
        frame.push_back(static_cast<char>(text.size()));
    } else {
        frame.push_back(126);
        frame.push_back(static_cast<char>(text.size() >> 8));
        frame.push_back(static_cast<char>(text.size() & 0xff));
    }
    return frame.append(text);
}

void burn(std::chrono::microseconds time) {
    const std::clock_t until =
        std::clock() + static_cast<std::clock_t>(time.count() * CLOCKS_PER_SEC / 1'000'000);
    while (std::clock() < until) {
    }
}

struct Session;
std::map<std::string, std::set<Session*>> rooms;

struct Session : std::enable_shared_from_this<Session> {
    explicit Session(tcp::socket given) : socket{std::move(given)} {
        kept.assign(std::size_t{faults.kib_each} * 1024, 'x');
    }
    ~Session() { leave(); }

    void start() {
        asio::async_read_until(
            socket, asio::dynamic_buffer(bytes), "\r\n\r\n",
            [this, self = shared_from_this()](error_code error, std::size_t head) {
                if (error)
                    return;
                bytes.erase(0, head);
                write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
                say(R"({"type":"client_hello","payload":{},"ts":1,"server_ts":1})");
                read();
            });
    }

    void read() {
        socket.async_read_some(asio::buffer(buffer),
                               [this, self = shared_from_this()](error_code error, std::size_t n) {
                                   if (error)
                                       return leave();
                                   bytes.append(buffer.data(), n);
                                   take();
                                   read();
                               });
    }

    void take() {
        std::string_view rest = bytes;
        // Its frames are the client's: masked, but with zeros, so four bytes more and no other
        while (rest.size() >= 2) {
            const auto short_length = static_cast<unsigned char>(rest[1]) & 0x7f;
            const std::size_t head = short_length < 126 ? 2 : 4;
            if (rest.size() < head + 4)
                break;
            std::string unmasked{rest.substr(0, head)};
            unmasked[1] = static_cast<char>(short_length);
            unmasked.append(rest.substr(head + 4));
            std::string_view frames = unmasked;
            const auto frame = owp::load::take_frame(frames);
            if (!frame)
                break;
            if (frame->opcode == Opcode::text)
                on_text(std::string{frame->payload});
            rest.remove_prefix(head + 4 + frame->payload.size());
        }
        bytes.erase(0, bytes.size() - rest.size());
    }

    void on_text(const std::string& text) {
        const std::string_view type = owp::load::type_of(text);
        if (type == "create_room" || type == "join_room") {
            leave();
            static unsigned created = 0;
            room = type == "create_room" ? "room-" + std::to_string(created++)
                                         : std::string{owp::load::text_field(text, "room")};
            rooms[room].insert(this);
            say(R"({"type":"room_state","room":")" + room + R"(","payload":{},"server_ts":1})");
        } else if (type == "leave_room") {
            leave();
        } else if (type == "ping") {
            std::string pong = text;
            say(pong.replace(pong.find("ping"), 4, "pong"));
        } else if (type != "ready") {
            relay(text, type == "chat_message");
        }
    }

    void relay(const std::string& text, bool to_sender) {
        const auto frame = std::make_shared<const std::string>(server_frame(text));
        const auto deliver = [frame, to_sender, from = this, in = room] {
            for (Session* member : rooms[in])
                if (to_sender || member != from)
                    member->deliver(*frame);
        };
        if (faults.delay_ms == 0)
            return deliver();
        auto later = std::make_shared<asio::steady_timer>(
            socket.get_executor(), std::chrono::milliseconds{faults.delay_ms});
        later->async_wait([deliver, later](error_code) { deliver(); });
    }

    void deliver(const std::string& frame) {
        ++deliveries;
        if (faults.burn_us != 0)
            burn(std::chrono::microseconds{faults.burn_us});
        if (faults.drop_every != 0 && deliveries % faults.drop_every == 0)
            return;
        write(frame);
        if (faults.double_every != 0 && deliveries % faults.double_every == 0)
            write(frame);
    }

    void say(std::string_view text) { write(server_frame(text)); }
    void write(std::string_view wire) {
        error_code ignored; // the read that is under way tells
        asio::write(socket, asio::buffer(wire.data(), wire.size()), ignored);
    }
    void leave() {
        if (!room.empty())
            rooms[room].erase(this);
        room.clear();
    }

    tcp::socket socket;
    std::string room;
    std::string bytes;
    std::string kept;
    std::array<char, std::size_t{16} * 1024> buffer{};
};

void accept(tcp::acceptor& acceptor) {
    acceptor.async_accept([&acceptor](error_code error, tcp::socket socket) {
        if (!error)
            std::make_shared<Session>(std::move(socket))->start();
        accept(acceptor);
    });
}

void stall_each_second(asio::steady_timer& timer) {
    timer.expires_after(std::chrono::seconds{1});
    timer.async_wait([&timer](error_code) {
        std::this_thread::sleep_for(std::chrono::milliseconds{faults.stall_ms});
        stall_each_second(timer);
    });
}

} // namespace

int main(int argc, char** argv) {
    const std::map<std::string_view, unsigned*> flags{
        {"--delay-ms", &faults.delay_ms},     {"--stall-ms", &faults.stall_ms},
        {"--drop-every", &faults.drop_every}, {"--double-every", &faults.double_every},
        {"--burn-us", &faults.burn_us},       {"--kib-each", &faults.kib_each}};
    for (int i = 1; i + 1 < argc; ++i)
        if (const auto flag = flags.find(argv[i]); flag != flags.end()) {
            const std::string_view value{argv[i + 1]};
            std::from_chars(value.data(), value.data() + value.size(), *flag->second);
        }
    asio::io_context io{1};
    tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    static_cast<void>(
        std::printf("Listening on http://127.0.0.1:%d\n", acceptor.local_endpoint().port()));
    static_cast<void>(std::fflush(stdout));
    accept(acceptor);
    asio::steady_timer staller{io};
    if (faults.stall_ms != 0)
        stall_each_second(staller);
    io.run();
}
