#include "net/head.hpp"

#include "net/ascii.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace owp::net {
namespace {

namespace http = boost::beast::http;

template <class Visit>
void for_each(const Headers& headers, std::string_view name, Visit visit) {
    for (const auto& [key, value] : headers)
        if (same_ignoring_case(key, name))
            visit(std::string_view{value});
}

/// Before its end is there: a request begins with a letter (a TLS hello does not), its lines end
/// with CR LF, and it holds no NUL.
bool looks_like_a_head(std::string_view bytes) {
    if (bytes.empty())
        return true;
    const char first = lower(bytes.front());
    if (first < 'a' || first > 'z')
        return false;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        if (bytes[i] == '\0' || (bytes[i] == '\n' && bytes[i - 1] != '\r'))
            return false;
    return true;
}

/// "/path?query" or "http://authority/path?query"; false if it is neither.
bool split_target(std::string_view target, Head& head) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.size() < scheme.size() ||
            !same_ignoring_case(target.substr(0, scheme.size()), scheme))
            continue;
        target.remove_prefix(scheme.size());
        const auto path = target.find_first_of("/?");
        if (path == 0)
            return false; // no authority
        target = path == std::string_view::npos ? std::string_view{} : target.substr(path);
        if (target.empty() || target.front() == '?') {
            head.path = "/";
            head.query = target.empty() ? "" : target.substr(1);
            return true;
        }
        break;
    }
    if (!target.starts_with('/') || target.find('#') != std::string_view::npos)
        return false;
    const auto question = target.find('?');
    head.path = target.substr(0, question);
    head.query = question == std::string_view::npos ? "" : target.substr(question + 1);
    return true;
}

} // namespace

std::vector<std::string_view> Head::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for_each(headers, name, [&](std::string_view value) { values.push_back(value); });
    return values;
}

bool Head::lists(std::string_view name, std::string_view token) const {
    bool found = false;
    for_each(headers, name, [&](std::string_view value) {
        while (!value.empty()) {
            const auto comma = value.find(',');
            found = found || same_ignoring_case(trimmed(value.substr(0, comma)), token);
            value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
        }
    });
    return found;
}

std::variant<HeadIncomplete, HeadBad, HeadComplete> parse_head(std::string_view bytes,
                                                               std::size_t header_limit) {
    const auto end = bytes.substr(0, header_limit).find("\r\n\r\n");
    if (end == std::string_view::npos) {
        if (!looks_like_a_head(bytes))
            return HeadBad{400};
        if (bytes.size() >= header_limit)
            return HeadBad{431};
        return HeadIncomplete{};
    }
    bytes = bytes.substr(0, end + 4);
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(header_limit));
    boost::system::error_code error;
    parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (error == http::error::bad_version)
        return HeadBad{505};
    if (error || !parser.is_header_done())
        return HeadBad{400};

    const auto& request = parser.get();
    if (request.version() != 10 && request.version() != 11)
        return HeadBad{505};
    Head head;
    head.method = request.method_string();
    head.http_1_1 = request.version() == 11;
    head.keep_alive = request.keep_alive();
    for (const auto& field : request)
        head.headers.emplace_back(field.name_string(), field.value());
    if (!split_target(request.target(), head))
        return HeadBad{400};

    const std::size_t hosts = head.all("Host").size();
    if (hosts > 1 || (hosts == 0 && head.http_1_1))
        return HeadBad{400};
    const auto lengths = head.all("Content-Length");
    const bool chunked = !head.all("Transfer-Encoding").empty();
    if (lengths.size() > 1 || (chunked && !lengths.empty()))
        return HeadBad{400}; // two readers could see two different requests
    head.has_body = chunked || (!lengths.empty() && parser.content_length().value_or(1) != 0);
    return HeadComplete{std::move(head), bytes.size()};
}

} // namespace owp::net
