// How a server is started to be measured.
#pragma once

#include "load/profiles.hpp"

#include <string>
#include <vector>

namespace owp::load {

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

} // namespace owp::load
