// From a handler's Response to what goes over the wire: the head, and a body from memory or a slice
// of a file. Ranges and conditions (RFC 9110 §13, §14) are decided here.
#pragma once

#include "net/http.hpp"

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace owp::net {

/// Closes the file when it goes.
class OpenFile {
public:
    explicit OpenFile(int descriptor) : descriptor_{descriptor} {}
    OpenFile(OpenFile&& other) noexcept : descriptor_{other.descriptor_} { other.descriptor_ = -1; }
    OpenFile& operator=(OpenFile&& other) noexcept;
    ~OpenFile();

    /// Up to `bytes` from `offset`; fewer only at the file's end. None on an error.
    [[nodiscard]] std::optional<std::string> read(std::uint64_t offset, std::size_t bytes) const;
    /// Asks the kernel to fetch what is read next, so that a slow disk does not hold up the loop.
    void announce(std::uint64_t offset, std::uint64_t bytes) const;

private:
    int descriptor_;
};

struct FileSlice {
    OpenFile file;
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};

struct ResponsePlan {
    std::string head; // and the body, if it is in memory
    std::optional<FileSlice> slice;
};

/// `date`: for the Date header and the age of files.
[[nodiscard]] ResponsePlan plan_response(const Request& request, const Response& response,
                                         bool keep_alive, std::time_t date);

struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0; // inclusive
};
struct RangeIgnored {}; // malformed, or several ranges: the whole file is sent
struct RangeUnsatisfiable {};
/// The Range header's value against a file of `size` bytes.
[[nodiscard]] std::variant<RangeIgnored, RangeUnsatisfiable, ByteRange>
parse_range(std::string_view value, std::uint64_t size);

/// "Sun, 06 Nov 1994 08:49:37 GMT"
[[nodiscard]] std::string http_date(std::time_t time);
[[nodiscard]] std::optional<std::time_t> parse_http_date(std::string_view text);
[[nodiscard]] std::string_view reason_phrase(int status);

} // namespace owp::net
