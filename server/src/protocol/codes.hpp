// Generated from protocol/codes.json by tools/generate-codes. Do not edit.
#pragma once

#include <cstdint>
#include <string_view>

namespace owp {

enum class ErrorCode : std::uint8_t {
    invalid_json,
    invalid_message,
    unknown_message_type,
    message_too_large,
    rate_limited,
    authentication_required,
    invalid_token,
    token_expired,
    protocol_version_unsupported,
    room_not_found,
    invite_invalid,
    room_full,
    room_limit_reached,
    not_in_room,
    host_permission_required,
    media_forbidden,
    invalid_position,
    invalid_chat_message,
    user_not_allowed,
    auth_unavailable,
    server_full,
};

/// The code as the wire writes it, such as "ROOM_FULL".
[[nodiscard]] std::string_view name_of(ErrorCode code);
/// The sentence for people.
[[nodiscard]] std::string_view sentence_of(ErrorCode code);

enum class CloseCode : std::uint16_t {
    going_away = 1001,
    protocol_error = 1002,
    unsupported_data = 1003,
    invalid_payload = 1007,
    policy_violation = 1008,
    message_too_big = 1009,
    internal_error = 1011,
    service_restart = 1012,
    try_again_later = 1013,
    timed_out = 4000,
    too_slow = 4001,
    authentication_timeout = 4100,
    replaced = 4101,
    signed_out = 4102,
};

/// The name for logs and metrics, such as "TOO_SLOW".
[[nodiscard]] std::string_view name_of(CloseCode code);
/// The sentence for people; fits the 123 bytes of a close frame's reason.
[[nodiscard]] std::string_view sentence_of(CloseCode code);

} // namespace owp
