// Requests that are not WebSockets, and their answers: from memory or from a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace owp::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// GET or HEAD (anything else has been answered with 405). The answer to HEAD is built like that to
/// GET; net/ leaves the body out.
struct Request {
    bool is_head = false;
    std::string path;  // as sent, percent-encoded, without the query; begins with '/'
    std::string query; // without '?'
    Headers headers;   // names as sent
    std::string remote_address;
    bool secure = false; // TLS ends here

    /// The first header of that name (any case), or "".
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// A regular file. net/ adds Content-Type (by its name, unless given), ETag, Last-Modified,
/// Accept-Ranges, and answers ranges (206, 416) and conditions (304). Unreadable: 404.
struct FileBody {
    std::filesystem::path path;
};

struct Response {
    int status = 200;
    std::string content_type; // empty: by the file's name, else "text/plain; charset=utf-8"
    Headers headers;          // in addition; never Content-Length or Connection
    std::variant<std::string, FileBody> body;
};

/// By the file name's extension; "application/octet-stream" if unknown.
[[nodiscard]] std::string_view content_type_of(std::string_view file_name);

/// The text with %XX decoded once; none if malformed.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// The existing file or folder under `root` that a URL path names, symbolic links resolved. None if
/// it does not exist, or if anything ("..", NUL, backslash, "//", a link) tries to leave the
/// folder.
[[nodiscard]] std::optional<std::filesystem::path> resolve_under(const std::filesystem::path& root,
                                                                 std::string_view url_path);

} // namespace owp::net
