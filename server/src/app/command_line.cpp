#include "app/command_line.hpp"

#include "app/exit_codes.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace owp::app {
namespace {

std::string help_of(const Setting& setting) {
    const std::string value = setting.show(Config{});
    return fmt::format("{}. {}{}[{}]", setting.help,
                       setting.limits.empty() ? "" : fmt::format("{}. ", setting.limits),
                       value.empty() ? "" : fmt::format("Default: {} ", value),
                       setting.environment);
}

} // namespace

Invocation parse_command_line(int argc, const char* const* argv) {
    Invocation invocation;
    CLI::App app{"OpenWatchParty's session server: watch a film together, in step.\n"
                 "Without a command it serves. Every option can also be set by the environment\n"
                 "variable in brackets, or as a key of a TOML file.",
                 "owp-server"};
    app.set_version_flag("--version", "owp-server " OWP_VERSION);
    app.require_subcommand(0, 1);
    app.fallthrough(); // options may stand after the command
    app.get_formatter()->column_width(34);
    app.add_option("--config", invocation.config_file,
                   "TOML file with settings; flags and environment go before it. [OWP_CONFIG]")
        ->type_name("FILE")
        ->envname("OWP_CONFIG");
    for (const Setting& setting : settings()) {
        CLI::Option& option = *app.add_option_function<std::string>(
            fmt::format("--{}", setting.name),
            [&invocation, &setting](const std::string& text) {
                const bool alone = setting.is_switch && text.empty();
                invocation.flags.insert_or_assign(std::string{setting.name}, alone ? "on" : text);
            },
            help_of(setting));
        option.multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
            ->group(std::string{setting.group})
            ->type_name("");
        if (setting.is_switch)
            option.expected(0, 1);
    }

    app.add_subcommand("serve", "Serve (the default)");
    app.add_subcommand("check-config", "Tell whether the settings are good, and start nothing")
        ->callback([&] { invocation.command = Command::check_config; });
    app.add_subcommand("print-config", "Print every setting, and where its value comes from")
        ->callback([&] { invocation.command = Command::print_config; });
    CLI::App& token = *app.add_subcommand("token", "Print a token that this server would accept");
    token.callback([&] { invocation.command = Command::token; });
    token.add_option("--user", invocation.user_id, "The user's id")->required()->type_name("ID");
    token.add_option("--name", invocation.user_name, "The user's name")
        ->required()
        ->type_name("NAME");
    token
        .add_option_function<std::string>(
            "--ttl",
            [&](const std::string& text) {
                const std::optional<Duration> ttl = parse_duration(text);
                if (!ttl || *ttl <= Duration::zero() || *ttl > std::chrono::days{3650})
                    throw CLI::ValidationError("--ttl", "must be a time such as 90s, 1h or 7d");
                invocation.ttl = *ttl;
            },
            "How long it is good for. Default: 1h")
        ->type_name("TIME");
    app.add_subcommand("config-docs", "")->group("")->callback([&] {
        invocation.command = Command::config_docs;
    });
    app.add_subcommand("metrics-docs", "")->group("")->callback([&] {
        invocation.command = Command::metrics_docs;
    });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error); // prints help, version or the reason
        invocation.exit_code = code == 0 ? exit_good : exit_bad_usage;
    }
    return invocation;
}

} // namespace owp::app
