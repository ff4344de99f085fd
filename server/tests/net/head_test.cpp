#include "net/head.hpp"

#include <gtest/gtest.h>

namespace owp::net {
namespace {

using namespace std::string_literals;

int status(const std::string& bytes, std::size_t limit = 1000) {
    const auto parsed = parse_head(bytes, limit);
    if (const auto* bad = std::get_if<HeadBad>(&parsed))
        return bad->status;
    return std::holds_alternative<HeadIncomplete>(parsed) ? 0 : 200;
}

Head head_of(const std::string& bytes) {
    return std::get<HeadComplete>(parse_head(bytes, 1000)).head;
}

TEST(Head, ReadsARequest) {
    const std::string bytes = "GET /a%20b?x=1?y HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a:  2 \r\n\r\n";
    const auto parsed = parse_head(bytes + "GET /next", 1000);
    const auto& complete = std::get<HeadComplete>(parsed);
    EXPECT_EQ(complete.bytes, bytes.size());
    EXPECT_EQ(complete.head.method, "GET");
    EXPECT_EQ(complete.head.path, "/a%20b");
    EXPECT_EQ(complete.head.query, "x=1?y");
    EXPECT_EQ(complete.head.all("x-A"), (std::vector<std::string_view>{"1", "2"}));
    EXPECT_TRUE(complete.head.keep_alive);
    EXPECT_FALSE(complete.head.has_body);
}

TEST(Head, WaitsForTheRestWhateverTheCut) {
    const std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
        EXPECT_EQ(status(bytes.substr(0, cut)), 0) << cut;
    EXPECT_EQ(status(bytes), 200);
}

TEST(Head, TakesThePathOfTheAbsoluteFormToo) {
    const auto of = [](const std::string& target) {
        const Head head = head_of("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        return head.path + " " + head.query;
    };
    EXPECT_EQ(of("http://other:80/ws?x"), "/ws x");
    EXPECT_EQ(of("HTTPS://other/ws"), "/ws ");
    EXPECT_EQ(of("http://other"), "/ ");
    EXPECT_EQ(of("http://other?x"), "/ x");
}

TEST(Head, RefusesWhatIsNotARequest) {
    const auto with = [](const std::string& headers) {
        return "GET / HTTP/1.1\r\n" + headers + "\r\n";
    };
    EXPECT_EQ(status("\x16\x03\x01\x02"s), 400); // a TLS hello, known by its first byte
    EXPECT_EQ(status(" GET / HTTP/1.1\r\n"), 400);
    EXPECT_EQ(status("\r\n\r\n"), 400);
    EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n"), 400);
    EXPECT_EQ(status("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status("GET / http/1.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status("GET / HTTP/1.1\nHost: h\n\n"), 400);
    EXPECT_EQ(status("GET /\0"s), 400);
    EXPECT_EQ(status("GET /\r\n\r\n"), 400);
    EXPECT_EQ(status("GET  / HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status("GET ws HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status("GET * HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status("GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status("GET http:///ws HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status("GET ftp://h/ws HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
    EXPECT_EQ(status("GET / HTTP/1.2\r\nHost: h\r\n\r\n"), 505);
    EXPECT_EQ(status(with("")), 400);
    EXPECT_EQ(status(with("Host: a\r\nHost: b\r\n")), 400);
    EXPECT_EQ(status(with("Host: a\r\nBroken\r\n")), 400);
    EXPECT_EQ(status(with("Host: a\r\nSpace : x\r\n")), 400);
    EXPECT_EQ(status(with("Host: a\r\nContent-Length: x\r\n")), 400);
    EXPECT_EQ(status(with("Host: a\r\nContent-Length: -1\r\n")), 400);
    EXPECT_EQ(status(with("Host: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n")), 400);
    EXPECT_EQ(status(with("Host: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n")), 400);
    for (const char* coding : {"", "identity", "chunked, gzip", "gzip, xchunked", "chunked;q=1"})
        EXPECT_EQ(status(with("Host: a\r\nTransfer-Encoding: "s + coding + "\r\n")), 400) << coding;
    EXPECT_EQ(status("GET / HTTP/1.0\r\n\r\n"), 200); // before Host was required
}

TEST(Head, SkipsAnEmptyLineBeforeTheRequest) {
    const std::string bytes = "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n";
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
        EXPECT_EQ(status(bytes.substr(0, cut)), 0) << cut;
    const auto parsed = parse_head(bytes + "next", 1000);
    EXPECT_EQ(std::get<HeadComplete>(parsed).bytes, bytes.size());
}

TEST(Head, WantsAHostThatIsOne) {
    const auto with = [](const std::string& host) {
        return status("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    };
    for (const char* host : {"", "h", "h:80", "h:", "a-b.c_d", "127.0.0.1:80", "[::1]", "[::1]:80"})
        EXPECT_EQ(with(host), 200) << host;
    for (const char* host :
         {"a b", "a/b", "u@h", "h:x", "h:1:2", "h\\", "[::1", "[x]", "[::1]80", "\xc3\xa9"})
        EXPECT_EQ(with(host), 400) << host;
}

TEST(Head, BoundsItsSize) {
    const std::string start = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
    EXPECT_EQ(status(start + std::string(999 - start.size(), 'x')), 0);
    EXPECT_EQ(status(start + std::string(1000 - start.size(), 'x')), 431);
    const std::string exact = start + std::string(1000 - start.size() - 4, 'x') + "\r\n\r\n";
    EXPECT_EQ(status("GET /" + std::string(995, 'x')), 414);
    EXPECT_EQ(exact.size(), 1000u);
    EXPECT_EQ(status(exact), 200);
    EXPECT_EQ(status(exact, 999), 431);
}

TEST(Head, SeesABody) {
    const auto has_body = [](const std::string& header) {
        return head_of("GET / HTTP/1.1\r\nHost: h\r\n" + header + "\r\n\r\n").has_body;
    };
    EXPECT_FALSE(has_body("Content-Length: 0"));
    EXPECT_TRUE(has_body("Content-Length: 1"));
    EXPECT_TRUE(has_body("Transfer-Encoding: chunked"));
    EXPECT_TRUE(has_body("Transfer-Encoding: gzip, Chunked"));
}

TEST(Head, KnowsWhoKeepsTheConnection) {
    EXPECT_TRUE(head_of("GET / HTTP/1.1\r\nHost: h\r\n\r\n").keep_alive);
    EXPECT_FALSE(head_of("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").keep_alive);
    EXPECT_FALSE(head_of("GET / HTTP/1.0\r\n\r\n").keep_alive);
    EXPECT_TRUE(head_of("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST(Head, FindsTokensInLists) {
    const Head head = head_of(
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive , Upgrade\r\nConnection: x\r\n\r\n");
    EXPECT_TRUE(head.lists("connection", "upgrade"));
    EXPECT_TRUE(head.lists("connection", "X"));
    EXPECT_FALSE(head.lists("connection", "up"));
}

} // namespace
} // namespace owp::net
