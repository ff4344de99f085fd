#include "app/routes.hpp"

#include "app/responses.hpp"
#include "tests/net/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::app {
namespace {

using testing::HasSubstr;

class RoutesTest : public testing::Test {
protected:
    RoutesTest() {
        routes.origin_allowed = [](std::string_view origin) { return origin == "http://good"; };
        routes.metrics = [] { return std::string{"owp_rooms 1\n"}; };
    }
    void serve_page() {
        folder.write("web/index.html", "<!doctype html>");
        folder.write("web/app.js", "1");
        folder.write("secret.txt", "x");
        routes.web_root = folder.path / "web";
    }
    [[nodiscard]] net::Response get(const std::string& path, net::Headers headers = {}) const {
        net::Request request;
        request.path = path;
        request.headers = std::move(headers);
        return routes(request);
    }
    static std::string header(const net::Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers)
            if (key == name)
                return value;
        return "";
    }
    static std::string body(const net::Response& response) {
        return std::get<std::string>(response.body);
    }
    net::test::TemporaryFolder folder;
    Routes routes;
};

TEST_F(RoutesTest, HealthSaysWhetherATokenIsNeeded) {
    EXPECT_EQ(body(get("/health")), R"({"status":"ok","auth_enabled":false})");
    routes.auth_enabled = true;
    const net::Response answer = get("/health");
    EXPECT_EQ(body(answer), R"({"status":"ok","auth_enabled":true})");
    EXPECT_EQ(answer.content_type, "application/json");
}

TEST_F(RoutesTest, HealthMayBeReadByPagesThatMayConnect) {
    const std::string allow = "Access-Control-Allow-Origin";
    EXPECT_EQ(header(get("/health", {{"Origin", "http://good"}}), allow), "http://good");
    EXPECT_EQ(header(get("/health", {{"Origin", "http://bad"}}), allow), "");
    EXPECT_EQ(header(get("/health"), allow), "");
    EXPECT_EQ(header(get("/health"), "Vary"), "Origin");
}

TEST_F(RoutesTest, IsReadyWhenItIsTold) {
    EXPECT_EQ(get("/ready").status, 503);
    routes.set_ready(true);
    EXPECT_EQ(get("/ready").status, 200);
    routes.set_ready(false);
    EXPECT_EQ(get("/ready").status, 503);
}

TEST_F(RoutesTest, ShowsMetricsAsPrometheusReadsThem) {
    const net::Response answer = get("/metrics");
    EXPECT_EQ(body(answer), "owp_rooms 1\n");
    EXPECT_EQ(answer.content_type, "text/plain; version=0.0.4; charset=utf-8");
}

TEST_F(RoutesTest, WithoutAPageFindsNothingElse) {
    for (const char* path : {"/", "/index.html", "/media/index.json", "/healthz"})
        EXPECT_EQ(get(path).status, not_found().status) << path;
}

TEST_F(RoutesTest, ServesThePageIsolatedAndGuarded) {
    serve_page();
    const net::Response answer = get("/");
    EXPECT_EQ(std::get<net::FileBody>(answer.body).path.filename(), "index.html");
    EXPECT_THAT(header(answer, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_THAT(header(answer, "Content-Security-Policy"), HasSubstr("frame-ancestors 'none'"));
    EXPECT_EQ(header(answer, "Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(header(answer, "Cross-Origin-Embedder-Policy"), "require-corp");
    EXPECT_EQ(get("/app.js").status, 200);
    EXPECT_EQ(get("/missing.js").status, 404);
}

TEST_F(RoutesTest, NeverLeavesTheFolderOfThePage) {
    serve_page();
    for (const char* path : {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
                             "//secret.txt", "/./app.js", "/app.js%00"})
        EXPECT_EQ(get(path).status, 404) << path;
}

TEST_F(RoutesTest, ServesTheMediaThatItWasGivenLast) {
    serve_page();
    EXPECT_EQ(body(get("/media/index.json")), "[]");
    folder.write("media/film.mp4", "x");
    routes.set_media(scan_media(folder.path / "media"));
    EXPECT_THAT(body(get("/media/index.json")), HasSubstr("/media/files/film.mp4"));
    const net::Response film = get("/media/files/film.mp4");
    EXPECT_EQ(film.status, 200);
    EXPECT_EQ(header(film, "Cross-Origin-Resource-Policy"), "same-origin");
}

TEST_F(RoutesTest, LetsNoAnswerBeSniffed) {
    serve_page();
    for (const char* path : {"/", "/health", "/ready", "/metrics", "/missing", "/media/index.json"})
        EXPECT_EQ(header(get(path), "X-Content-Type-Options"), "nosniff") << path;
}

} // namespace
} // namespace owp::app
