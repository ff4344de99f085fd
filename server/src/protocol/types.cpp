#include "protocol/types.hpp"

namespace owp {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

constexpr int value_of(char digit) {
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

/// In a UUID a dash stands before these bytes: 8-4-4-4-12 digits.
constexpr bool dash_before(std::size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

std::string to_text(const std::array<std::uint8_t, 16>& bytes, bool dashes) {
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (dashes && dash_before(i))
            text += '-';
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 0xf];
    }
    return text;
}

std::optional<std::array<std::uint8_t, 16>> from_text(std::string_view text, bool dashes) {
    if (text.size() != (dashes ? 36U : 32U))
        return std::nullopt;
    std::array<std::uint8_t, 16> bytes{};
    std::size_t place = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (dashes && dash_before(i) && text[place++] != '-')
            return std::nullopt;
        const int high = value_of(text[place++]);
        const int low = value_of(text[place++]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return bytes;
}

} // namespace

std::string to_uuid_string(const std::array<std::uint8_t, 16>& bytes) {
    return to_text(bytes, true);
}

std::optional<std::array<std::uint8_t, 16>> parse_uuid(std::string_view text) {
    return from_text(text, true);
}

std::string to_hex_string(const std::array<std::uint8_t, 16>& bytes) {
    return to_text(bytes, false);
}

std::optional<std::array<std::uint8_t, 16>> parse_hex(std::string_view text) {
    return from_text(text, false);
}

} // namespace owp
