#include "net/http_client.hpp"

#include "tests/net/certificate.hpp"
#include "tests/net/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::net::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view secret = "b1946ac92492d2347c6235b4d2611184";

TEST(HttpUrl, IsTakenApart) {
    struct Case {
        const char* text;
        HttpUrl url;
    };
    const Case cases[] = {
        {"http://jellyfin", {false, "jellyfin", "80", ""}},
        {"https://media.example.org", {true, "media.example.org", "443", ""}},
        {"https://media.example.org:8920/jelly", {true, "media.example.org", "8920", "/jelly"}},
        {"http://h/a/b//", {false, "h", "80", "/a/b"}},
        {"http://h:1/", {false, "h", "1", ""}},
        {"http://h:65535", {false, "h", "65535", ""}},
        {"http://192.0.2.7:8096", {false, "192.0.2.7", "8096", ""}},
        {"http://[2001:db8::1]:8096/x", {false, "2001:db8::1", "8096", "/x"}},
        {"https://[::1]", {true, "::1", "443", ""}},
        {"http://h/a%20b", {false, "h", "80", "/a%20b"}},
    };
    for (const Case& each : cases)
        EXPECT_EQ(parse_http_url(each.text), each.url) << each.text;
}

TEST(HttpUrl, IsRefusedWhenItIsNone) {
    for (const std::string_view text : {"",
                                        "jellyfin",
                                        "jellyfin:8096",
                                        "//h",
                                        "ftp://h",
                                        "ws://h",
                                        "http:/h",
                                        "http://",
                                        "http:///x",
                                        "http://:8096",
                                        "http://h:",
                                        "http://h:0",
                                        "http://h:65536",
                                        "http://h:99999",
                                        "http://h:8o",
                                        "http://h:-1",
                                        "http://h:+1",
                                        "http://h:1:2",
                                        "http://::1",
                                        "http://[::1",
                                        "http://[]",
                                        "http://[[h]",
                                        "http://h]",
                                        "http://[::1]8096",
                                        "http://u@h",
                                        "http://u:p@h",
                                        "http://h?x",
                                        "http://h/?x",
                                        "http://h/#x",
                                        "http://h /",
                                        " http://h",
                                        "http://h\r\nX: y",
                                        "http://h/\x7f",
                                        "http://h/\xc3\xa4",
                                        "http://h\\x",
                                        "http://h/\"x"})
        EXPECT_EQ(parse_http_url(text), std::nullopt) << text;
}

HttpClientOptions options_for(const ScriptedServer& server) {
    HttpClientOptions options;
    options.server = {.secure = false, .host = "127.0.0.1", .port = server.port(), .path = ""};
    options.time_max = patience;
    return options;
}

std::unique_ptr<HttpClient> client_with(HttpClientOptions options) {
    HttpClient::Made made = HttpClient::make(std::move(options));
    EXPECT_EQ(made.error, "");
    return std::move(made.client);
}

std::future<HttpAnswer> ask(HttpClient& client) {
    const auto promise = std::make_shared<std::promise<HttpAnswer>>();
    client.get("/Users/Me", std::string{secret},
               [promise](HttpAnswer answer) { promise->set_value(std::move(answer)); });
    return promise->get_future();
}

HttpAnswer hear(std::future<HttpAnswer> asked) {
    if (asked.wait_for(2 * patience) != std::future_status::ready) {
        ADD_FAILURE() << "done was not called";
        return {};
    }
    return asked.get();
}

HttpAnswer ask_once(HttpClientOptions options) {
    const auto client = client_with(std::move(options));
    return hear(ask(*client));
}

