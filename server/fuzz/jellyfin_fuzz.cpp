// What a Jellyfin answers, and its address: nobody is let in but by a whole answer, and no address
// is taken that would say something else in a request. The first byte chooses.
#include "auth/jellyfin.hpp"
#include "net/http_client.hpp"
#include "protocol/codec.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace owp;

constexpr ServerTime now{std::chrono::hours{24 * 365 * 50}};
constexpr unsigned statuses[] = {200, 200, 0, 400, 401, 403, 500};

void require(bool held, const char* what) {
    if (held)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

void require_sound(unsigned status, const edge::TokenVerdict& verdict) {
    if (!verdict.valid) {
        require(verdict.code == ErrorCode::invalid_token ||
                    verdict.code == ErrorCode::user_not_allowed ||
                    verdict.code == ErrorCode::auth_unavailable,
                "a refusal has one of three codes");
        return;
    }
    require(status == 200, "nobody is let in by a refusal");
    require(verdict.user_id.size() == 32 &&
                verdict.user_id.find_first_not_of("0123456789abcdef") == std::string::npos,
            "who is let in has an id, in one spelling");
    require(!verdict.user_name.empty() && clean_text(verdict.user_name, 100) == verdict.user_name,
            "who is let in has a name");
}

void require_sound(const std::optional<net::HttpUrl>& url) {
    if (!url)
        return;
    require(!url->host.empty() && !url->port.empty(), "an address has a host and a port");
    require(url->path.empty() || (url->path.starts_with('/') && !url->path.ends_with('/')),
            "a path begins with a slash and does not end with one");
    require(
        std::ranges::all_of(url->host + url->path, [](char c) { return c > ' ' && c < '\x7f'; }),
        "nothing gets into a request's lines");
    const std::string host =
        url->host.find(':') == std::string::npos ? url->host : "[" + url->host + "]";
    require(net::parse_http_url((url->secure ? "https://" : "http://") + host + ":" + url->port +
                                url->path) == url,
            "an address comes back");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    const std::size_t chosen = data[0] % (std::size(statuses) + 1);
    if (chosen == std::size(statuses))
        require_sound(net::parse_http_url(bytes));
    else
        require_sound(statuses[chosen], auth::read_jellyfin_user(statuses[chosen], bytes, now));
    return 0;
}
