#include "net/head.hpp"

#include "net/ascii.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>

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

/// RFC 9112 §5.2: a field that goes on in the next line. Readers differ in what they make of it.
bool has_folded_line(std::string_view head) {
    return head.find("\r\n ") != head.npos || head.find("\r\n\t") != head.npos;
}

/// "GET /path HTTP/1.2": a request, if of a version that we do not speak.
bool names_a_version(std::string_view head) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    constexpr std::string_view form = " HTTP/d.d";
    if (line.size() < form.size() || std::ranges::count(line, ' ') != 2)
        return false;
    const std::string_view version = line.substr(line.size() - form.size());
    return version.starts_with(" HTTP/") && digit(version[6]) && version[7] == '.' &&
           digit(version[8]);
}

/// RFC 3986 §3.2: a name or address and maybe a port. Empty is one too.
bool is_host(std::string_view value) {
    std::size_t end = value.find(':');
    if (value.starts_with('[')) {
        const auto bracket = value.find(']');
        boost::system::error_code failed;
        if (bracket == value.npos)
            return false;
        boost::asio::ip::make_address_v6(std::string{value.substr(1, bracket - 1)}, failed);
        end = bracket + 1;
        if (failed || (end < value.size() && value[end] != ':'))
            return false;
    } else if (!std::ranges::all_of(value.substr(0, end), [](char c) {
                   return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
                          std::string_view{"-._~%!$&'()*+,;="}.find(c) != std::string_view::npos;
               })) {
        return false;
    }
    return end >= value.size() ||
           value.find_first_not_of("0123456789", end + 1) == std::string_view::npos;
}

/// RFC 9112 §6.3: only then is it known where the body ends.
bool ends_chunked(const std::vector<std::string_view>& codings) {
    const std::string_view last = codings.back();
    return same_ignoring_case(trimmed(last.substr(last.find_last_of(',') + 1)), "chunked");
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
    // RFC 9112 §2.2: an empty line before a request is no part of it.
    const std::size_t before = bytes.starts_with("\r\n") ? 2 : bytes == "\r" ? 1 : 0;
    bytes.remove_prefix(before);
    const auto end = bytes.substr(0, header_limit).find("\r\n\r\n");
    if (end == std::string_view::npos) {
        if (!looks_like_a_head(bytes))
            return HeadBad{400};
        if (bytes.size() >= header_limit)
            return HeadBad{bytes.find("\r\n") == bytes.npos ? 414 : 431};
        return HeadIncomplete{};
    }
    bytes = bytes.substr(0, end + 4);
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(header_limit));
    boost::system::error_code error;
    parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (error == http::error::bad_version && names_a_version(bytes))
        return HeadBad{505};
    if (error || has_folded_line(bytes) || !parser.is_header_done())
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

    const auto hosts = head.all("Host");
    if (hosts.size() > 1 || (hosts.empty() && head.http_1_1) ||
        !std::ranges::all_of(hosts, is_host))
        return HeadBad{400};
    const auto lengths = head.all("Content-Length");
    const auto codings = head.all("Transfer-Encoding");
    // Two readers could see two different requests.
    if (lengths.size() > 1 || (!codings.empty() && (!lengths.empty() || !ends_chunked(codings))))
        return HeadBad{400};
    head.has_body =
        !codings.empty() || (!lengths.empty() && parser.content_length().value_or(1) != 0);
    return HeadComplete{std::move(head), before + bytes.size()};
}

} // namespace owp::net
