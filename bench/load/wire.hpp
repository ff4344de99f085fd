// The client's side of v1 over WebSocket, as much as a load needs. It reads by searching, not by
// parsing, so that the generator costs less than what it measures; it relies on no order of fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace owp::load {

// ---- WebSocket (RFC 6455)
// ------------------------------------------------------------------------
[[nodiscard]] std::string upgrade_request();

enum class Opcode : std::uint8_t { text = 1, close = 8, ping = 9, pong = 10 };

/// Masked, as a client must, with a key of zeros, which leaves the bytes as they are.
void append_frame(std::string& out, Opcode opcode, std::string_view payload);

struct ReceivedFrame {
    Opcode opcode{};
    std::string_view payload;
};
/// Takes the first frame off `bytes`; none: it is not all there.
[[nodiscard]] std::optional<ReceivedFrame> take_frame(std::string_view& bytes);

// ---- v1
// ------------------------------------------------------------------------------------------
[[nodiscard]] std::string create_room_text();
[[nodiscard]] std::string join_room_text(std::string_view room);
[[nodiscard]] std::string leave_room_text(std::string_view room);
[[nodiscard]] std::string ready_text(std::string_view room);
[[nodiscard]] std::string ping_text(std::int64_t nanoseconds);
[[nodiscard]] std::string chat_text(std::string_view room, std::size_t number);
/// `action` of a player_event, or empty: a state_update.
[[nodiscard]] std::string playback_text(std::string_view room, std::size_t number,
                                        std::string_view action, double position_seconds,
                                        bool playing);

[[nodiscard]] std::string_view type_of(std::string_view message);
/// The text after `"name":"`; empty if there is none.
[[nodiscard]] std::string_view text_field(std::string_view message, std::string_view name);
/// The number of a relayed chat, command or report; none: it is not ours.
[[nodiscard]] std::optional<std::size_t> number_of(std::string_view message, std::string_view type);
/// What a pong gives back of ping_text().
[[nodiscard]] std::optional<std::int64_t> pong_nanoseconds(std::string_view message);

} // namespace owp::load
