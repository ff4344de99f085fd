// What people may be called and may say (P-TEXT-*): no character that moves, hides or reverses
// other text, none that breaks a log line.
#include "protocol/text.hpp"

#include "protocol/codec.hpp"

#include <algorithm>
#include <utility>

namespace owp {
namespace {

constexpr char32_t replacement = 0xFFFD;

constexpr bool in(char32_t c, char32_t first, char32_t last) {
    return c >= first && c <= last;
}

/// Controls (C0, DEL, C1), line and paragraph separators, bidirectional embeddings, overrides and
/// isolates, and the byte order mark.
constexpr bool removed(char32_t c) {
    return c < 0x20 || in(c, 0x7F, 0x9F) || in(c, 0x2028, 0x202E) || in(c, 0x2066, 0x2069) ||
           c == 0xFEFF;
}

/// What JavaScript's trim() takes for white space, less what is removed anyway; and the characters
/// without width, of which a name must not consist.
constexpr bool blank(char32_t c) {
    return c == 0x20 || c == 0xA0 || c == 0x1680 || in(c, 0x2000, 0x200F) || c == 0x202F ||
           c == 0x205F || c == 0x2060 || c == 0x3000;
}

/// Takes one code point off the front. One U+FFFD for each byte that belongs to no valid sequence
/// (RFC 3629: overlong forms, surrogates and what lies above U+10FFFF are invalid).
char32_t take_code_point(std::string_view& text) {
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const char32_t lead = byte(0);
    const std::size_t size = lead < 0x80            ? 1
                             : in(lead, 0xC2, 0xDF) ? 2
                             : in(lead, 0xE0, 0xEF) ? 3
                             : in(lead, 0xF0, 0xF4) ? 4
                                                    : 0;
    char32_t c = size <= 1 ? lead : lead & (0x7FU >> size);
    bool valid = size != 0 && size <= text.size();
    for (std::size_t i = 1; valid && i < size; ++i) {
        valid = (byte(i) & 0xC0U) == 0x80;
        c = (c << 6) | (byte(i) & 0x3FU);
    }
    if (!valid || (size == 3 && (c < 0x800 || in(c, 0xD800, 0xDFFF))) ||
        (size == 4 && !in(c, 0x10000, 0x10FFFF))) {
        text.remove_prefix(1);
        return replacement;
    }
    text.remove_prefix(size);
    return c;
}

void append(std::string& out, char32_t c) {
    const auto continuation = [](char32_t bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        out += continuation(c);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        out += continuation(c >> 6);
        out += continuation(c);
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        out += continuation(c >> 12);
        out += continuation(c >> 6);
        out += continuation(c);
    }
}

/// Nearly all that anybody says or is called.
bool is_clean(std::string_view text, std::size_t code_points_max) {
    return text.size() <= code_points_max && !text.starts_with(' ') && !text.ends_with(' ') &&
           std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string cleaned(std::string_view text, std::size_t code_points_max) {
    std::string out;
    std::size_t end = 0; // of the last character that is not blank: the end of the trimmed text
    std::size_t taken = 0;
    while (!text.empty() && taken < code_points_max) {
        const char32_t c = take_code_point(text);
        if (removed(c) || (out.empty() && blank(c)))
            continue;
        append(out, c);
        ++taken;
        if (!blank(c))
            end = out.size();
    }
    out.resize(end);
    return out;
}

} // namespace

std::string clean_text(std::string_view text, std::size_t code_points_max) {
    return is_clean(text, code_points_max) ? std::string{text} : cleaned(text, code_points_max);
}

std::string clean_text(std::string&& text, std::size_t code_points_max) {
    return is_clean(text, code_points_max) ? std::move(text) : cleaned(text, code_points_max);
}

std::size_t count_code_points(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        take_code_point(text);
        ++count;
    }
    return count;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t before = text.size();
        if (take_code_point(text) == replacement && before - text.size() == 1)
            return false;
    }
    return true;
}

} // namespace owp
