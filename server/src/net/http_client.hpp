// A client of one HTTP server: GET requests, each on a connection of its own, bounded in every way.
// It has a thread of its own, so that whoever asks never waits, nor for a slow name server.
#pragma once

#include "protocol/types.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace owp::net {

/// "https://media.example.org:8920/jelly" in its parts.
struct HttpUrl {
    bool secure = false;
    std::string host; // a name or an address, IPv6 without its brackets
    std::string port;
    std::string path; // empty, or begins with a slash and does not end with one

    bool operator==(const HttpUrl&) const = default;
};
/// None: it is not http or https, has no host, names a user, a query or a fragment, or holds what
/// an URL may not.
[[nodiscard]] std::optional<HttpUrl> parse_http_url(std::string_view text);

struct HttpClientOptions {
    HttpUrl server;
    std::string ca_file; // certificates to trust instead of the system's (PEM); may be empty
    Duration time_max = std::chrono::seconds{5}; // from get() to the answer, its waiting included
    std::size_t body_bytes_max = std::size_t{256} * 1024;
    std::size_t requests_max = 16; // under way at the same time
    std::size_t waiting_max = 1024;
};

struct HttpAnswer {
    unsigned status = 0; // 0: there was none, and `problem` says why
    std::string body;
    std::string problem; // for the operator; holds nothing that was sent
};

class HttpClient {
public:
    struct Made {
        std::unique_ptr<HttpClient> client; // null if there is an error
        std::string error;                  // a sentence for the operator
    };
    [[nodiscard]] static Made make(HttpClientOptions options);
    /// What is under way is dropped, its `done` never called.
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// From any thread. `path` is below the server's, begins with a slash and is sent as it is, as
    /// is `authorization`: neither may come from outside unchecked. `done` is called once, on the
    /// client's thread. Redirections are not followed.
    void get(std::string path, std::string authorization, std::function<void(HttpAnswer)> done);

private:
    class Work;
    explicit HttpClient(std::unique_ptr<Work> work);
    std::unique_ptr<Work> work_;
};

} // namespace owp::net
