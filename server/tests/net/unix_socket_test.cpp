// A listener on a Unix socket: its file, its threads, its end.
#include "net/unix_socket.hpp"

#include "tests/net/support.hpp"

#include <optional>
#include <sys/stat.h>
#include <sys/un.h>

namespace owp::net::test {
namespace {

const std::string secret(64, 's');

class UnixSocketTest : public testing::Test {
protected:
    ListenOptions options() const {
        ListenOptions given = quick_options();
        given.unix_socket = path;
        given.gateway_secret = secret;
        given.allowed_origins = {"*"};
        given.max_connections_per_address = 1;
        return given;
    }
    [[nodiscard]] RawClient client() const { return RawClient{path}; }
    static std::string gateway(const std::string& address = "203.0.113.7") {
        return "X-OpenWatchParty-Secret: " + secret + "\r\nX-OpenWatchParty-User: u1\r\n" +
               "X-OpenWatchParty-Name: Ann\r\nX-Forwarded-For: " + address + "\r\n";
    }
    TemporaryFolder folder;
    const std::string path = folder.path / "owp.sock";
};

TEST_F(UnixSocketTest, IsForItsOwnerAloneAndGoesWithTheServer) {
    {
        TestServer server{options()};
        struct ::stat found {};
        ASSERT_EQ(::lstat(path.c_str(), &found), 0);
        EXPECT_TRUE(S_ISSOCK(found.st_mode));
        EXPECT_EQ(found.st_mode & 0777U, 0600U);
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(UnixSocketTest, OpensAWebSocketForTheUserThatTheGatewayNames) {
    TestServer server{options()};
    RawClient peer = client();
    EXPECT_EQ(status_of(peer.upgrade(gateway() + "Origin: http://anywhere\r\n")), "101");
    EXPECT_EQ(server.next(), "open:203.0.113.7");
    std::optional<GatewayUser> user;
    server.run([&] { user = server.connections.front()->user; });
    ASSERT_TRUE(user);
    EXPECT_EQ(user->id, "u1");
    EXPECT_EQ(user->name, "Ann");
    peer.send_frame(1, "hello");
    EXPECT_EQ(server.next(), "text:hello");
}

TEST_F(UnixSocketTest, CapsTheAddressThatTheGatewayNames) {
    TestServer server{options()};
    RawClient first = client(), second = client(), third = client();
    EXPECT_EQ(status_of(first.upgrade(gateway())), "101");
    EXPECT_EQ(status_of(second.upgrade(gateway())), "429");
    EXPECT_EQ(status_of(third.upgrade(gateway("203.0.113.8"))), "101");
}

TEST_F(UnixSocketTest, AnswersOnlyWhoKnowsTheSecret) {
    TestServer server{options(), [](const Request& request) {
                          Response response;
                          response.body = "to " + request.remote_address;
                          return response;
                      }};
    RawClient stranger = client();
    stranger.send("GET /health HTTP/1.1\r\nHost: h\r\n\r\n");
    const std::string head = stranger.read_head();
    EXPECT_EQ(status_of(head), "403");
    EXPECT_EQ(header_of(head, "Content-Type"), "application/json");
    EXPECT_TRUE(stranger.read_all().starts_with(R"({"error":")"));
    EXPECT_EQ(server.shared->counters().bad_requests, 1U);
    RawClient friendly = client();
    friendly.send("GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + gateway() + "\r\n");
    EXPECT_TRUE(friendly.read_all().ends_with("to 203.0.113.7"));
    RawClient nameless = client();
    EXPECT_EQ(status_of(nameless.upgrade("X-OpenWatchParty-Secret: " + secret + "\r\n")), "400");
}

TEST_F(UnixSocketTest, ServesOnEveryThread) {
    TestServer first{options()};
    std::optional<Server> second; // lives and dies on its thread, as each does
    first.run([&] {
        EXPECT_EQ(second.emplace(first.io, first.shared, Handlers{}).listen(), std::nullopt);
    });
    for (int i = 0; i < 8; ++i) {
        RawClient peer = client();
        EXPECT_EQ(status_of(peer.upgrade(gateway("203.0.113." + std::to_string(i + 1)))), "101");
    }
    first.run([&] { second.reset(); });
}

TEST_F(UnixSocketTest, RefusesNewConnectionsOnceItStopsAndFreesThePlace) {
    TestServer server{options()};
    RawClient open = client();
    EXPECT_EQ(status_of(open.upgrade(gateway())), "101");
    server.run([&] { server.server->stop(5s, {}); });
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_FALSE(client().connected);
    TestServer next{options()}; // before the old one is gone
    EXPECT_TRUE(client().connected);
}

TEST_F(UnixSocketTest, ReplacesASocketThatNobodyHolds) {
    const UnixSocket left = open_unix_socket(path);
    ASSERT_EQ(left.error, "");
    ::close(left.descriptor); // as after SIGKILL: the file stays
    ASSERT_TRUE(std::filesystem::exists(path));
    TestServer server{options()};
    EXPECT_TRUE(client().connected);
}

TEST_F(UnixSocketTest, LeavesAloneWhatIsNotItsOwn) {
    {
        TestServer server{options()};
        EXPECT_NE(Shared::open(options()).error.find("another server"), std::string::npos);
        EXPECT_TRUE(client().connected) << "the first goes on";
    }
    folder.write("owp.sock", "precious");
    EXPECT_NE(Shared::open(options()).error.find("not a socket"), std::string::npos);
    EXPECT_EQ(std::filesystem::file_size(path), 8U);
    std::filesystem::remove(path);
    std::filesystem::create_symlink(folder.write("target", "x"), path);
    EXPECT_NE(Shared::open(options()).error.find("not a socket"), std::string::npos);
}

TEST_F(UnixSocketTest, SaysWhatIsWrongWithThePath) {
    ListenOptions given = options();
    given.unix_socket = folder.path / std::string(120, 'x');
    EXPECT_NE(Shared::check(given)->find("at most 107 bytes"), std::string::npos);
    EXPECT_NE(Shared::open(given).error.find("at most 107 bytes"), std::string::npos);
    given.unix_socket = folder.path / "missing/owp.sock";
    EXPECT_EQ(Shared::check(given), std::nullopt);
    EXPECT_NE(Shared::open(given).error.find("No such file"), std::string::npos);
}

} // namespace
} // namespace owp::net::test
