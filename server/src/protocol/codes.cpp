// Generated from protocol/codes.json by tools/generate-codes. Do not edit.
#include "protocol/codes.hpp"

namespace owp {

std::string_view name_of(ErrorCode code) {
    switch (code) {
    case ErrorCode::invalid_json:
        return "INVALID_JSON";
    case ErrorCode::invalid_message:
        return "INVALID_MESSAGE";
    case ErrorCode::unknown_message_type:
        return "UNKNOWN_MESSAGE_TYPE";
    case ErrorCode::message_too_large:
        return "MESSAGE_TOO_LARGE";
    case ErrorCode::rate_limited:
        return "RATE_LIMITED";
    case ErrorCode::authentication_required:
        return "AUTHENTICATION_REQUIRED";
    case ErrorCode::invalid_token:
        return "INVALID_TOKEN";
    case ErrorCode::token_expired:
        return "TOKEN_EXPIRED";
    case ErrorCode::protocol_version_unsupported:
        return "PROTOCOL_VERSION_UNSUPPORTED";
    case ErrorCode::room_not_found:
        return "ROOM_NOT_FOUND";
    case ErrorCode::invite_invalid:
        return "INVITE_INVALID";
    case ErrorCode::room_full:
        return "ROOM_FULL";
    case ErrorCode::room_limit_reached:
        return "ROOM_LIMIT_REACHED";
    case ErrorCode::not_in_room:
        return "NOT_IN_ROOM";
    case ErrorCode::host_permission_required:
        return "HOST_PERMISSION_REQUIRED";
    case ErrorCode::media_forbidden:
        return "MEDIA_FORBIDDEN";
    case ErrorCode::invalid_position:
        return "INVALID_POSITION";
    case ErrorCode::invalid_chat_message:
        return "INVALID_CHAT_MESSAGE";
    case ErrorCode::user_not_allowed:
        return "USER_NOT_ALLOWED";
    case ErrorCode::auth_unavailable:
        return "AUTH_UNAVAILABLE";
    case ErrorCode::server_full:
        return "SERVER_FULL";
    }
    return "UNKNOWN";
}

std::string_view sentence_of(ErrorCode code) {
    switch (code) {
    case ErrorCode::invalid_json:
        return "The message is not valid JSON.";
    case ErrorCode::invalid_message:
        return "A field of the message is missing or of the wrong type.";
    case ErrorCode::unknown_message_type:
        return "This server does not know that type of message.";
    case ErrorCode::message_too_large:
        return "The message is larger than 64 KiB.";
    case ErrorCode::rate_limited:
        return "Too many messages. Please slow down.";
    case ErrorCode::authentication_required:
        return "Please sign in first.";
    case ErrorCode::invalid_token:
        return "The token was not accepted. Please sign in again.";
    case ErrorCode::token_expired:
        return "The token has expired. Please sign in again.";
    case ErrorCode::protocol_version_unsupported:
        return "This server speaks protocol version 1.";
    case ErrorCode::room_not_found:
        return "This room does not exist any more.";
    case ErrorCode::invite_invalid:
        return "This invite does not open a party (any more). Please ask for a new invite link.";
    case ErrorCode::room_full:
        return "Room is full";
    case ErrorCode::room_limit_reached:
        return "You have too many rooms open. Close one first.";
    case ErrorCode::not_in_room:
        return "You are not in this room.";
    case ErrorCode::host_permission_required:
        return "Only the host can do that.";
    case ErrorCode::media_forbidden:
        return "You may not see this title. Ask whoever runs the media server.";
    case ErrorCode::invalid_position:
        return "The position must be between 0 and 86400 seconds.";
    case ErrorCode::invalid_chat_message:
        return "A chat message has 1 to 500 characters.";
    case ErrorCode::user_not_allowed:
        return "Your account may not watch here now. Ask whoever runs the media server.";
    case ErrorCode::auth_unavailable:
        return "The media server could not be asked who you are. Please try again in a moment.";
    case ErrorCode::server_full:
        return "The server is full. Please try again later.";
    }
    return "UNKNOWN";
}

std::string_view name_of(CloseCode code) {
    switch (code) {
    case CloseCode::going_away:
        return "GOING_AWAY";
    case CloseCode::protocol_error:
        return "PROTOCOL_ERROR";
    case CloseCode::unsupported_data:
        return "UNSUPPORTED_DATA";
    case CloseCode::invalid_payload:
        return "INVALID_PAYLOAD";
    case CloseCode::policy_violation:
        return "POLICY_VIOLATION";
    case CloseCode::message_too_big:
        return "MESSAGE_TOO_BIG";
    case CloseCode::internal_error:
        return "INTERNAL_ERROR";
    case CloseCode::service_restart:
        return "SERVICE_RESTART";
    case CloseCode::try_again_later:
        return "TRY_AGAIN_LATER";
    case CloseCode::timed_out:
        return "TIMED_OUT";
    case CloseCode::too_slow:
        return "TOO_SLOW";
    case CloseCode::authentication_timeout:
        return "AUTHENTICATION_TIMEOUT";
    case CloseCode::replaced:
        return "REPLACED";
    case CloseCode::signed_out:
        return "SIGNED_OUT";
    }
    return "UNKNOWN";
}

std::string_view sentence_of(CloseCode code) {
    switch (code) {
    case CloseCode::going_away:
        return "The server is stopping.";
    case CloseCode::protocol_error:
        return "The peer broke the WebSocket protocol.";
    case CloseCode::unsupported_data:
        return "Only text messages are understood.";
    case CloseCode::invalid_payload:
        return "The text is not valid UTF-8.";
    case CloseCode::policy_violation:
        return "The connection broke a rule that it was told about.";
    case CloseCode::message_too_big:
        return "The message is larger than 64 KiB.";
    case CloseCode::internal_error:
        return "The server met an unexpected condition.";
    case CloseCode::service_restart:
        return "The server is restarting.";
    case CloseCode::try_again_later:
        return "The server is full.";
    case CloseCode::timed_out:
        return "No sign of life for too long.";
    case CloseCode::too_slow:
        return "The connection does not take its messages fast enough.";
    case CloseCode::authentication_timeout:
        return "No valid token arrived in time.";
    case CloseCode::replaced:
        return "The same member has connected again.";
    case CloseCode::signed_out:
        return "Your sign-in does not hold any more. Please sign in again.";
    }
    return "UNKNOWN";
}

} // namespace owp
