#include "app/config.hpp"

#include "app/toml.hpp"
#include "net/address.hpp"
#include "protocol/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace owp::app {
namespace {

const Setting* find_setting(std::string_view name) {
    const auto found = std::ranges::find(settings(), name, &Setting::name);
    return found == settings().end() ? nullptr : &*found;
}

/// Levenshtein distance, by one row.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t above = row[j + 1];
            row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row.back();
}

constexpr std::size_t shown_code_points_max = 80;

std::string shown(std::string_view text) {
    return clean_text(text, shown_code_points_max);
}

/// "; did you mean x?" for the nearest name, if any is near.
std::string nearest(std::string_view unknown, std::string_view Setting::*column) {
    unknown = unknown.substr(0, shown_code_points_max);
    const Setting* best = nullptr;
    std::size_t best_distance = std::max<std::size_t>(3, unknown.size() / 3) + 1;
    for (const Setting& setting : settings()) {
        const std::size_t d = distance(unknown, setting.*column);
        if (d < best_distance) {
            best_distance = d;
            best = &setting;
        }
    }
    return best == nullptr ? "" : fmt::format("; did you mean {}?", best->*column);
}

class Loader {
public:
    void take(const Setting& setting, std::string_view text, Source source,
              std::string_view where) {
        const std::string wanted = setting.set(loaded.config, text);
        if (wanted.empty())
            loaded.sources[setting.name] = source;
        else if (setting.secret)
            loaded.errors.push_back(
                fmt::format("{}: must be {} ({})", setting.name, wanted, where));
        else
            loaded.errors.push_back(
                fmt::format("{}: \"{}\" is not {} ({})", setting.name, shown(text), wanted, where));
    }

    void take_file(std::string_view text) {
        const TomlFile file = parse_toml(text);
        std::map<std::string_view, int> seen;
        for (const TomlEntry& entry : file.entries) {
            const Setting* setting = find_setting(entry.key);
            if (setting == nullptr)
                loaded.errors.push_back(fmt::format("configuration file, line {}: unknown setting "
                                                    "{}{}",
                                                    entry.line, shown(entry.key),
                                                    nearest(entry.key, &Setting::name)));
            else if (const auto [first, fresh] = seen.emplace(setting->name, entry.line); !fresh)
                loaded.errors.push_back(fmt::format("{}: given twice in the configuration file, "
                                                    "lines {} and {}",
                                                    setting->name, first->second, entry.line));
            else
                take(*setting, entry.value, Source::file,
                     fmt::format("configuration file, line {}", entry.line));
        }
        if (!file.error.empty())
            loaded.errors.push_back("configuration file, " + file.error);
    }

    void take_environment(const Texts& environment) {
        for (const Setting& setting : settings()) {
            const auto found = environment.find(setting.environment);
            if (found != environment.end() && !found->second.empty())
                take(setting, found->second, Source::environment,
                     fmt::format("environment variable {}", setting.environment));
        }
        for (const auto& [name, value] : environment)
            if (name.starts_with("OWP_") && name != "OWP_CONFIG" &&
                std::ranges::find(settings(), name, &Setting::environment) == settings().end())
                loaded.warnings.push_back(fmt::format("unknown environment variable {}{}",
                                                      shown(name),
                                                      nearest(name, &Setting::environment)));
    }

    void take_flags(const Texts& flags) {
        for (const auto& [name, value] : flags)
            if (const Setting* setting = find_setting(name))
                take(*setting, value, Source::flag, fmt::format("flag --{}", name));
    }

    /// What only several settings together can get wrong.
    void check() {
        const Config& c = loaded.config;
        std::vector<std::string>& errors = loaded.errors;
        if (c.tls_cert.empty() != c.tls_key.empty())
            errors.push_back(fmt::format("{}: needs {} as well",
                                         c.tls_cert.empty() ? "tls-key" : "tls-cert",
                                         c.tls_cert.empty() ? "tls-cert" : "tls-key"));
        check_embedded();
        if (!c.jwt_secret.empty() && !c.jwt_secret_file.empty())
            errors.emplace_back("jwt-secret-file: jwt-secret is set too; one of them");
        const bool shared_secret = c.jwt_algorithm == auth::Algorithm::hs256;
        if (shared_secret && !c.jwt_public_key_file.empty())
            errors.emplace_back("jwt-public-key-file: jwt-algorithm HS256 has no public key; set "
                                "RS256 or ES256");
        if (!shared_secret && c.jwt_public_key_file.empty())
            errors.push_back(fmt::format("jwt-public-key-file: jwt-algorithm {} needs it",
                                         name_of(c.jwt_algorithm)));
        if (!shared_secret && (!c.jwt_secret.empty() || !c.jwt_secret_file.empty()))
            errors.push_back(fmt::format("jwt-secret: jwt-algorithm {} does not use it",
                                         name_of(c.jwt_algorithm)));
        const bool has_key =
            !c.jwt_secret.empty() || !c.jwt_secret_file.empty() || !c.jwt_public_key_file.empty();
        for (const auto& [name, path] :
             {std::pair{"jwt-previous-key-file", &c.jwt_previous_key_file},
              std::pair{"jwt-revoked-file", &c.jwt_revoked_file}})
            if (!has_key && !c.embedded && !path->empty())
                errors.push_back(fmt::format("{}: needs jwt-secret or another key as well", name));
        if (c.jwt_audience.empty())
            errors.emplace_back("jwt-audience: must not be empty");
        if (c.jwt_issuer.empty())
            errors.emplace_back("jwt-issuer: must not be empty");
        if (!net::parse_listen_address(c.host))
            errors.push_back(fmt::format("host: \"{}\" is not an IP address", shown(c.host)));
        for (const std::string& proxy : c.trusted_proxies)
            if (!net::parse_network(proxy))
                errors.push_back(fmt::format(
                    "trusted-proxies: \"{}\" is not an address or a network such as 10.0.0.0/8",
                    shown(proxy)));
        if (c.dead_after <= c.ping_interval)
            errors.emplace_back("dead-after: must be longer than ping-interval");
        for (const std::string& origin : c.allowed_origins)
            if (origin != "*" && !looks_like_origin(origin))
                loaded.warnings.push_back(fmt::format(
                    "allowed-origins: {} matches no page; an origin is http(s)://host[:port]",
                    shown(origin)));
    }

