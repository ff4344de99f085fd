#include "net/http_client.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <charconv>
#include <deque>
#include <memory>
#include <thread>

namespace owp::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using boost::system::error_code;

namespace {

constexpr std::uint32_t head_bytes_max = 16 * 1024;

/// Where the usual systems keep the certificates that they trust: OpenSSL is linked statically and
/// knows only its own distribution's place.
constexpr const char* bundles[] = {"/etc/ssl/certs/ca-certificates.crt",
                                   "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};

void trust_system(ssl::context& tls) {
    error_code ignored;
    tls.set_default_verify_paths(ignored);
    for (const char* bundle : bundles)
        tls.load_verify_file(bundle, ignored);
}

bool may_be_in_url(char c) {
    return c > ' ' && c < '\x7f' &&
           std::string_view{"\"<>\\^`{|}"}.find(c) == std::string_view::npos;
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, failed] = std::from_chars(text.data(), end, port);
    return failed == std::errc{} && stopped == end && port > 0;
}

} // namespace

std::optional<HttpUrl> parse_http_url(std::string_view text) {
    HttpUrl url;
    if (text.starts_with("https://"))
        url.secure = true;
    else if (!text.starts_with("http://"))
        return std::nullopt;
    text.remove_prefix(url.secure ? 8 : 7);
    if (!std::ranges::all_of(text, may_be_in_url) || text.find_first_of("?#@") != text.npos)
        return std::nullopt;
    const std::size_t slash = std::min(text.find('/'), text.size());
    std::string_view authority = text.substr(0, slash);
    std::string_view path = text.substr(slash);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    url.path = path;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == authority.npos)
            return std::nullopt;
        url.host = authority.substr(1, end - 1);
        authority.remove_prefix(end + 1);
    } else {
        url.host = authority.substr(0, authority.find(':'));
        authority.remove_prefix(url.host.size());
    }
    url.port = url.secure ? "443" : "80";
    if (authority.starts_with(':')) {
        url.port = authority.substr(1);
        authority = {};
    }
    if (url.host.empty() || url.host.find_first_of("[]") != std::string::npos ||
        !authority.empty() || !is_port(url.port))
        return std::nullopt;
    return url;
}

namespace {

HttpAnswer no_answer(std::string why) {
    return {.status = 0, .body = {}, .problem = std::move(why)};
}

/// One request on a connection of its own, step by step; it lives as long as a step is under way.
/// (In callbacks, since clang 14 cannot compile such a coroutine with sanitizers.)
class Exchange : public std::enable_shared_from_this<Exchange> {
public:
    using Done = std::function<void(HttpAnswer)>;

    Exchange(asio::io_context& io, const HttpClientOptions& options, ssl::context& tls,
             const std::string& path, const std::string& authorization, Done done)
        : options_{options}, resolver_{io}, stream_{beast::tcp_stream{io}, tls}, done_{std::move(
                                                                                     done)} {
        const std::string& host = options.server.host;
        request_.method(http::verb::get);
        request_.target(options.server.path + path);
        request_.set(http::field::host, (host.find(':') == host.npos ? host : "[" + host + "]") +
                                            ":" + options.server.port);
        request_.set(http::field::user_agent, "OpenWatchParty");
        request_.set(http::field::accept, "application/json");
        request_.set(http::field::authorization, authorization);
        request_.keep_alive(false);
        parser_.body_limit(options.body_bytes_max);
        parser_.header_limit(head_bytes_max);
    }

    void start(asio::steady_timer::time_point deadline) {
        plain().expires_at(deadline);
        resolver_.async_resolve(options_.server.host, options_.server.port,
                                [self = shared_from_this()](error_code error, auto endpoints) {
                                    if (error)
                                        return self->fail("the name cannot be resolved", error);
                                    self->connect(endpoints);
                                });
    }

private:
    beast::tcp_stream& plain() { return stream_.next_layer(); }

    void connect(const asio::ip::tcp::resolver::results_type& endpoints) {
        plain().async_connect(endpoints, [self = shared_from_this()](error_code error, auto&&) {
            if (error)
                self->fail("no connection", error);
            else if (self->options_.server.secure)
                self->shake_hands();
            else
                self->talk(self->plain());
        });
    }

    void shake_hands() {
        const std::string& host = options_.server.host;
        SSL_set_tlsext_host_name(stream_.native_handle(), host.c_str());
        stream_.set_verify_callback(ssl::host_name_verification{host});
        stream_.async_handshake(ssl::stream_base::client,
                                [self = shared_from_this()](error_code error) {
                                    if (error)
                                        return self->fail("no secure connection", error);
                                    self->talk(self->stream_);
                                });
    }

