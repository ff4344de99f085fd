// Text to values and back. No policy: who may send what is decided in edge/ and core/.
#pragma once

#include "protocol/messages.hpp"

#include <string>
#include <string_view>

namespace owp {

inline constexpr std::size_t message_bytes_max = std::size_t{64} * 1024; // P-LIMIT-1

/// Parses one frame. Never throws; whatever cannot be understood is a from_client::Invalid with
/// the code to answer. Bounded: nesting depth, sizes, finite numbers only (P-JSON-*).
[[nodiscard]] ClientMessage decode(std::string_view text);

/// The frame for one dialect, stamped with `now` as server_ts, into `text`, whatever that held.
/// Empty if that dialect has no such message (the receiver then gets nothing).
void encode(const ServerMessage& message, Dialect dialect, ServerTime now, std::string& text);
/// The same into a text of its own.
[[nodiscard]] std::string encode(const ServerMessage& message, Dialect dialect, ServerTime now);

/// P-TEXT-1: trimmed, control and bidi-override characters removed, cut to `code_points_max` code
/// points; invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string clean_text(std::string_view text, std::size_t code_points_max);
/// Copies nothing that is clean.
[[nodiscard]] std::string clean_text(std::string&& text, std::size_t code_points_max);

} // namespace owp
