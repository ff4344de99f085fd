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

template <std::size_t Size>
std::array<char, Size> to_digits(const std::array<std::uint8_t, 16>& bytes) {
    std::array<char, Size> text;
    auto place = text.begin();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (Size == 36 && dash_before(i))
            *place++ = '-';
        *place++ = digits[bytes[i] >> 4];
        *place++ = digits[bytes[i] & 0xf];
    }
    return text;
}

template <std::size_t Size>
std::string to_string(const std::array<char, Size>& text) {
    return {text.data(), text.size()};
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

std::array<char, 36> to_uuid_digits(const std::array<std::uint8_t, 16>& bytes) {
    return to_digits<36>(bytes);
}

std::string to_uuid_string(const std::array<std::uint8_t, 16>& bytes) {
    return to_string(to_uuid_digits(bytes));
}

std::optional<std::array<std::uint8_t, 16>> parse_uuid(std::string_view text) {
    return from_text(text, true);
}

std::array<char, 32> to_hex_digits(const std::array<std::uint8_t, 16>& bytes) {
    return to_digits<32>(bytes);
}

std::string to_hex_string(const std::array<std::uint8_t, 16>& bytes) {
    return to_string(to_hex_digits(bytes));
}

std::optional<std::array<std::uint8_t, 16>> parse_hex(std::string_view text) {
    return from_text(text, false);
}

} // namespace owp