    LoadedConfig loaded;

private:
    void check_embedded() {
        const Config& c = loaded.config;
        if (c.embedded == c.unix_socket.empty())
            loaded.errors.push_back(c.embedded ? "embedded: needs unix-socket as well"
                                               : "unix-socket: needs embedded as well");
        if (!c.embedded)
            return;
        // The environment is the parent's, and may have a HOST, PORT or JWT_SECRET of its own.
        for (const std::string_view name :
             {"host", "port", "allowed-origins", "tls-cert", "tls-key", "trusted-proxies",
              "jwt-secret", "jwt-secret-file", "jwt-public-key-file", "jwt-previous-key-file",
              "jwt-revoked-file", "jwt-algorithm", "jwt-audience", "jwt-issuer", "jellyfin-url",
              "jellyfin-ca"}) {
            const auto found = loaded.sources.find(name);
            if (found != loaded.sources.end() && found->second != Source::environment)
                loaded.errors.push_back(fmt::format(
                    "{}: has no meaning with embedded, where the gateway decides it", name));
        }
    }

    /// Scheme and host, with no path after it: what a browser sends as Origin.
    static bool looks_like_origin(std::string_view origin) {
        const std::size_t scheme = origin.find("://");
        return scheme != origin.npos && scheme > 0 && scheme + 3 < origin.size() &&
               origin.find('/', scheme + 3) == origin.npos;
    }
};

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\')
            result += '\\';
        result += character;
    }
    return result + '"';
}

} // namespace

LoadedConfig load_config(const Texts& flags, const Texts& environment, std::string_view file) {
    // From the weakest to the strongest: what comes later overwrites.
    Loader loader;
    loader.take_file(file);
    loader.take_environment(environment);
    loader.take_flags(flags);
    loader.check();
    return std::move(loader.loaded);
}

std::string print_config(const LoadedConfig& loaded) {
    std::string text;
    std::string_view group;
    for (const Setting& setting : settings()) {
        if (setting.group != group)
            text += fmt::format("{}# {}\n", group.empty() ? "" : "\n", setting.group);
        group = setting.group;
        const auto found = loaded.sources.find(setting.name);
        text += fmt::format(
            "{} = {} # {}\n", setting.name, quoted(setting.show(loaded.config)),
            name_of(found == loaded.sources.end() ? Source::default_value : found->second));
    }
    return text;
}

std::string config_page() {
    std::string page =
        "# Settings\n\n"
        "<!-- Generated by `owp-server config-docs`. Do not edit. -->\n\n"
        "Every setting can be given as a flag (`--port 3000` or `--port=3000`), as an environment\n"
        "variable, or as a key in a TOML file named by `--config FILE` (or `OWP_CONFIG`). A flag\n"
        "beats the environment, that beats the file, that the default. An empty environment\n"
        "variable counts as unset. Lists are separated by commas; in the file they may be arrays.\n"
        "\n"
        "`owp-server check-config` tells whether a server would start with what it is given, and\n"
        "`owp-server print-config` shows every value and where it comes from, secrets masked.\n"
        "An unknown key in the file or a bad value stops the server with exit code 2.\n";
    const Config defaults;
    std::string_view group;
    for (const Setting& setting : settings()) {
        if (setting.group != group)
            page +=
                fmt::format("\n## {}\n\n| flag and key | environment | default | accepts | what "
                            "it does |\n|---|---|---|---|---|\n",
                            setting.group);
        group = setting.group;
        const std::string value = setting.show(defaults);
        page += fmt::format("| `{}` | `{}` | {} | {} | {} |\n", setting.name, setting.environment,
                            value.empty() ? "" : fmt::format("`{}`", value), setting.limits,
                            setting.help);
    }
    return page;
}

} // namespace owp::app
