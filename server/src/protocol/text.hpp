// Lengths of text as the wire counts them: in code points, not in bytes (P-TEXT-*).
#pragma once

#include <cstddef>
#include <string_view>

namespace owp {

/// Code points of a text; each byte of no valid UTF-8 sequence counts as one.
[[nodiscard]] std::size_t count_code_points(std::string_view text);
/// RFC 3629, without overlong forms and surrogates.
[[nodiscard]] bool is_utf8(std::string_view text);

} // namespace owp
