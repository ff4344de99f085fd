// RFC 4648 §5 without padding, strictly: one text for each value, nothing else accepted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace owp::auth {

[[nodiscard]] std::string encode_base64url(std::string_view bytes);
/// Refuses padding, foreign characters, impossible lengths and stray bits in the last digit.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

} // namespace owp::auth
