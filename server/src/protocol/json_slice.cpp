#include "protocol/json_slice.hpp"

#include <boost/json/serialize.hpp>

#include <optional>

namespace owp::json {
namespace {

/// The end of the string whose opening quote stands at `begin`: one past its closing quote.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
    std::size_t i = begin + 1;
    while (text[i] != '"')
        i += text[i] == '\\' ? 2 : 1;
    return i + 1;
}

/// The end of the value that begins at `begin`; it stops before `,` or the closing bracket around.
std::size_t end_of_value(std::string_view text, std::size_t begin) {
    std::size_t depth = 0;
    std::size_t i = begin;
    while (true) {
        const char c = text[i];
        if (c == '"') {
            i = end_of_string(text, i);
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return i;
        if (c == '{' || c == '[')
            ++depth;
        else if (c == '}' || c == ']')
            --depth;
        ++i;
    }
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view white = " \t\r\n";
    text.remove_prefix(text.find_first_not_of(white));
    return text.substr(0, text.find_last_not_of(white) + 1);
}

/// None if a key of the object is written with escapes.
std::optional<std::string_view> find_member(std::string_view text, std::string_view name) {
    std::optional<std::string_view> found;
    std::size_t i = text.find('{') + 1;
    while ((i = text.find_first_of("\"}", i)) != std::string_view::npos && text[i] == '"') {
        const std::size_t key_end = end_of_string(text, i);
        const std::string_view key = text.substr(i + 1, key_end - i - 2);
        if (key.find('\\') != std::string_view::npos)
            return std::nullopt;
        const std::size_t value_begin = text.find(':', key_end) + 1;
        const std::size_t value_end = end_of_value(text, value_begin);
        if (key == name)
            found = trimmed(text.substr(value_begin, value_end - value_begin));
        i = value_end;
    }
    return found;
}

} // namespace

std::string member_slice(std::string_view text, std::string_view name,
                         const boost::json::object& value) {
    const std::optional<std::string_view> slice = find_member(text, name);
    return slice ? std::string(*slice) : boost::json::serialize(value);
}

} // namespace owp::json
