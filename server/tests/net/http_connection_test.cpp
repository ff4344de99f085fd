#include "tests/net/support.hpp"

namespace owp::net::test {
namespace {

Response say(const Request& request) {
    Response response;
    response.body = request.path + "?" + request.query + " from " + request.remote_address;
    return response;
}

/// The whole answer to these bytes, the connection's end included.
std::string answer(const TestServer& server, const std::string& bytes) {
    RawClient client{server};
    client.send(bytes);
    client.finish_sending();
    return client.read_all();
}

std::string get(const std::string& path, const std::string& headers = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
}

TEST(HttpConnection, KeepsTheConnectionForTheNextRequest) {
    TestServer server{quick_options(), say};
    RawClient client{server};
    for (const std::string path : {"/a", "/b"}) {
        client.send(get(path + "?q"));
        const std::string head = client.read_head();
        EXPECT_EQ(status_of(head), "200");
        EXPECT_EQ(header_of(head, "Connection"), "keep-alive");
        const std::string expected = path + "?q from 127.0.0.1";
        EXPECT_EQ(client.read(expected.size()), expected);
    }
}

TEST(HttpConnection, AnswersPipelinedRequestsInOrder) {
    TestServer server{quick_options(), say};
    RawClient client{server};
    client.send(get("/1") + get("/2") + get("/3", "Connection: close\r\n"));
    const std::string all = client.read_all();
    const auto first = all.find("/1? from"), second = all.find("/2? from"),
               third = all.find("/3? from");
    EXPECT_LT(first, second);
    EXPECT_LT(second, third);
    EXPECT_NE(third, std::string::npos);
}

TEST(HttpConnection, UpgradesAfterOtherRequests) {
    TestServer server{quick_options(), say};
    RawClient client{server};
    client.send(get("/health"));
    client.read_head();
    client.read(std::string{"/health? from 127.0.0.1"}.size());
    EXPECT_EQ(status_of(client.upgrade()), "101");
    EXPECT_EQ(server.next(), "open:127.0.0.1");
    client.send_frame(1, "hello");
    EXPECT_EQ(server.next(), "text:hello");
}

TEST(HttpConnection, AnswersHeadWithoutABody) {
    TestServer server{quick_options(), say};
    const auto all = answer(server, "HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(header_of(all, "Content-Length"), "18");
    EXPECT_TRUE(all.ends_with("\r\n\r\n"));
}

TEST(HttpConnection, AnswersBadRequestsAndEndsInOrder) {
    struct Case {
        std::string name;
        std::string bytes;
        std::string status;
    };
    const std::vector<Case> cases{
        {"junk", "\x16\x03\x01", "400"},
        {"no Host", "GET / HTTP/1.1\r\n\r\n", "400"},
        {"head too large", get("/", "X: " + std::string(20'000, 'x') + "\r\n"), "431"},
        {"target without end", "GET /" + std::string(20'000, 'x'), "414"},
        {"POST", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc", "405"},
        {"body with GET", get("/", "Content-Length: 3\r\n") + "abc", "413"},
        {"version", "GET / HTTP/3.0\r\nHost: h\r\n\r\n", "505"},
        {"plain request for the WebSocket", get("/ws"), "426"},
        {"upgrade elsewhere", get("/x", "Upgrade: websocket\r\nConnection: upgrade\r\n"), "404"},
    };
    TestServer server{quick_options(), say};
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        RawClient client{server};
        // More than the server reads before it answers: a reset must not overtake the answer.
        client.send(c.bytes + std::string(50'000, 'z'));
        client.finish_sending();
        const std::string head = client.read_head();
        EXPECT_EQ(status_of(head), c.status);
        EXPECT_EQ(header_of(head, "Connection"), "close");
        EXPECT_TRUE(client.ended_cleanly());
    }
    EXPECT_EQ(server.shared->counters().bad_requests, cases.size());
    EXPECT_TRUE(server.settles_at(0));
}

TEST(HttpConnection, SaysWhatWouldBeRight) {
    TestServer server;
    EXPECT_EQ(header_of(answer(server, "PUT / HTTP/1.1\r\nHost: h\r\n\r\n"), "Allow"), "GET, HEAD");
    const std::string head = answer(server, get("/ws"));
    EXPECT_EQ(header_of(head, "Upgrade"), "websocket");
    EXPECT_EQ(header_of(head, "Sec-WebSocket-Version"), "13");
}

TEST(HttpConnection, RefusesForeignOrigins) {
    TestServer server;
    RawClient client{server};
    EXPECT_EQ(status_of(client.upgrade("Origin: http://evil\r\n")), "403");
    EXPECT_EQ(server.shared->counters().refused_origin, 1u);
    EXPECT_TRUE(server.shared->origin_allowed("http://localhost:8096"));
    EXPECT_FALSE(server.shared->origin_allowed("http://evil"));
}

TEST(HttpConnection, RefusesBytesThatCameBeforeTheAnswerToTheUpgrade) {
    TestServer server;
    RawClient client{server};
    client.send("GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
                RawClient::masked_frame(1, "too early"));
    EXPECT_EQ(status_of(client.read_head()), "400");
}

TEST(HttpConnection, WithoutAHandlerFindsNothing) {
    TestServer server;
    EXPECT_EQ(status_of(answer(server, get("/"))), "404");
}

TEST(HttpConnection, GivesUpOnASlowHead) {
    ListenOptions options = quick_options();
    options.handshake_timeout = 200ms;
    TestServer server{options};
    RawClient slow{server};
    slow.send("GET / HTTP/1.1\r\nHo");
    EXPECT_EQ(status_of(slow.read_head()), "408");
    slow.finish_sending();
    EXPECT_TRUE(slow.ended_cleanly());
    RawClient silent{server};
    EXPECT_EQ(silent.read_all(), "");
    EXPECT_TRUE(server.settles_at(0));
}

TEST(HttpConnection, ADropNowAndThenDoesNotExtendTheHeadsDeadline) {
    ListenOptions options = quick_options();
    options.handshake_timeout = 300ms;
    TestServer server{options};
    RawClient client{server};
    const auto begin = std::chrono::steady_clock::now();
    client.send("GET /");
    while (client.send("x") && std::chrono::steady_clock::now() - begin < patience)
        server.run([] {}); // as fast as the server takes them, below the head's limit
    EXPECT_LT(std::chrono::steady_clock::now() - begin, patience);
}

TEST(HttpConnection, EndsAnIdleConnection) {
    ListenOptions options = quick_options();
    options.http_idle_timeout = 200ms;
    TestServer server{options, say};
    RawClient client{server};
    client.send(get("/"));
    client.read_head();
    client.read_all();
    EXPECT_TRUE(server.settles_at(0));
}

TEST(HttpConnection, CutsOffAPeerThatStaysAfterARefusal) {
    TestServer server;
    RawClient client{server};
    client.send("\x16");
    EXPECT_EQ(status_of(client.read_head()), "400");
    EXPECT_TRUE(server.settles_at(0)); // though the client does not end
}

struct FileServer {
    explicit FileServer(ListenOptions options = quick_options())
        : server{std::move(options), [this](const Request& request) {
                     Response response;
                     if (const auto file = resolve_under(folder.path, request.path))
                         response.body = FileBody{*file};
                     else
                         response.status = 404;
                     return response;
                 }} {}
    TemporaryFolder folder;
    TestServer server;
};

std::string pattern(std::size_t bytes) {
    std::string text(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i)
        text[i] = static_cast<char>((i * 2654435761U) >> 13);
    return text;
}

TEST(HttpConnection, StreamsALargeFileAndRangesOfIt) {
    FileServer files;
    const std::string content = pattern(5'000'001);
    files.folder.write("film.mp4", content);
    RawClient client{files.server};
    client.send(get("/film.mp4") + get("/film.mp4", "Range: bytes=70000-4000000\r\n"));
    EXPECT_EQ(header_of(client.read_head(), "Content-Length"), "5000001");
    EXPECT_TRUE(client.read(content.size()) == content);
    EXPECT_EQ(status_of(client.read_head()), "206");
    EXPECT_TRUE(client.read(3'930'001) == content.substr(70'000, 3'930'001));
}

TEST(HttpConnection, HoldsOneChunkForASlowReaderAndCutsItOffWhenStalled) {
    ListenOptions options = quick_options();
    options.http_idle_timeout = 300ms;
    FileServer files{options};
    files.folder.write("film.mp4", std::string(20'000'000, 'x'));
    RawClient client{files.server, 4096};
    client.send(get("/film.mp4"));
    client.read_head();
    EXPECT_TRUE(files.server.settles_at(0)); // it reads nothing more
    EXPECT_LT(files.server.shared->counters().bytes_sent, 1'000'000u);
}

TEST(HttpConnection, EndsWhenTheFileShrinksUnderIt) {
    FileServer files;
    const auto path = files.folder.write("film.mp4", std::string(8'000'000, 'x'));
    RawClient client{files.server, 4096};
    client.send(get("/film.mp4"));
    client.read_head();
    std::filesystem::resize_file(path, 100'000);
    EXPECT_LT(client.read_all().size(), 8'000'000u);
    EXPECT_TRUE(files.server.settles_at(0));
}

} // namespace
} // namespace owp::net::test
