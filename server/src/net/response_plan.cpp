#include "net/response_plan.hpp"

#include "net/ascii.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace owp::net {
namespace {

/// What a handler passes on from elsewhere must not end the line it stands in.
void append_header(std::string& head, std::string_view name, std::string_view value) {
    const auto append = [&](std::string_view text) {
        for (const char c : text)
            head.push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
    };
    append(name);
    head += ": ";
    append(value);
    head += "\r\n";
}

std::string begin_head(int status, bool keep_alive, std::time_t date) {
    std::string head = "HTTP/1.1 " + std::to_string(status) + ' ';
    head += reason_phrase(status);
    head += "\r\n";
    append_header(head, "Date", http_date(date));
    append_header(head, "Connection", keep_alive ? "keep-alive" : "close");
    return head;
}

/// Does If-None-Match name this tag, weakly compared (RFC 9110 §13.1.2)?
bool names_tag(std::string_view list, std::string_view tag) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        auto entry = trimmed(list.substr(0, comma));
        if (entry.starts_with("W/"))
            entry.remove_prefix(2);
        if (entry == "*" || entry == tag)
            return true;
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
    return false;
}

struct FileState {
    std::uint64_t size = 0;
    std::time_t modified = 0;
    std::string tag;
};

bool not_modified(const Request& request, const FileState& file) {
    if (const auto tags = request.header("If-None-Match"); !tags.empty())
        return names_tag(tags, file.tag);
    const auto since = parse_http_date(request.header("If-Modified-Since"));
    return since && file.modified <= *since;
}

/// A range counts only for GET, and only if If-Range still names this very file.
bool range_applies(const Request& request, const FileState& file) {
    if (request.is_head || request.header("Range").empty())
        return false;
    const auto condition = request.header("If-Range");
    return condition.empty() || condition == file.tag ||
           parse_http_date(condition) == file.modified;
}

ResponsePlan plan_memory(const Request& request, const Response& response, const std::string& body,
                         bool keep_alive, std::time_t date) {
    ResponsePlan plan{begin_head(response.status, keep_alive, date), std::nullopt};
    for (const auto& [name, value] : response.headers)
        append_header(plan.head, name, value);
    if (response.status != 304 && response.status != 204) {
        append_header(plan.head, "Content-Type",
                      response.content_type.empty() ? "text/plain; charset=utf-8"
                                                    : response.content_type);
        append_header(plan.head, "Content-Length", std::to_string(body.size()));
    }
    plan.head += "\r\n";
    if (!request.is_head && response.status != 304 && response.status != 204)
        plan.head += body;
    return plan;
}

ResponsePlan plan_file(const Request& request, const Response& response,
                       const std::filesystem::path& path, bool keep_alive, std::time_t date) {
    // Not blocking: opening a FIFO would wait for its writer.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    OpenFile file{descriptor};
    struct ::stat status {};
    if (descriptor < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM)) {
        Response later; // "not found" would be believed, and remembered
        later.status = 503;
        later.headers = response.headers;
        later.headers.emplace_back("Retry-After", "1");
        return plan_memory(request, later, "The server has too much open. Please try again.\n",
                           keep_alive, date);
    }
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        Response missing;
        missing.status = 404;
        missing.headers = response.headers;
        return plan_memory(request, missing, "Not found\n", keep_alive, date);
    }
    char tag[64];
    (void)std::snprintf(tag, sizeof tag, "\"%lx-%llx-%llx\"",
                        static_cast<unsigned long>(status.st_ino),
                        static_cast<unsigned long long>(status.st_mtim.tv_sec) * 1'000'000'000ULL +
                            static_cast<unsigned long long>(status.st_mtim.tv_nsec),
                        static_cast<unsigned long long>(status.st_size));
    const FileState state{static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec, tag};

    int code = response.status;
    ByteRange range{0, state.size - 1};
    std::uint64_t bytes = state.size;
    std::string content_range;
    if (code == 200 && not_modified(request, state)) {
        code = 304;
        bytes = 0;
    } else if (code == 200 && range_applies(request, state)) {
        const auto wanted = parse_range(request.header("Range"), state.size);
        if (const auto* part = std::get_if<ByteRange>(&wanted)) {
            code = 206;
            range = *part;
            bytes = range.last - range.first + 1;
            content_range = "bytes " + std::to_string(range.first) + '-' +
                            std::to_string(range.last) + '/' + std::to_string(state.size);
        } else if (std::holds_alternative<RangeUnsatisfiable>(wanted)) {
            code = 416;
            bytes = 0;
            content_range = "bytes */" + std::to_string(state.size);
        }
    }

    ResponsePlan plan{begin_head(code, keep_alive, date), std::nullopt};
    for (const auto& [name, value] : response.headers)
        append_header(plan.head, name, value);
    append_header(plan.head, "Accept-Ranges", "bytes");
    append_header(plan.head, "ETag", state.tag);
    append_header(plan.head, "Last-Modified", http_date(state.modified));
    if (!content_range.empty())
        append_header(plan.head, "Content-Range", content_range);
    if (code != 304) {
        append_header(plan.head, "Content-Type",
                      response.content_type.empty() ? content_type_of(path.native())
                                                    : response.content_type);
        append_header(plan.head, "Content-Length", std::to_string(bytes));
    }
    plan.head += "\r\n";
    if (!request.is_head && bytes > 0)
        plan.slice = FileSlice{std::move(file), range.first, bytes};
    return plan;
}

} // namespace

ResponsePlan plan_response(const Request& request, const Response& response, bool keep_alive,
                           std::time_t date) {
    if (const auto* body = std::get_if<std::string>(&response.body))
        return plan_memory(request, response, *body, keep_alive, date);
    return plan_file(request, response, std::get<FileBody>(response.body).path, keep_alive, date);
}

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (same_ignoring_case(key, name))
            return value;
    return {};
}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

OpenFile::~OpenFile() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

std::optional<std::string> OpenFile::read(std::uint64_t offset, std::size_t bytes) const {
    std::string data(bytes, '\0');
    std::size_t filled = 0;
    while (filled < bytes) {
        const ssize_t got = ::pread(descriptor_, data.data() + filled, bytes - filled,
                                    static_cast<off_t>(offset + filled));
        if (got < 0)
            return std::nullopt;
        if (got == 0)
            break;
        filled += static_cast<std::size_t>(got);
    }
    data.resize(filled);
    return data;
}

void OpenFile::announce(std::uint64_t offset, std::uint64_t bytes) const {
    ::posix_fadvise(descriptor_, static_cast<off_t>(offset), static_cast<off_t>(bytes),
                    POSIX_FADV_WILLNEED);
}

std::string http_date(std::time_t time) {
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    char text[64];
    const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text, size};
}

std::optional<std::time_t> parse_http_date(std::string_view text) {
    const std::string copy{text};
    std::tm parts{};
    const char* const end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0' || copy.empty())
        return std::nullopt;
    return ::timegm(&parts);
}

std::string_view reason_phrase(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 204:
        return "No Content";
    case 206:
        return "Partial Content";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 416:
        return "Range Not Satisfiable";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Unknown";
    }
}

} // namespace owp::net
