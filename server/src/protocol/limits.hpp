// The numbers of the wire. What a deployment may change is an option of core/ or edge/ instead.
#pragma once

#include "protocol/codec.hpp"

#include <cstddef>
#include <cstdint>

namespace owp {

// Text, in code points. Names, chat and reasons: what new v1 clients enforce on what they receive.
inline constexpr std::size_t user_name_code_points_max = 100;    // P-TEXT-2
inline constexpr std::size_t user_id_code_points_max = 128;      // P-TEXT-2
inline constexpr std::size_t room_name_code_points_max = 128;    // P-TEXT-3
inline constexpr std::size_t chat_code_points_max = 500;         // P-TEXT-4
inline constexpr std::size_t reason_code_points_max = 500;       // P-TEXT-5
inline constexpr std::size_t log_category_code_points_max = 64;  // P-TEXT-6
inline constexpr std::size_t log_message_code_points_max = 1000; // P-TEXT-6

// Numbers.
inline constexpr double ts_max = 9007199254740992.0;   // P-TIME-2: 2^53, exclusive
inline constexpr double position_seconds_max = 86'400; // P-TIME-4: a day
inline constexpr double offset_ms_max = 86'400'000;    // P-V2-8: no place is farther away
inline constexpr double delay_ms_max = 60'000;         // P-V2-8: beyond, the connection is dead

// JSON.
inline constexpr std::size_t json_depth_max = 32;          // P-JSON-2
inline constexpr std::size_t json_object_members_max = 64; // P-JSON-3

/// A pong echoes this much, and its envelope (at most 300 bytes) still fits (P-LIMIT-6).
inline constexpr std::size_t ping_payload_bytes_max = message_bytes_max - 512;
/// Left free behind a bounded list for the brackets and fields that follow it (P-LIMIT-8).
inline constexpr std::size_t list_reserve_bytes = 128;
/// More rooms are in no list: the shortest takes 82 bytes (P-LIMIT-8).
inline constexpr std::size_t room_list_rooms_max = message_bytes_max / 82;
/// v1 clients drop a message that mentions a greater count (P-LIMIT-9).
inline constexpr std::uint32_t v1_count_max = 20;

} // namespace owp
