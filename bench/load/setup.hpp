// What profiles set up alike: the server, and what people do on it.
#pragma once

#include "load/profiles.hpp"
#include "load/schedule.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace owp::load {

/// Connections of a crowd that are on their way in at a time.
inline constexpr std::uint32_t at_once = 64;

/// `program` on loopback and a port of its choice, with no limit that the load itself would meet.
[[nodiscard]] inline std::vector<std::string>
server_command(const std::string& program, const RunOptions& options,
               const std::vector<std::string>& more_flags) {
    std::vector<std::string> command{program,     "--host",
                                     "127.0.0.1", "--port",
                                     "0",         "--max-connections",
                                     "1000000",   "--max-connections-per-address",
                                     "1000000",   "--rooms-per-user",
                                     "1000",      "--watch-page",
                                     "off",       "--log-level",
                                     "warn"};
    command.insert(command.end(), more_flags.begin(), more_flags.end());
    command.insert(command.end(), options.server_args.begin(), options.server_args.end());
    return command;
}

/// Each room of the profile holds its members, and so many visitors.
[[nodiscard]] inline std::vector<std::string> members_flag(const RunOptions& options,
                                                           std::uint32_t more = 0) {
    return {"--members-per-room", std::to_string(options.members + more)};
}

/// A party in each room, at a human pace; rooms that come and go as the options say.
[[nodiscard]] inline Traffic human_traffic(const RunOptions& options) {
    Traffic traffic;
    traffic.rooms = options.rooms;
    traffic.members = options.members;
    traffic.length = std::chrono::seconds{options.seconds};
    traffic.reports_per_second = 1;
    traffic.commands_per_minute = 2;
    traffic.chats_per_minute = 1;
    traffic.pings_per_minute = 2;
    traffic.creates_per_second = options.creates_per_second;
    return traffic;
}

} // namespace owp::load
