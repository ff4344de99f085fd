// Identities, times and small values that every part of the server shares.
// They never convert into each other silently.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace owp {

using Duration = std::chrono::microseconds;

/// The one clock of a server: monotonic, anchored once to the wall clock, counted from the Unix
/// epoch. It has no now(): whoever needs the time is given it (app/ reads it, tests invent it).
struct ServerClock {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<ServerClock, duration>;
    static constexpr bool is_steady = true;
};
using ServerTime = ServerClock::time_point;

/// Milliseconds since the epoch with a fraction, as v2 sends them.
[[nodiscard]] constexpr double to_milliseconds(ServerTime time) {
    return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}
/// Whole milliseconds since the epoch, as v1 sends them (rounded down).
[[nodiscard]] constexpr std::int64_t to_whole_milliseconds(ServerTime time) {
    return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}
[[nodiscard]] constexpr double to_seconds(Duration duration) {
    return static_cast<double>(duration.count()) / 1e6;
}
/// Rounds to the nearest microsecond. `seconds` must be finite and below 1e9 in size.
[[nodiscard]] constexpr Duration from_seconds(double seconds) {
    return Duration{static_cast<std::int64_t>(seconds * 1e6 + (seconds < 0 ? -0.5 : 0.5))};
}

/// A 128-bit identity. The tag keeps a room's from being taken for a client's.
template <class Tag>
struct Id {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const Id&) const = default;
    /// Looks at every byte, however early two differ: some ids are secrets.
    bool operator==(const Id& other) const {
        using Words = std::array<std::uint64_t, 2>;
        const auto mine = std::bit_cast<Words>(bytes);
        const auto others = std::bit_cast<Words>(other.bytes);
        return ((mine[0] ^ others[0]) | (mine[1] ^ others[1])) == 0;
    }
};
using ClientId = Id<struct ClientTag>;     // one per connection, UUID v4 on the wire
using RoomId = Id<struct RoomTag>;         // UUID v4 on the wire
using MediaId = Id<struct MediaTag>;       // 32 hex digits on the wire (a Jellyfin item id)
using ResumeToken = Id<struct ResumeTag>;  // 32 hex digits, secret: its holder may take the seat
using InviteTicket = Id<struct InviteTag>; // 32 hex digits, secret: its holder may join the room

/// Lower-case UUID with dashes.
[[nodiscard]] std::array<char, 36> to_uuid_digits(const std::array<std::uint8_t, 16>& bytes);
/// The same as a text.
[[nodiscard]] std::string to_uuid_string(const std::array<std::uint8_t, 16>& bytes);
/// Accepts a UUID with dashes in either case, nothing else.
[[nodiscard]] std::optional<std::array<std::uint8_t, 16>> parse_uuid(std::string_view text);
/// Lower-case hex digits.
[[nodiscard]] std::array<char, 32> to_hex_digits(const std::array<std::uint8_t, 16>& bytes);
/// The same as a text.
[[nodiscard]] std::string to_hex_string(const std::array<std::uint8_t, 16>& bytes);
/// Accepts exactly 32 hex digits in either case.
[[nodiscard]] std::optional<std::array<std::uint8_t, 16>> parse_hex(std::string_view text);

enum class PlayState : std::uint8_t { paused, playing };
enum class PlayerAction : std::uint8_t { play, pause, seek, buffering };
enum class ParticipantStatus : std::uint8_t { ready, playing, buffering, away };

/// Which messages a connection gets: v1 to the letter, or v1 plus what `auth` negotiated (P-V2-1).
enum class Dialect : std::uint8_t { v1, v2 };

/// A room's playback as a motion vector: true from server time `at` on (design §1).
struct Timeline {
    std::optional<MediaId> media_id;
    double position_seconds = 0; // at `at`; 0 to 86,400
    double rate = 1.0;
    bool playing = false;
    ServerTime at{};
    std::uint64_t seq = 0; // grows by one with every change in one room

    /// Where the picture is at `time`: position + (playing ? rate * (time - at) : 0). Before `at`
    /// a playing vector extrapolates backwards; callers that must not see that use
    /// std::max(time, at). The result is not clamped.
    [[nodiscard]] double position_at(ServerTime time) const {
        return position_seconds + (playing ? rate * to_seconds(time - at) : 0.0);
    }
    bool operator==(const Timeline&) const = default;
};

} // namespace owp

template <class Tag>
struct std::hash<owp::Id<Tag>> {
    std::size_t operator()(const owp::Id<Tag>& id) const noexcept {
        // Ids are random: any eight of their bytes are a good hash.
        std::size_t value = 0;
        for (std::size_t i = 0; i < sizeof value; ++i)
            value = (value << 8) | id.bytes[i];
        return value;
    }
};
