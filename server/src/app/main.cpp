// owp-server: the session server of OpenWatchParty.
//
// Reads its settings, opens its port, serves until it is told to stop. Exit codes: exit_codes.hpp.
#include "app/command_line.hpp"
#include "app/exit_codes.hpp"
#include "app/files.hpp"
#include "app/logging.hpp"
#include "app/metrics.hpp"
#include "app/random_ids.hpp"
#include "app/server.hpp"
#include "app/toml.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <functional>
#include <unistd.h>

namespace {

using namespace owp;
using namespace owp::app;

/// The settings from command line, environment and file; none if any of them is wrong, said on
/// standard error.
std::optional<LoadedConfig> read_settings(const Invocation& invocation) {
    std::string file_text;
    if (!invocation.config_file.empty()) {
        FileText file = read_file(invocation.config_file, toml_bytes_max);
        if (!file.error.empty()) {
            fmt::print(stderr, "config: {}\n", file.error);
            return std::nullopt;
        }
        file_text = std::move(file.text);
    }
    Texts environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const std::size_t equals = std::min(text.find('='), text.size());
        environment.emplace(text.substr(0, equals),
                            equals < text.size() ? text.substr(equals + 1) : "");
    }
    LoadedConfig loaded = load_config(invocation.flags, environment, file_text);
    for (const std::string& warning : loaded.warnings)
        fmt::print(stderr, "warning: {}\n", warning);
    for (const std::string& error : loaded.errors)
        fmt::print(stderr, "{}\n", error);
    if (!loaded.errors.empty())
        return std::nullopt;
    return loaded;
}

int check_config(const Config& config) {
    const Prepared prepared = prepare(config);
    for (const std::string& warning : prepared.warnings)
        fmt::print(stderr, "warning: {}\n", warning);
    std::string error = prepared.error;
    if (error.empty())
        error = net::Shared::check(prepared.listen).value_or("");
    if (!error.empty()) {
        fmt::print(stderr, "{}\n", error);
        return exit_failed;
    }
    fmt::print("The settings are good.\n");
    return exit_good;
}

int print_token(const Invocation& invocation, const Config& config) {
    const TokenSetup setup = token_setup(config);
    std::string error = setup.error;
    if (error.empty() && !setup.policy)
        error = "token: this server needs no token (set jwt-secret, as the server has it)";
    else if (error.empty() && setup.policy->algorithm != auth::Algorithm::hs256)
        error = "token: only the holder of the private key can make tokens for RS256 and ES256";
    if (!error.empty()) {
        fmt::print(stderr, "{}\n", error);
        return exit_failed;
    }
    const ServerTime now = Clock{}.now();
    const std::string token =
        auth::mint(*setup.policy, invocation.user_id, invocation.user_name,
                   to_uuid_string(random_client_id().bytes), now, invocation.ttl);
    if (!auth::verify(*setup.policy, token, now).valid) {
        fmt::print(stderr, "token: the user's id or name is too long or holds odd characters\n");
        return exit_bad_usage;
    }
    fmt::print("{}\n", token);
    return exit_good;
}

/// What the operator's signals ask for. They count from construction on: one that comes while the
/// server starts is kept.
class Signals {
public:
    /// Reloads at each SIGHUP; returns when the end is asked for.
    void wait_for_the_end(Server& server) {
        int signal = SIGHUP;
        const std::function<void(boost::system::error_code, int)> take =
            [&signal](boost::system::error_code, int which) { signal = which; };
        while (signal == SIGHUP) {
            set_.async_wait(take);
            io_.restart();
            io_.run();
            if (signal == SIGHUP)
                server.reload();
        }
    }

private:
    boost::asio::io_context io_{1};
    boost::asio::signal_set set_{io_, SIGINT, SIGTERM, SIGHUP};
};

int serve(const Config& config) {
    start_logging(config);
    Signals signals;
    Prepared prepared = prepare(config);
    for (const std::string& warning : prepared.warnings)
        spdlog::warn(warning);
    Server::Started started = Server::start(std::move(prepared), config.threads);
    if (!started.error.empty()) {
        spdlog::critical(started.error);
        return exit_failed;
    }
    // The port is open and all threads serve.
    fmt::print("Listening on {}\n", started.server->address());
    (void)std::fflush(stdout);
    signals.wait_for_the_end(*started.server);
    spdlog::info("stopping");
    started.server->stop();
    return exit_good;
}

} // namespace

int main(int argc, char** argv) {
    (void)std::signal(SIGPIPE, SIG_IGN); // a reader of our output that is gone is no reason to end
    const Invocation invocation = parse_command_line(argc, argv);
    if (invocation.exit_code)
        return *invocation.exit_code;
    if (invocation.command == Command::config_docs) {
        fmt::print("{}", config_page());
        return exit_good;
    }
    if (invocation.command == Command::metrics_docs) {
        fmt::print("{}", metrics_page());
        return exit_good;
    }

    const std::optional<LoadedConfig> settings = read_settings(invocation);
    if (!settings)
        return exit_bad_usage;
    // From here on every setting has a value that makes sense.
    switch (invocation.command) {
    case Command::check_config:
        return check_config(settings->config);
    case Command::print_config:
        fmt::print("{}", print_config(*settings));
        return exit_good;
    case Command::token:
        return print_token(invocation, settings->config);
    default:
        return serve(settings->config);
    }
}
