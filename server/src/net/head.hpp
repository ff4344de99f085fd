// The head of an HTTP/1.1 request: bytes to values, and the checks that hold for every request.
#pragma once

#include "net/http.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace owp::net {

struct Head {
    std::string method;
    std::string path;  // of the origin form and the absolute form alike, percent-encoded
    std::string query; // without '?'
    Headers headers;
    bool http_1_1 = true;
    bool keep_alive = true;
    bool has_body = false;

    [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
    /// Is the token in one of the comma-separated lists under that name (any case)?
    [[nodiscard]] bool lists(std::string_view name, std::string_view token) const;
};

struct HeadIncomplete {};
struct HeadBad {
    int status = 400; // or 414, 431, 505
};
struct HeadComplete {
    Head head;
    std::size_t bytes = 0; // what follows is the next request, or a peer who could not wait
};

/// Judges what has arrived so far. Junk is refused as soon as it shows, not when its end comes.
[[nodiscard]] std::variant<HeadIncomplete, HeadBad, HeadComplete>
parse_head(std::string_view bytes, std::size_t header_limit);

} // namespace owp::net
