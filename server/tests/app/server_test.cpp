// The whole server in this process, over real sockets: what no part can show alone.
#include "app/server.hpp"

#include "app/shard.hpp"
#include "tests/net/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::app {
namespace {

using net::test::RawClient;
using testing::AllOf;
using testing::HasSubstr;

class ServerTest : public testing::Test {
protected:
    ServerTest() {
        config.host = "127.0.0.1";
        config.port = 0;
        config.watch_page = false;
    }
    void start(std::uint32_t threads = 2) {
        Server::Started started = Server::start(prepare(config), threads);
        ASSERT_EQ(started.error, "");
        server = std::move(started.server);
        port = static_cast<std::uint16_t>(
            std::stoi(server->address().substr(server->address().rfind(':') + 1)));
    }
    [[nodiscard]] std::string get(const std::string& path) const {
        RawClient client{port};
        client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        return client.read_all();
    }
    Config config;
    std::unique_ptr<Server> server;
    std::uint16_t port = 0;
};

/// A v1 client on a raw socket.
class Guest {
public:
    explicit Guest(std::uint16_t port) : client_{port} {
        EXPECT_EQ(net::test::status_of(client_.upgrade()), "101");
        EXPECT_THAT(client_.read_frame().payload, HasSubstr("client_hello"));
    }
    void say(const std::string& type, const std::string& payload = "{}",
             const std::string& room = "") {
        const std::string target = room.empty() ? "" : R"("room":")" + room + R"(",)";
        client_.send_frame(1, R"({"type":")" + type + R"(",)" + target + R"("ts":1,"payload":)" +
                                  payload + "}");
    }
    /// The next message of this type; "" if the connection ends before.
    std::string next(const std::string& type) {
        for (;;) {
            const net::test::WireFrame frame = client_.read_frame();
            if (frame.opcode == 8 || frame.opcode == -1)
                return "";
            if (frame.payload.find(R"("type":")" + type + '"') != std::string::npos)
                return frame.payload;
        }
    }
    std::string create() {
        say("create_room", R"({"start_pos":0})");
        const std::string state = next("room_state");
        const std::size_t at = state.find(R"("room":")");
        return at == std::string::npos ? "" : state.substr(at + 8, 36);
    }
    RawClient& raw() { return client_; }

private:
    RawClient client_;
};

TEST_F(ServerTest, HoldsAPartyWhoseMembersAreOnManyThreads) {
    start(4);
    Guest host{port};
    const std::string room = host.create();
    ASSERT_EQ(room.size(), 36U);
    std::vector<std::unique_ptr<Guest>> guests;
    for (int i = 0; i < 15; ++i) { // SO_REUSEPORT spreads them
        guests.push_back(std::make_unique<Guest>(port));
        guests.back()->say("join_room", "{}", room);
        EXPECT_THAT(guests.back()->next("room_state"), HasSubstr(room));
    }
    host.say("chat_message", R"({"text":"all here?"})", room);
    for (const auto& guest : guests)
        EXPECT_THAT(guest->next("chat_message"), HasSubstr("all here?"));
    host.say("leave_room", "{}", room);
    for (const auto& guest : guests)
        EXPECT_THAT(guest->next("room_closed"), HasSubstr(room));
}

TEST_F(ServerTest, CountsTheRoomsOfAUserWhoseConnectionsAreOnManyThreads) {
    config.rooms_per_user = 2;
    config.jwt_secret = auth::Secret{std::string(32, 'k')};
    start(4);
    const auth::TokenPolicy policy = *token_setup(config).policy;
    const std::string token =
        auth::mint(policy, "u1", "Ann", "t1", Clock{}.now(), std::chrono::hours{1});
    std::vector<std::unique_ptr<Guest>> tabs;
    for (int i = 0; i < 6; ++i) {
        tabs.push_back(std::make_unique<Guest>(port));
        tabs.back()->say("auth", R"({"token":")" + token + "\"}");
        EXPECT_NE(tabs.back()->next("auth_success"), "");
        tabs.back()->say("create_room", R"({"start_pos":0})");
        EXPECT_NE(tabs.back()->next(i < 2 ? "room_state" : "error"), "") << i;
    }
    EXPECT_THAT(get("/metrics"),
                AllOf(HasSubstr("\nowp_rooms 2\n"), HasSubstr("\nowp_sessions 6\n"),
                      HasSubstr("{code=\"ROOM_LIMIT_REACHED\"} 4\n")));
}

TEST_F(ServerTest, AnswersHealthReadinessAndMetrics) {
    start();
    EXPECT_THAT(get("/health"), AllOf(HasSubstr("200 OK"), HasSubstr(R"("status":"ok")")));
    EXPECT_THAT(get("/ready"), HasSubstr("200 OK"));
    EXPECT_THAT(get("/metrics"), HasSubstr("\nowp_rooms 0\n"));
    EXPECT_THAT(get("/"), HasSubstr("404"));
}

TEST_F(ServerTest, SaysWhyItCannotStart) {
    start();
    config.port = port;
    const Server::Started again = Server::start(prepare(config), 1);
    EXPECT_EQ(again.server, nullptr);
    EXPECT_THAT(again.error, AllOf(HasSubstr("in use"), HasSubstr(std::to_string(port))));
    config.jwt_secret_file = "/missing";
    EXPECT_THAT(Server::start(prepare(config), 1).error, HasSubstr("jwt-secret-file"));
}

TEST_F(ServerTest, TellsClientsToComeBackAndIsGoneSoon) {
    start();
    Guest polite{port};
    Guest stubborn{port}; // never answers the close
    const auto since = std::chrono::steady_clock::now();
    server->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds{5});
    EXPECT_EQ(polite.next("room_closed"), "");
    EXPECT_FALSE(RawClient{port}.connected);
    server->stop(); // once more does nothing
}

TEST_F(ServerTest, ReadsTheMediaAgainWhenToldTo) {
    const net::test::TemporaryFolder folder;
    folder.write("page/index.html", "x");
    folder.write("media/a.mp4", "x");
    config.watch_page = true;
    config.web_root = folder.path / "page";
    config.media = folder.path / "media";
    start();
    EXPECT_THAT(get("/media/index.json"), testing::Not(HasSubstr("b.mp4")));
    folder.write("media/b.mp4", "x");
    server->reload(config);
    EXPECT_THAT(get("/media/index.json"), HasSubstr("b.mp4"));
    std::filesystem::remove_all(folder.path / "media");
    server->reload(config); // the old list stays
    EXPECT_THAT(get("/media/index.json"), HasSubstr("b.mp4"));
}

} // namespace
} // namespace owp::app
