#include "net/upgrade.hpp"

#include <gtest/gtest.h>

namespace owp::net {
namespace {

struct Wish {
    std::string line = "GET /ws HTTP/1.1";
    std::string host = "Host: localhost\r\n";
    std::string upgrade = "Upgrade: websocket\r\n";
    std::string connection = "Connection: Upgrade\r\n";
    std::string version = "Sec-WebSocket-Version: 13\r\n";
    std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    std::string more = {};
    bool has_more = false;

    /// 101, the refusal's status, or 0: not a matter for WebSockets.
    int status(std::vector<std::string> origins = {"http://localhost:8096"}) const {
        const std::string bytes =
            line + "\r\n" + host + upgrade + connection + version + key + more + "\r\n";
        const auto parsed = parse_head(bytes, 10'000);
        if (const auto* bad = std::get_if<HeadBad>(&parsed))
            return bad->status;
        ListenOptions options;
        options.allowed_origins = std::move(origins);
        const auto decision =
            decide_upgrade(std::get<HeadComplete>(parsed).head, has_more, options);
        if (const auto* refused = std::get_if<UpgradeRefused>(&decision))
            return refused->status;
        return std::holds_alternative<UpgradeGranted>(decision) ? 101 : 0;
    }
};

TEST(Upgrade, GrantsGoodRequests) {
    EXPECT_EQ(Wish{}.status(), 101);
    EXPECT_EQ(Wish{.line = "GET /ws?token=no HTTP/1.1"}.status(), 101);
    EXPECT_EQ(Wish{.line = "GET http://localhost/ws HTTP/1.1"}.status(), 101);
    EXPECT_EQ(Wish{.upgrade = "upgrade: h2c, WebSocket\r\n"}.status(), 101);
    EXPECT_EQ(Wish{.connection = "Connection: keep-alive, upgrade\r\n"}.status(), 101);
    EXPECT_EQ(Wish{.more = "Content-Length: 0\r\n"}.status(), 101);
    EXPECT_EQ(Wish{.more = "Cookie: " + std::string(4096, 'c') + "\r\n"}.status(), 101);
    EXPECT_EQ(Wish{.more = "Sec-WebSocket-Extensions: permessage-deflate\r\n"}.status(), 101);
}

TEST(Upgrade, RefusesBadOnesWithTheirStatus) {
    EXPECT_EQ(Wish{.host = ""}.status(), 400);
    EXPECT_EQ(Wish{.host = "Host: a\r\nHost: a\r\n"}.status(), 400);
    EXPECT_EQ(Wish{.upgrade = ""}.status(), 426);
    EXPECT_EQ(Wish{.upgrade = "Upgrade: h2c\r\n"}.status(), 426);
    EXPECT_EQ(Wish{.connection = ""}.status(), 400);
    EXPECT_EQ(Wish{.version = ""}.status(), 426);
    EXPECT_EQ(Wish{.version = "Sec-WebSocket-Version: 8\r\n"}.status(), 426);
    EXPECT_EQ(
        Wish{.version = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n"}.status(),
        400);
    EXPECT_EQ(Wish{.line = "GET /other HTTP/1.1"}.status(), 404);
    EXPECT_EQ(Wish{.line = "GET /ws/ HTTP/1.1"}.status(), 404);
    EXPECT_EQ(Wish{.line = "GET http://localhost/other HTTP/1.1"}.status(), 404);
    EXPECT_EQ(Wish{.line = "POST /ws HTTP/1.1"}.status(), 405);
    EXPECT_EQ(Wish{.line = "HEAD /ws HTTP/1.1"}.status(), 405);
    EXPECT_EQ(Wish{.line = "GET /ws HTTP/1.0"}.status(), 400);
    EXPECT_EQ(Wish{.more = "Content-Length: 5\r\n"}.status(), 400);
    EXPECT_EQ(Wish{.more = "Transfer-Encoding: chunked\r\n"}.status(), 400);
    EXPECT_EQ(Wish{.has_more = true}.status(), 400);
}

TEST(Upgrade, WantsOneKeyOfSixteenBytes) {
    const auto with_key = [](const std::string& key) {
        return Wish{.key = "Sec-WebSocket-Key: " + key + "\r\n"}.status();
    };
    EXPECT_EQ(Wish{.key = ""}.status(), 400);
    EXPECT_EQ(with_key(""), 400);
    EXPECT_EQ(with_key("dGhlIHNhbXBsZSBub25jZQ"), 400);
    EXPECT_EQ(with_key("dGhlIHNhbXBsZSBub25jZQ=="), 101);
    EXPECT_EQ(with_key("dGhlIHNhbXBsZSBub25jZTE="), 400); // 17 bytes
    EXPECT_EQ(with_key("dGhlIHNhbXBsZSBub25j"), 400);     // 15
    EXPECT_EQ(with_key("dGhlIHNhbXBs!SBub25jZQ=="), 400);
    EXPECT_EQ(with_key("dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
              400);
}

TEST(Upgrade, LetsInListedOriginsAndThoseWithout) {
    const auto from = [](const std::string& origin, std::vector<std::string> allowed) {
        return Wish{.more = "Origin: " + origin + "\r\n"}.status(std::move(allowed));
    };
    EXPECT_EQ(Wish{}.status({}), 101); // not a browser
    EXPECT_EQ(from("http://a", {"http://b", "http://a"}), 101);
    EXPECT_EQ(from("http://a", {"*"}), 101);
    EXPECT_EQ(from("http://a", {}), 403);
    EXPECT_EQ(from("http://a:80", {"http://a"}), 403);
    EXPECT_EQ(from("HTTP://A", {"http://a"}), 403);
    EXPECT_EQ(from("http://a.evil", {"http://a"}), 403);
    EXPECT_EQ(from("null", {"http://a"}), 403);
    EXPECT_EQ(from("", {"http://a"}), 403);
    EXPECT_EQ(from("http://a\r\nOrigin: http://a", {"http://a"}), 403);
    EXPECT_EQ(from("http://a\r\nOrigin: http://a", {"*"}), 403);
}

TEST(Upgrade, LetsInItsOwnPageUnlessItsNameCouldBePointedHereByOthers) {
    const auto from = [](const std::string& origin, const std::string& host) {
        return Wish{.host = "Host: " + host + "\r\n", .more = "Origin: " + origin + "\r\n"}.status(
            {});
    };
    EXPECT_EQ(from("http://192.168.1.5:3000", "192.168.1.5:3000"), 101);
    EXPECT_EQ(from("https://192.168.1.5", "192.168.1.5"), 101);
    EXPECT_EQ(from("http://[fd00::5]:3000", "[fd00::5]:3000"), 101);
    EXPECT_EQ(from("http://localhost:3000", "localhost:3000"), 101);
    EXPECT_EQ(from("http://localhost:3001", "localhost:3000"), 403);
    EXPECT_EQ(from("http://192.168.1.6:3000", "192.168.1.5:3000"), 403);
    EXPECT_EQ(from("http://127.0.0.1:3000", "localhost:3000"), 403);
    EXPECT_EQ(from("http://party.example:3000", "party.example:3000"), 403);
    EXPECT_EQ(from("http://localhost.example", "localhost.example"), 403);
    EXPECT_EQ(from("http://192.168.1.5.example", "192.168.1.5.example"), 403);
    EXPECT_EQ(from("http://[localhost]", "[localhost]"), 400);
    EXPECT_EQ(from("ftp://192.168.1.5", "192.168.1.5"), 403);
    EXPECT_EQ(from("http://192.168.1.5/", "192.168.1.5"), 403);
    EXPECT_EQ(from("null", "192.168.1.5"), 403);
}

TEST(Upgrade, LeavesOtherPathsAlone) {
    EXPECT_EQ((Wish{.line = "GET / HTTP/1.1", .upgrade = ""}.status()), 0);
    EXPECT_EQ((Wish{.line = "POST / HTTP/1.1", .upgrade = ""}.status()), 0);
}

} // namespace
} // namespace owp::net
