// What it costs the whole server, over real sockets, to relay one message to a room: once it has
// run for a while, no memory.
#include "app/server.hpp"
#include "tests/allocations/counting.hpp"
#include "tests/net/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace owp::app {
namespace {

using net::test::RawClient;

constexpr int guests = 19;
constexpr std::uint64_t messages = 400;
/// So many at least must show what a message alone takes: beside the others something came by the
/// clock (timers, the second's work, the list of rooms). If a message took more, all would.
constexpr std::ptrdiff_t undisturbed_min = messages / 20;

/// A v1 client on a raw socket.
class Peer {
public:
    explicit Peer(std::uint16_t port) : client_{port} { client_.upgrade(); }
    void say(std::string_view type, std::string_view payload, const std::string& room = "") {
        const std::string target = room.empty() ? "" : R"("room":")" + room + R"(",)";
        client_.send_frame(1, R"({"type":")" + std::string{type} + R"(",)" + target +
                                  R"("ts":1,"payload":)" + std::string{payload} + "}");
    }
    std::string next(std::string_view type) {
        const std::string wanted = R"("type":")" + std::string{type} + '"';
        for (;;) {
            const net::test::WireFrame frame = client_.read_frame();
            if (frame.opcode == 8 || frame.opcode == -1)
                return "";
            if (frame.payload.find(wanted) != std::string::npos)
                return frame.payload;
        }
    }

private:
    RawClient client_;
};

class RelayTest : public testing::Test {
protected:
    RelayTest() {
        test::leave_this_thread_out();
        Config config;
        config.host = "127.0.0.1";
        config.port = 0;
        config.watch_page = false;
        config.messages_per_second = 10'000;
        config.ping_interval = std::chrono::hours{1};
        config.dead_after = std::chrono::hours{3};
        Server::Started started = Server::start(prepare(config), 2);
        EXPECT_EQ(started.error, "");
        server = std::move(started.server);
        const std::string address = server->address();
        port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));

        host = std::make_unique<Peer>(port);
        host->say("create_room", R"({"start_pos":0,"user_name":"The host"})");
        const std::string state = host->next("room_state");
        room = state.substr(state.find(R"("room":")") + 8, 36);
        for (int i = 0; i < guests; ++i) {
            members.push_back(std::make_unique<Peer>(port));
            members.back()->say("join_room", R"({"user_name":"A guest"})", room);
            EXPECT_NE(members.back()->next("room_state"), "");
        }
    }
    /// Sends the messages, each when all have the one before; returns what the server allocated
    /// for each.
    template <class Payload>
    std::vector<std::uint64_t> relay(std::string_view type, bool back_to_host, Payload payload) {
        std::vector<std::uint64_t> allocated;
        for (std::uint64_t i = 0; i < messages; ++i) {
            const std::uint64_t before = test::allocations();
            host->say(type, payload(i), room);
            for (const auto& member : members)
                EXPECT_NE(member->next(type), "");
            if (back_to_host) {
                EXPECT_NE(host->next(type), "");
            }
            allocated.push_back(test::allocations() - before);
        }
        return allocated;
    }

    std::unique_ptr<Server> server;
    std::uint16_t port = 0;
    std::unique_ptr<Peer> host;
    std::vector<std::unique_ptr<Peer>> members;
    std::string room;
};

TEST_F(RelayTest, AReportOfTheHostTakesNoMemory) {
    const auto report = [](std::uint64_t i) {
        return i % 2 == 0 ? R"({"position":10.5,"play_state":"playing"})"
                          : R"({"position":10.5,"play_state":"paused"})"; // a change always passes
    };
    relay("state_update", false, report); // what is kept has to be made first
    EXPECT_GE(std::ranges::count(relay("state_update", false, report), 0U), undisturbed_min);
}

TEST_F(RelayTest, AChatTakesMemoryForItsTextAlone) {
    const auto chat = [](std::uint64_t) {
        return R"({"text":"Longer than what a string has room for"})";
    };
    relay("chat_message", true, chat);
    const std::vector<std::uint64_t> allocated = relay("chat_message", true, chat);
    EXPECT_GE(std::ranges::count(allocated, 1U), undisturbed_min);
    EXPECT_EQ(std::ranges::count(allocated, 0U), 0) << "what takes memory is counted";
}

} // namespace
} // namespace owp::app