TEST(HttpClient, AsksAsItWasToldAndHandsOnTheAnswer) {
    std::promise<std::string> head;
    ScriptedServer server{[&](ServedConnection& connection) {
        head.set_value(connection.read_head());
        connection.answer("200 OK", "{\"Name\":\"Ann\"}");
    }};
    HttpClientOptions options = options_for(server);
    options.server.path = "/jelly";
    const HttpAnswer answer = ask_once(options);
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(answer.body, "{\"Name\":\"Ann\"}");
    EXPECT_EQ(answer.problem, "");
    EXPECT_THAT(head.get_future().get(),
                AllOf(StartsWith("GET /jelly/Users/Me HTTP/1.1\r\n"),
                      HasSubstr("\r\nHost: 127.0.0.1:" + server.port() + "\r\n"),
                      HasSubstr("\r\nAuthorization: " + std::string{secret} + "\r\n"),
                      HasSubstr("\r\nConnection: close\r\n")));
}

TEST(HttpClient, HandsOnRefusalsToo) {
    ScriptedServer server{[](ServedConnection& connection) {
        connection.read_head();
        connection.answer("401 Unauthorized", "");
    }};
    const HttpAnswer answer = ask_once(options_for(server));
    EXPECT_EQ(answer.status, 401u);
    EXPECT_EQ(answer.problem, "");
}

TEST(HttpClient, TakesBodiesInChunksAndUpToTheEnd) {
    for (const std::string_view text :
         {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\n\r\nabcde", "HTTP/1.0 200 OK\r\n\r\nabcde"}) {
        ScriptedServer server{[&](ServedConnection& connection) {
            connection.read_head();
            connection.send(text);
        }};
        const HttpAnswer answer = ask_once(options_for(server));
        EXPECT_EQ(answer.status, 200u) << answer.problem;
        EXPECT_EQ(answer.body, "abcde") << text;
    }
}

TEST(HttpClient, FollowsNoRedirection) {
    ScriptedServer elsewhere{[](ServedConnection&) {}};
    ScriptedServer server{[&](ServedConnection& connection) {
        connection.read_head();
        connection.send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + elsewhere.port() +
                        "/\r\nContent-Length: 0\r\n\r\n");
    }};
    EXPECT_EQ(ask_once(options_for(server)).status, 302u);
    EXPECT_EQ(elsewhere.connections(), 0u);
}

