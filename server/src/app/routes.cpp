#include "app/routes.hpp"

#include "app/responses.hpp"

namespace owp::app {
namespace {

// Scripts and styles only from files of ours; media from us, and from the memory that hls.js feeds
// (blob:), whose worker starts from a blob as well. Lit puts styles into the page by script, which
// is no inline style. Nobody may frame the page.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; "
    "connect-src 'self' ws: wss:; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

} // namespace

net::Response Routes::operator()(const net::Request& request) const {
    net::Response response = route(request);
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    return response;
}

net::Response Routes::route(const net::Request& request) const {
    const std::string_view path = request.path;
    if (path == "/health")
        return health(request);
    if (path == "/ready")
        return ready_ ? text_response(200, "ready\n") : text_response(503, "not ready\n");
    if (path == "/metrics") {
        net::Response response = text_response(200, metrics());
        response.content_type = "text/plain; version=0.0.4; charset=utf-8";
        return response;
    }
    if (!web_root)
        return not_found();
    if (path.starts_with("/media/")) {
        std::shared_ptr<const MediaLibrary> media;
        {
            const std::lock_guard lock{media_mutex_};
            media = media_;
        }
        net::Response response = serve_media(*media, path);
        response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
        return response;
    }
    return page(path);
}

net::Response Routes::health(const net::Request& request) const {
    net::Response response =
        json_response(auth_enabled ? R"({"status":"ok","auth_enabled":true})"
                                   : R"({"status":"ok","auth_enabled":false})");
    response.headers.emplace_back("Vary", "Origin");
    const std::string_view origin = request.header("Origin");
    if (!origin.empty() && origin_allowed(origin))
        response.headers.emplace_back("Access-Control-Allow-Origin", origin);
    return response;
}

net::Response Routes::page(std::string_view path) const {
    const std::optional<std::filesystem::path> file =
        net::resolve_under(*web_root, path == "/" ? "/index.html" : path);
    if (!file)
        return not_found();
    return {.status = 200,
            .content_type = {},
            // Isolation gives the page clocks of microseconds instead of 0.1 ms.
            .headers = {{"Content-Security-Policy", std::string{content_security_policy}},
                        {"Cross-Origin-Opener-Policy", "same-origin"},
                        {"Cross-Origin-Embedder-Policy", "require-corp"},
                        {"Cross-Origin-Resource-Policy", "same-origin"},
                        {"X-Frame-Options", "DENY"},
                        {"Cache-Control", "no-cache"}}, // asked again each time, answered by 304
            .body = net::FileBody{*file}};
}

void Routes::set_media(MediaLibrary library) {
    auto fresh = std::make_shared<const MediaLibrary>(std::move(library));
    const std::lock_guard lock{media_mutex_};
    media_ = std::move(fresh);
}

} // namespace owp::app
