#include "net/response_plan.hpp"

#include "net/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace owp::net {
namespace {

/// Digits only. A number too large for 64 bits is the largest: beyond every file.
std::optional<std::uint64_t> parse_number(std::string_view digits) {
    if (digits.empty() ||
        !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::uint64_t number = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc{})
        return UINT64_MAX;
    return number;
}

} // namespace

std::variant<RangeIgnored, RangeUnsatisfiable, ByteRange> parse_range(std::string_view value,
                                                                      std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    if (value.size() < unit.size() || !same_ignoring_case(value.substr(0, unit.size()), unit))
        return RangeIgnored{};
    value = trimmed(value.substr(unit.size()));
    const auto dash = value.find('-');
    if (dash == std::string_view::npos)
        return RangeIgnored{};
    const auto first = parse_number(value.substr(0, dash));
    const auto last = parse_number(value.substr(dash + 1));

    if (dash == 0) { // "-500": the last 500 bytes
        if (!last)
            return RangeIgnored{};
        if (*last == 0 || size == 0)
            return RangeUnsatisfiable{};
        return ByteRange{size - std::min(*last, size), size - 1};
    }
    const bool open_ended = dash + 1 == value.size();
    if (!first || (!last && !open_ended) || (last && *last < *first))
        return RangeIgnored{};
    if (*first >= size)
        return RangeUnsatisfiable{};
    return ByteRange{*first, open_ended ? size - 1 : std::min(*last, size - 1)};
}

} // namespace owp::net