TEST(HttpClient, TellsTheOperatorWhatIsWrongButNotWhatWasSent) {
    struct Case {
        const char* what;
        ScriptedServer::Script then; // after the request
        const char* problem;
    };
    const Case cases[] = {
        {"reset", [](ServedConnection& c) { c.reset(); }, "no proper answer: "},
        {"end at once", [](ServedConnection&) {}, "no proper answer: "},
        {"garbage", [](ServedConnection& c) { c.send("SSH-2.0-OpenSSH_9.2\r\n\r\n"); },
         "no proper answer: "},
        {"garbage with its end cut off", [](ServedConnection& c) { c.send("HTTP/1.1 20"); },
         "no proper answer: "},
        {"body cut off",
         [](ServedConnection& c) { c.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"); },
         "no proper answer: "},
        {"echo of the token", [](ServedConnection& c) { c.send(std::string{secret} + "\r\n\r\n"); },
         "no proper answer: "},
        {"body too large", [](ServedConnection& c) { c.answer("200 OK", std::string(1001, 'x')); },
         "no proper answer: body limit exceeded"},
        {"body said to be too large",
         [](ServedConnection& c) { c.send("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"); },
         "no proper answer: body limit exceeded"},
        {"chunks too large",
         [](ServedConnection& c) {
             c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
             while (c.send("64\r\n" + std::string(100, 'x') + "\r\n")) {
             }
         },
         "no proper answer: body limit exceeded"},
        {"head too large",
         [](ServedConnection& c) {
             c.send("HTTP/1.1 200 OK\r\n");
             while (c.send("X: " + std::string(1000, 'x') + "\r\n")) {
             }
         },
         "no proper answer: header limit exceeded"},
    };
    for (const Case& each : cases) {
        ScriptedServer server{[&](ServedConnection& connection) {
            connection.read_head();
            each.then(connection);
        }};
        HttpClientOptions options = options_for(server);
        options.body_bytes_max = 1000;
        const HttpAnswer answer = ask_once(options);
        EXPECT_EQ(answer.status, 0u) << each.what;
        EXPECT_THAT(answer.problem,
                    AllOf(StartsWith(each.problem), Not(HasSubstr(std::string{secret}))))
            << each.what;
    }
}

TEST(HttpClient, ABodyOfJustTheLimitIsTaken) {
    ScriptedServer server{[](ServedConnection& connection) {
        connection.read_head();
        connection.answer("200 OK", std::string(1000, 'x'));
    }};
    HttpClientOptions options = options_for(server);
    options.body_bytes_max = 1000;
    EXPECT_EQ(ask_once(options).body.size(), 1000u);
}

TEST(HttpClient, SaysSoWhenNobodyListens) {
    HttpClientOptions options;
    {
        ScriptedServer server{[](ServedConnection&) {}};
        options = options_for(server);
    }
    const HttpAnswer answer = ask_once(options);
    EXPECT_EQ(answer.status, 0u);
    EXPECT_THAT(answer.problem, StartsWith("no connection: "));
}

TEST(HttpClient, WaitsNoLongerThanItMay) {
    const ScriptedServer::Script slow[] = {
        [](ServedConnection& c) { c.wait_for_its_end(); },
        [](ServedConnection& c) {
            c.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
            c.wait_for_its_end();
        },
        [](ServedConnection& c) { // never silent, never done
            c.send("HTTP/1.1 200 OK\r\n\r\n");
            while (c.send("x"))
                std::this_thread::sleep_for(10ms);
        },
    };
    for (const auto& script : slow) {
        ScriptedServer server{script};
        HttpClientOptions options = options_for(server);
        options.time_max = 200ms;
        const auto since = std::chrono::steady_clock::now();
        const HttpAnswer answer = ask_once(options);
        const auto waited = std::chrono::steady_clock::now() - since;
        EXPECT_EQ(answer.status, 0u);
        EXPECT_EQ(answer.problem, "no answer in time");
        EXPECT_GE(waited, 190ms);
        EXPECT_LT(waited, patience / 2);
    } // the peer's thread ends, so the connection was closed
}

TEST(HttpClient, AHandshakeThatNeverComesIsBoundedToo) {
    ScriptedServer server{[](ServedConnection& c) { c.wait_for_its_end(); }};
    HttpClientOptions options = options_for(server);
    options.server.secure = true;
    options.time_max = 200ms;
    EXPECT_EQ(ask_once(options).problem, "no answer in time");
}

TEST(HttpClient, BoundsWhatIsUnderWayAndWhatWaits) {
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    std::atomic<int> now = 0;
    std::atomic<int> most = 0;
    ScriptedServer server{[&](ServedConnection& connection) {
        most = std::max<int>(most, ++now);
        connection.read_head();
        released.wait_for(patience);
        --now;
        connection.answer("200 OK", "");
        connection.wait_for_its_end();
    }};
    HttpClientOptions options = options_for(server);
    options.requests_max = 1;
    options.waiting_max = 2;
    const auto client = client_with(options);
    std::future<HttpAnswer> asked[4];
    for (auto& each : asked)
        each = ask(*client);
    const HttpAnswer refused = hear(std::move(asked[3]));
    EXPECT_EQ(refused.status, 0u);
    EXPECT_EQ(refused.problem, "too many requests wait");
    release.set_value();
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(hear(std::move(asked[i])).status, 200u) << i;
    EXPECT_EQ(most, 1);
}

TEST(HttpClient, TimeInTheQueueCountsAndThoseInTimeAreServed) {
    std::atomic<bool> answering = false;
    ScriptedServer server{[&](ServedConnection& connection) {
        connection.read_head();
        if (!answering)
            return connection.wait_for_its_end(); // until the client gives up
        connection.answer("200 OK", "");
    }};
    HttpClientOptions options = options_for(server);
    options.requests_max = 1;
    options.time_max = 300ms;
    const auto client = client_with(options);
    std::vector<std::future<HttpAnswer>> asked(20);
    for (auto& each : asked)
        each = ask(*client);
    for (auto& each : asked)
        EXPECT_EQ(hear(std::move(each)).problem, "no answer in time");
    // Who was asked a moment later may have had that moment of a connection, but not all of them
    EXPECT_LT(server.connections(), asked.size() / 2);
    answering = true;
    EXPECT_EQ(hear(ask(*client)).status, 200u) << "the slot is free again";
}

TEST(HttpClient, ItsEndDropsWhatIsUnderWay) {
    std::promise<void> reached;
    ScriptedServer server{[&](ServedConnection& connection) {
        connection.read_head();
        reached.set_value();
        connection.wait_for_its_end();
    }};
    auto client = client_with(options_for(server));
    auto asked = ask(*client);
    ASSERT_EQ(reached.get_future().wait_for(patience), std::future_status::ready);
    client.reset();
    EXPECT_THROW((void)asked.get(), std::future_error) << "done was never called";
}

// ---- TLS ---------------------------------------------------------------------------------------

TEST(HttpClientTls, SpeaksOnlyToWhomItMayTrust) {
    TemporaryFolder theirs, others, named;
    write_certificate(theirs, "theirs", "IP:127.0.0.1,DNS:localhost");
    write_certificate(others, "others", "IP:127.0.0.1,DNS:localhost");
    write_certificate(named, "127.0.0.1", "DNS:elsewhere.example.org");
    struct Case {
        const char* what;
        const TemporaryFolder& shown;
        const TemporaryFolder* trusted; // null: the system's
        const char* host;
        bool good;
    };
    const Case cases[] = {
        {"trusted, by address", theirs, &theirs, "127.0.0.1", true},
        {"trusted, by name", theirs, &theirs, "localhost", true},
        {"nobody vouches for it", theirs, nullptr, "127.0.0.1", false},
        {"another is trusted", theirs, &others, "127.0.0.1", false},
        {"it is somebody else's", named, &named, "127.0.0.1", false},
        {"it is somebody else's name", named, &named, "localhost", false},
    };
    for (const Case& each : cases) {
        std::promise<std::string> head;
        ScriptedServer server{[&](ServedConnection& connection) {
                                  head.set_value(connection.read_head());
                                  connection.answer("200 OK", "abc");
                              },
                              &each.shown};
        HttpClientOptions options = options_for(server);
        options.server.secure = true;
        options.server.host = each.host;
        if (each.trusted != nullptr)
            options.ca_file = each.trusted->path / "cert.pem";
        const HttpAnswer answer = ask_once(options);
        EXPECT_EQ(answer.status, each.good ? 200u : 0u) << each.what << ": " << answer.problem;
        EXPECT_EQ(answer.body, each.good ? "abc" : "") << each.what;
        const std::string seen = head.get_future().get();
        if (each.good) {
            EXPECT_THAT(seen, StartsWith("GET /Users/Me")) << each.what;
            continue;
        }
        EXPECT_EQ(seen, "") << each.what;
        EXPECT_THAT(answer.problem, AllOf(StartsWith("no secure connection: "), HasSubstr("verif")))
            << each.what;
    }
}

TEST(HttpClientTls, SaysSoWhenTheServerSpeaksNone) {
    ScriptedServer server{[](ServedConnection& connection) {
        connection.answer("400 Bad Request", "");
        connection.wait_for_its_end();
    }};
    HttpClientOptions options = options_for(server);
    options.server.secure = true;
    EXPECT_THAT(ask_once(options).problem, StartsWith("no secure connection: "));
}

TEST(HttpClientTls, NeedsTheCertificatesThatItIsToTrust) {
    TemporaryFolder folder;
    HttpClientOptions options;
    options.server = {.secure = true, .host = "h", .port = "1", .path = ""};
    for (const auto& file : {folder.path / "none.pem", folder.write("bad.pem", "no certificate")}) {
        options.ca_file = file;
        const HttpClient::Made made = HttpClient::make(options);
        EXPECT_EQ(made.client, nullptr);
        EXPECT_THAT(made.error, HasSubstr(file.filename().string()));
    }
}

} // namespace
} // namespace owp::net::test
