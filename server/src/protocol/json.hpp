// The only door by which foreign JSON comes in: RFC 8259 to the letter, and bounded (P-JSON-*).
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace owp::json {

/// The value of a whole text, its memory taken from `storage`. None if it is not valid: comments,
/// trailing commas, text after the value, invalid UTF-8, lone surrogates, NaN, numbers too large
/// for a double, nesting or objects beyond the limits of P-JSON-2 and 3. Of a repeated key the last
/// one counts. Numbers are the nearest double, as JavaScript reads them.
[[nodiscard]] std::optional<boost::json::value> parse(std::string_view text,
                                                      boost::json::storage_ptr storage);

} // namespace owp::json