    template <class Stream>
    void talk(Stream& stream) {
        http::async_write(stream, request_,
                          [self = shared_from_this(), &stream](error_code error, std::size_t) {
                              if (error)
                                  return self->fail("the connection broke", error);
                              self->listen(stream);
                          });
    }

    template <class Stream>
    void listen(Stream& stream) {
        http::async_read(stream, buffer_, parser_,
                         [self = shared_from_this()](error_code error, std::size_t) {
                             if (error)
                                 return self->fail("no proper answer", error);
                             auto& message = self->parser_.get();
                             self->done_({.status = message.result_int(),
                                          .body = std::move(message.body()),
                                          .problem = {}});
                         });
    }

    void fail(const std::string& what, error_code error) {
        done_(no_answer(what + ": " + error.message()));
    }

    const HttpClientOptions& options_;
    asio::ip::tcp::resolver resolver_;
    ssl::stream<beast::tcp_stream> stream_; // its lower layer alone where no TLS is spoken
    http::request<http::empty_body> request_;
    http::response_parser<http::string_body> parser_;
    beast::flat_buffer buffer_;
    Done done_;
};

} // namespace

class HttpClient::Work {
public:
    Work(HttpClientOptions options, ssl::context tls)
        : options_{std::move(options)}, tls_{std::move(tls)}, thread_{[this] { io_.run(); }} {}
    ~Work() {
        io_.stop();
        thread_.join();
    }

    void get(std::string path, std::string authorization, std::function<void(HttpAnswer)> done) {
        asio::post(io_, [this, request = std::make_shared<Request>(
                                   io_, std::move(path), std::move(authorization),
                                   std::move(done))] { take(request); });
    }

private:
    struct Request {
        Request(asio::io_context& io, std::string asked_path, std::string asked_authorization,
                std::function<void(HttpAnswer)> asked_done)
            : path{std::move(asked_path)}, authorization{std::move(asked_authorization)},
              done{std::move(asked_done)}, deadline{io} {}
        std::string path;
        std::string authorization;
        std::function<void(HttpAnswer)> done; // empty: has been called
        asio::steady_timer deadline;
    };
    using RequestPtr = std::shared_ptr<Request>;

    static void finish(Request& request, HttpAnswer answer) {
        request.deadline.cancel();
        if (const auto done = std::exchange(request.done, nullptr))
            done(std::move(answer));
    }

    void take(const RequestPtr& request) {
        if (waiting_.size() >= options_.waiting_max)
            return finish(*request, no_answer("too many requests wait"));
        request->deadline.expires_after(options_.time_max);
        request->deadline.async_wait([request](error_code cancelled) {
            if (!cancelled)
                finish(*request, no_answer("no answer in time"));
        });
        waiting_.push_back(request);
        start_next();
    }

    void start_next() {
        while (running_ < options_.requests_max && !waiting_.empty()) {
            const RequestPtr request = std::move(waiting_.front());
            waiting_.pop_front();
            if (!request->done)
                continue; // its time was up before its turn came
            ++running_;
            std::make_shared<Exchange>(io_, options_, tls_, request->path, request->authorization,
                                       [this, request](HttpAnswer answer) {
                                           --running_;
                                           finish(*request, std::move(answer));
                                           start_next();
                                       })
                ->start(request->deadline.expiry());
        }
    }

    HttpClientOptions options_;
    ssl::context tls_;
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> busy_{io_.get_executor()};
    std::deque<RequestPtr> waiting_;
    std::size_t running_ = 0;
    std::thread thread_; // last: it uses all the others
};

HttpClient::Made HttpClient::make(HttpClientOptions options) {
    ssl::context tls{ssl::context::tls_client};
    tls.set_verify_mode(ssl::verify_peer);
    if (options.ca_file.empty()) {
        if (options.server.secure)
            trust_system(tls);
    } else {
        error_code error;
        tls.load_verify_file(options.ca_file, error);
        if (error)
            return {nullptr,
                    "cannot read certificates from " + options.ca_file + ": " + error.message()};
    }
    return {std::unique_ptr<HttpClient>{
                new HttpClient{std::make_unique<Work>(std::move(options), std::move(tls))}},
            {}};
}

HttpClient::HttpClient(std::unique_ptr<Work> work) : work_{std::move(work)} {}
HttpClient::~HttpClient() = default;

void HttpClient::get(std::string path, std::string authorization,
                     std::function<void(HttpAnswer)> done) {
    work_->get(std::move(path), std::move(authorization), std::move(done));
}

} // namespace owp::net
