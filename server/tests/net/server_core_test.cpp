// The listener over real sockets: the port, the caps, trusted proxies, several threads, the end.
#include "tests/net/support.hpp"

namespace owp::net::test {
namespace {

TEST(Server, SaysThatAPortIsInUse) {
    TestServer server;
    ListenOptions options = quick_options();
    options.port = server.shared->port();
    const auto second = Shared::open(options);
    EXPECT_EQ(second.shared, nullptr);
    EXPECT_NE(second.error.find("in use"), std::string::npos) << second.error;
    EXPECT_NE(second.error.find(std::to_string(options.port)), std::string::npos);
}

TEST(Server, SaysWhatIsWrongWithItsOptions) {
    const auto error = [](auto change) {
        ListenOptions options = quick_options();
        change(options);
        return Shared::open(options).error;
    };
    EXPECT_NE(error([](auto& o) { o.address = "nowhere"; }).find("nowhere"), std::string::npos);
    EXPECT_NE(error([](auto& o) { o.address = "192.0.2.1"; }).find("192.0.2.1"), std::string::npos);
    EXPECT_NE(error([](auto& o) { o.trusted_proxies = {"10/x"}; }).find("10/x"), std::string::npos);
    EXPECT_NE(error([](auto& o) { o.tls_key_file = "k"; }), "");
    EXPECT_NE(error([](auto& o) {
                  o.tls_certificate_file = "/missing.pem";
                  o.tls_key_file = "/missing.key";
              }).find("/missing.pem"),
              std::string::npos);
    EXPECT_EQ(error([](auto& o) { o.address = "localhost"; }), "");
    EXPECT_EQ(error([](auto& o) { o.address = "::1"; }), "");
}

TEST(Server, SharesThePortAndTheCapsBetweenThreads) {
    ListenOptions options = quick_options();
    options.max_connections = 20;
    TestServer first{options};
    // A second listener of the same Shared, on a thread of its own.
    boost::asio::io_context io{1};
    std::atomic<int> opened{0};
    Handlers handlers;
    handlers.on_open = [&](Connection&) { ++opened; };
    auto second = std::make_unique<Server>(io, first.shared, std::move(handlers));
    ASSERT_EQ(second->listen(), std::nullopt);
    std::thread thread{[&] { io.run(); }};

    std::vector<RawClient> clients;
    for (int i = 0; i < 20; ++i) {
        clients.emplace_back(first);
        EXPECT_EQ(status_of(clients.back().upgrade()), "101");
    }
    EXPECT_EQ(first.shared->counters().open_websockets, 20u);
    RawClient more{first};
    EXPECT_EQ(status_of(more.upgrade()), "503");
    std::size_t on_first = 0;
    first.run([&] { on_first = first.connections.size(); });
    EXPECT_EQ(on_first + static_cast<std::size_t>(opened), 20u);

    std::promise<void> gone;
    boost::asio::post(io, [&] {
        second.reset();
        gone.set_value();
    });
    gone.get_future().wait();
    thread.join(); // nothing is left that keeps the loop
}

TEST(Server, BoundsWebSocketsAndStillAnswersRequests) {
    ListenOptions options = quick_options();
    options.max_connections = 2;
    TestServer server{options, [](const Request&) { return Response{}; }};
    RawClient one{server}, two{server}, three{server}, health{server};
    EXPECT_EQ(status_of(one.upgrade()), "101");
    EXPECT_EQ(status_of(two.upgrade()), "101");
    const std::string refused = three.upgrade();
    EXPECT_EQ(status_of(refused), "503");
    EXPECT_NE(header_of(refused, "Retry-After"), "");
    health.send("GET /health HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(health.read_head()), "200");
    // One leaves, one may come.
    one.send_frame(8, "");
    one.finish_sending();
    one.read_all();
    EXPECT_TRUE(server.settles_at(3) || server.settles_at(2));
    RawClient four{server};
    EXPECT_EQ(status_of(four.upgrade()), "101");
}

TEST(Server, BoundsWebSocketsPerAddress) {
    ListenOptions options = quick_options();
    options.max_connections_per_address = 2;
    TestServer server{options};
    RawClient one{server}, two{server}, three{server}, other{server, 0, "127.0.0.2"};
    EXPECT_EQ(status_of(one.upgrade()), "101");
    EXPECT_EQ(status_of(two.upgrade()), "101");
    EXPECT_EQ(status_of(three.upgrade()), "429");
    EXPECT_EQ(status_of(other.upgrade()), "101");
}

TEST(Server, ClosesWhatExceedsAllCapsAtOnce) {
    ListenOptions options = quick_options();
    options.max_connections_per_address = 1;
    options.max_http_connections_per_address = 1;
    TestServer server{options};
    RawClient one{server}, two{server};
    EXPECT_TRUE(server.settles_at(2));
    RawClient three{server}, other{server, 0, "127.0.0.2"};
    EXPECT_EQ(three.upgrade(), "");
    EXPECT_EQ(status_of(other.upgrade()), "101");
    EXPECT_EQ(server.shared->counters().refused_full, 1u);
}

TEST(Server, TakesTheClientsAddressFromTrustedProxies) {
    ListenOptions options = quick_options();
    options.trusted_proxies = {"127.0.0.1"};
    options.max_connections_per_address = 1;
    TestServer server{options};
    RawClient one{server}, two{server}, three{server}, forger{server, 0, "127.0.0.2"};
    EXPECT_EQ(status_of(one.upgrade("X-Forwarded-For: 6.6.6.6, 2.2.2.2\r\n")), "101");
    EXPECT_EQ(server.next(), "open:2.2.2.2");
    EXPECT_EQ(status_of(two.upgrade("X-Forwarded-For: 2.2.2.2\r\n")), "429");
    EXPECT_EQ(status_of(three.upgrade("X-Forwarded-For: 3.3.3.3\r\n")), "101");
    EXPECT_EQ(server.next(), "open:3.3.3.3");
    EXPECT_EQ(status_of(forger.upgrade("X-Forwarded-For: 4.4.4.4\r\n")), "101");
    EXPECT_EQ(server.next(), "open:127.0.0.2");
}

TEST(Server, ListensOnIpv6AndIpv4AtOnce) {
    ListenOptions options = quick_options();
    options.address = "::";
    TestServer server{options};
    RawClient client{server}; // by IPv4
    EXPECT_EQ(status_of(client.upgrade()), "101");
    EXPECT_EQ(server.next(), "open:127.0.0.1");
}

/// Sends "x" once in each of `turns` turns of the loop, then calls `then`.
void send_in_turns(TestServer& server, Connection& connection, int turns,
                   std::function<void()> then) {
    // Before the send, so that the next turn stands ahead of the flush that the send asks for
    if (turns > 1)
        boost::asio::post(server.io, [&server, &connection, turns, then] {
            send_in_turns(server, connection, turns - 1, then);
        });
    connection.send(Frame::text("x"));
    if (turns == 1)
        then();
}

TEST(Server, LetsWhatTurnsInARowSendLeaveTogether) {
    TestServer server;
    RawClient client{server};
    client.upgrade();
    EXPECT_EQ(server.next(), "open:127.0.0.1");
    constexpr int turns = 8;
    constexpr std::size_t frame_bytes = 3;
    std::size_t waiting = 0;
    // A machine that stops for the longest wait lets some leave: then once more
    for (int attempt = 0; attempt < 20 && waiting != turns * frame_bytes; ++attempt) {
        std::promise<void> done;
        boost::asio::post(server.io, [&] {
            Connection& connection = *server.connections.front();
            send_in_turns(server, connection, turns, [&] {
                waiting = server.server->queued_bytes();
                done.set_value();
            });
        });
        ASSERT_EQ(done.get_future().wait_for(patience), std::future_status::ready);
        EXPECT_EQ(client.read(turns * frame_bytes).size(), turns * frame_bytes);
    }
    EXPECT_EQ(waiting, turns * frame_bytes);
}

TEST(Server, SendsEvenIfItIsNeverQuiet) {
    TestServer server;
    RawClient client{server};
    client.upgrade();
    EXPECT_EQ(server.next(), "open:127.0.0.1");
    std::atomic<bool> enough{false};
    std::promise<void> done;
    std::function<void()> turn = [&] {
        if (enough)
            return done.set_value();
        Connection& connection = *server.connections.front();
        if (server.server->queued_bytes() < 1000)
            connection.send(Frame::text("x"));
        boost::asio::post(server.io, turn);
    };
    boost::asio::post(server.io, turn);
    EXPECT_EQ(client.read_frame().payload, "x");
    enough = true;
    ASSERT_EQ(done.get_future().wait_for(patience), std::future_status::ready);
}

TEST(Server, StopsGracefully) {
    TestServer server{quick_options(), [](const Request&) { return Response{}; }};
    RawClient polite{server}, idle{server}, half{server};
    EXPECT_EQ(status_of(polite.upgrade()), "101");
    EXPECT_EQ(server.next(), "open:127.0.0.1");
    idle.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    idle.read_head();
    half.send("GET / HT");
    EXPECT_TRUE(server.settles_at(3));

    std::promise<void> done;
    server.run([&] { server.server->stop(5s, [&] { done.set_value(); }); });
    EXPECT_EQ(server.next(), "close:1012:us");
    EXPECT_EQ(polite.read_close(), "1012");
    polite.send_frame(8, std::string{"\x03\xf4"});
    polite.finish_sending();
    EXPECT_EQ(done.get_future().wait_for(4s), std::future_status::ready);
    EXPECT_FALSE(RawClient{server}.connected && RawClient{server}.upgrade() != "");
    EXPECT_EQ(server.shared->counters().open_connections, 0u);
    server.thread.join(); // and nothing is left that keeps the loop
}

TEST(Server, StopsHardWhenTheBoundIsReached) {
    ListenOptions options = quick_options();
    options.close_timeout = 60s;
    TestServer server{options};
    RawClient stubborn{server};
    EXPECT_EQ(status_of(stubborn.upgrade()), "101");
    std::promise<void> done;
    server.run([&] { server.server->stop(200ms, [&] { done.set_value(); }); });
    EXPECT_EQ(done.get_future().wait_for(patience), std::future_status::ready);
}

TEST(Server, StopsAtOnceWithoutConnections) {
    TestServer server;
    std::promise<void> done;
    server.run([&] { server.server->stop(60s, [&] { done.set_value(); }); });
    EXPECT_EQ(done.get_future().wait_for(patience), std::future_status::ready);
}

TEST(Server, FinishesAnAnswerBeforeItStops) {
    TemporaryFolder folder;
    const auto file = folder.write("film.mp4", std::string(3'000'000, 'x'));
    TestServer server{quick_options(), [&](const Request&) {
                          Response response;
                          response.body = FileBody{file};
                          return response;
                      }};
    RawClient client{server};
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    client.read_head();
    std::promise<void> done;
    server.run([&] { server.server->stop(30s, [&] { done.set_value(); }); });
    EXPECT_EQ(client.read(3'000'000).size(), 3'000'000u);
    client.finish_sending();
    EXPECT_EQ(done.get_future().wait_for(patience), std::future_status::ready);
}

TEST(Server, TakesManyConnectionsThatComeAndGo) {
    ListenOptions options = quick_options();
    options.max_connections_per_address = 1000;
    options.max_http_connections_per_address = 1000;
    TestServer server{options};
    server.on_text = [&](Connection&, std::string_view text) {
        for (Connection* each : server.connections)
            each->send(Frame::text(text));
    };
    for (int round = 0; round < 5; ++round) {
        std::vector<RawClient> clients;
        for (int i = 0; i < 50; ++i) {
            clients.emplace_back(server);
            ASSERT_EQ(status_of(clients.back().upgrade()), "101");
        }
        clients.front().send_frame(1, "to all");
        for (auto& client : clients)
            ASSERT_EQ(client.read_frame().payload, "to all");
    }
    EXPECT_TRUE(server.settles_at(0));
    EXPECT_EQ(server.shared->counters().open_websockets, 0u);
    EXPECT_EQ(server.shared->counters().accepted, 250u);
}

} // namespace
} // namespace owp::net::test
