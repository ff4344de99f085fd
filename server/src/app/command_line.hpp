// What the program is asked to do.
#pragma once

#include "app/config.hpp"

#include <optional>
#include <string>

namespace owp::app {

enum class Command : std::uint8_t {
    serve,
    check_config,
    print_config,
    token,
    config_docs, // the last two write pages of the documentation and are not in the help
    metrics_docs
};

struct Invocation {
    Command command = Command::serve;
    Texts flags; // settings by name
    std::string config_file;
    // token
    std::string user_id;
    std::string user_name;
    Duration ttl = std::chrono::hours{1};
    /// Set if there is nothing more to do: help or version were shown, or the command line makes no
    /// sense (the reason has been printed). The program's exit code.
    std::optional<int> exit_code;
};

[[nodiscard]] Invocation parse_command_line(int argc, const char* const* argv);

} // namespace owp::app
