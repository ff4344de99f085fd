// owp-server: the session server of OpenWatchParty.
//
// Reads its settings, opens its port, serves until it is told to stop. Exit codes: exit_codes.hpp.
#include "app/command_line.hpp"
#include "app/exit_codes.hpp"
#include "app/files.hpp"
#include "app/gateway_access.hpp"
#include "app/gateway_secret.hpp"
#include "app/last_words.hpp"
#include "app/line_output.hpp"
#include "app/logging.hpp"
#include "app/metrics.hpp"
#include "app/random_ids.hpp"
#include "app/server.hpp"
#include "app/toml.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <csignal>
#include <unistd.h>

namespace {

using namespace owp;
using namespace owp::app;

constexpr Duration gateway_secret_wait_max = std::chrono::seconds{10};

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

/// What the operator's signals ask for, and the parent of an embedded server. Signals count from
/// construction on: one that comes while the server starts is kept.
class Orders {
public:
    /// Hands on what the gateway says. The end of standard input asks for the end, too: whoever
    /// holds its other end is gone.
    void listen_to(GatewayAccess& gateway) {
        boost::system::error_code failed;
        input_.assign(STDIN_FILENO, failed);
        failed ? io_.stop() : take_input(gateway);
    }
    /// Where lines to the gateway go.
    [[nodiscard]] boost::asio::io_context& io() { return io_; }
    /// Reloads at each SIGHUP; returns when the end is asked for.
    void wait_for_the_end(Server& server, const Config& config) {
        take_signals(server, config);
        io_.run();
    }

private:
    void take_signals(Server& server, const Config& config) {
        set_.async_wait([this, &server, &config](boost::system::error_code, int signal) {
            if (signal != SIGHUP)
                return io_.stop();
            server.reload(config);
            take_signals(server, config);
        });
    }
    void take_input(GatewayAccess& gateway) {
        input_.async_read_some(
            boost::asio::buffer(bytes_),
            [this, &gateway](boost::system::error_code error, std::size_t count) {
                if (error)
                    return io_.stop();
                gateway.received({bytes_.data(), count});
                take_input(gateway);
            });
    }

    boost::asio::io_context io_{1};
    boost::asio::signal_set set_{io_, SIGINT, SIGTERM, SIGHUP};
    boost::asio::posix::stream_descriptor input_{io_};
    std::array<char, 4096> bytes_{};
};

int serve(const Config& config) {
    start_logging(config);
    Orders orders;
    Prepared prepared = prepare(config);
    for (const std::string& warning : prepared.warnings)
        spdlog::warn(warning);
    std::optional<LineOutput> questions;
    GatewayAccess gateway{[&](const std::string& line) { return questions->write(line); }};
    if (config.embedded) {
        GatewaySecret given = read_gateway_secret(STDIN_FILENO, gateway_secret_wait_max);
        if (!given.error.empty()) {
            spdlog::critical(given.error);
            return exit_failed;
        }
        prepared.listen.gateway_secret = given.secret.reveal();
        questions.emplace(orders.io(), STDOUT_FILENO);
        prepared.shard.access = &gateway;
    }
    Server::Started started = Server::start(std::move(prepared), config.threads);
    if (!started.error.empty()) {
        spdlog::critical(started.error);
        return exit_failed;
    }
    // The port is open and all threads serve.
    fmt::print("Listening on {}\n", started.server->address());
    (void)std::fflush(stdout);
    if (config.embedded)
        orders.listen_to(gateway);
    orders.wait_for_the_end(*started.server, config);
    spdlog::info("stopping");
    started.server->stop();
    return exit_good;
}

/// Before the objects are made that live as long as the program: memory may lack for those, too.
/// 101 is the earliest priority that a program may take.
[[gnu::constructor(101)]] void before_all() {
    promise_last_words();
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
