#include "protocol/json_writer.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace owp::json {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// What a JSON string must not hold as it is (RFC 8259 §7).
constexpr bool must_escape(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

template <class Number>
void append_number(std::string& out, Number value) {
    char digits[32]; // the longest double has 24 characters, the longest integer 20
    const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, end.ptr);
}

} // namespace

void Writer::separate() {
    if (out_.empty())
        return;
    const char last = out_.back();
    if (last != '{' && last != '[' && last != ':')
        out_ += ',';
}

void Writer::open(char bracket) {
    separate();
    out_ += bracket;
}

void Writer::key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
}

void Writer::text(std::string_view value) {
    separate();
    out_ += '"';
    while (!value.empty()) {
        const auto* const escaped = std::find_if(value.begin(), value.end(), must_escape);
        const auto plain = static_cast<std::size_t>(escaped - value.begin());
        out_ += value.substr(0, plain);
        value.remove_prefix(plain);
        if (value.empty())
            break;
        const char c = value.front();
        value.remove_prefix(1);
        if (c == '"' || c == '\\') {
            out_ += '\\';
            out_ += c;
        } else {
            out_ += "\\u00";
            out_ += hex_digits[static_cast<unsigned char>(c) >> 4];
            out_ += hex_digits[static_cast<unsigned char>(c) & 0xf];
        }
    }
    out_ += '"';
}

void Writer::number(double value) {
    separate();
    append_number(out_, value);
}

void Writer::integer(std::int64_t value) {
    separate();
    append_number(out_, value);
}

void Writer::milliseconds(std::int64_t microseconds) {
    integer(microseconds / 1000);
    std::int64_t thousandths = microseconds % 1000;
    if (thousandths == 0)
        return;
    out_ += '.';
    for (std::int64_t unit = 100; thousandths != 0; unit /= 10) {
        out_ += static_cast<char>('0' + thousandths / unit);
        thousandths %= unit;
    }
}

void Writer::boolean(bool value) {
    separate();
    out_ += value ? "true" : "false";
}

void Writer::null() {
    separate();
    out_ += "null";
}

void Writer::raw(std::string_view json) {
    separate();
    out_ += json;
}

} // namespace owp::json
