#include "net/http_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <charconv>
#include <deque>
#include <thread>

namespace owp::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using boost::system::error_code;

namespace {

constexpr auto result = asio::as_tuple(asio::use_awaitable);
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
            asio::co_spawn(io_, run(request), [this](const std::exception_ptr& failed) {
                if (failed)
                    std::rethrow_exception(failed);
                --running_;
                start_next();
            });
        }
    }

    asio::awaitable<void> run(RequestPtr request) {
        HttpAnswer answer = co_await fetch(*request);
        finish(*request, std::move(answer));
    }

    asio::awaitable<HttpAnswer> fetch(const Request& request) {
        asio::ip::tcp::resolver resolver{io_};
        const auto [unresolved, endpoints] =
            co_await resolver.async_resolve(options_.server.host, options_.server.port, result);
        if (unresolved)
            co_return problem("the name cannot be resolved", unresolved);
        beast::tcp_stream plain{io_};
        plain.expires_at(request.deadline.expiry());
        const auto [unconnected, endpoint] = co_await plain.async_connect(endpoints, result);
        if (unconnected)
            co_return problem("no connection", unconnected);
        if (!options_.server.secure)
            co_return co_await exchange(plain, request);
        ssl::stream<beast::tcp_stream> secure{std::move(plain), tls_};
        SSL_set_tlsext_host_name(secure.native_handle(), options_.server.host.c_str());
        secure.set_verify_callback(ssl::host_name_verification{options_.server.host});
        const auto [unsafe] = co_await secure.async_handshake(ssl::stream_base::client, result);
        if (unsafe)
            co_return problem("no secure connection", unsafe);
        co_return co_await exchange(secure, request);
    }

    template <class Stream>
    asio::awaitable<HttpAnswer> exchange(Stream& stream, const Request& request) {
        http::request<http::empty_body> message{http::verb::get,
                                                options_.server.path + request.path, 11};
        const std::string& host = options_.server.host;
        message.set(http::field::host, (host.find(':') == host.npos ? host : "[" + host + "]") +
                                           ":" + options_.server.port);
        message.set(http::field::user_agent, "OpenWatchParty");
        message.set(http::field::accept, "application/json");
        message.set(http::field::authorization, request.authorization);
        message.keep_alive(false);
        const auto [unsent, sent] = co_await http::async_write(stream, message, result);
        if (unsent)
            co_return problem("the connection broke", unsent);
        http::response_parser<http::string_body> parser;
        parser.body_limit(options_.body_bytes_max);
        parser.header_limit(head_bytes_max);
        beast::flat_buffer buffer;
        const auto [unread, read] = co_await http::async_read(stream, buffer, parser, result);
        if (unread)
            co_return problem("no proper answer", unread);
        co_return HttpAnswer{.status = parser.get().result_int(),
                             .body = std::move(parser.get().body()),
                             .problem = {}};
    }

    static HttpAnswer no_answer(std::string why) {
        return {.status = 0, .body = {}, .problem = std::move(why)};
    }
    static HttpAnswer problem(const std::string& what, error_code error) {
        return no_answer(what + ": " + error.message());
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
