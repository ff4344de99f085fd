// Who sends what and when, settled before the first byte goes: a latency counts from the instant
// that stands here, so a server (or a generator) that falls behind cannot hide by being asked less.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace owp::load {

enum class Kind : std::uint8_t {
    report, // the host's state_update
    play,
    pause,
    seek,
    chat,
    ping,
    create, // a visitor opens a room of its own …
    visit,  // … or enters one of the party's,
    leave,  // and leaves it
};

struct Action {
    std::chrono::nanoseconds at{}; // since the start
    std::uint32_t room = 0;        // of a visitor's create and leave: no meaning
    std::uint32_t who = 0;         // place in the room, 0 is the host; or the visitor's number
    Kind kind{};
};

/// Rates at human pace, unless said otherwise. Each room's and member's phase is its own.
struct Traffic {
    std::uint32_t rooms = 0;
    std::uint32_t members = 0; // of each room
    std::chrono::seconds length{};
    double reports_per_second = 0;  // each room
    double commands_per_minute = 0; // each room: pause, play, seek in turn
    double chats_per_minute = 0;    // each member
    double pings_per_minute = 0;    // each member
    double creates_per_second = 0;  // in all
    double visits_per_second = 0;   // in all
    /// In all, at even distances, the rooms and their members in turn: for the relay's own speed.
    double even_chats_per_second = 0;
};

/// How long a visitor stays, and how many it takes that none is called back before it has left.
inline constexpr std::chrono::seconds visit_length{2};
[[nodiscard]] std::uint32_t visitors_needed(const Traffic& traffic);

/// In the order of time. The same seed gives the same schedule.
[[nodiscard]] std::vector<Action> make_schedule(const Traffic& traffic, std::uint64_t seed);

} // namespace owp::load
