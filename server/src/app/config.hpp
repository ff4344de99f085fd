// Every setting of the server. settings() declares each one once: from its row come the flag, the
// key in the file, the environment variable, the limits, the help and the documentation; its
// default is the value below. A flag beats the environment, that beats the file, that the default.
#pragma once

#include "auth/token.hpp"
#include "protocol/types.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace owp::app {

enum class LogFormat : std::uint8_t { text, json };

struct Config {
    std::string host = "0.0.0.0";
    std::uint16_t port = 3000;
    std::vector<std::string> allowed_origins{"http://localhost:8096", "https://localhost:8096"};
    std::string tls_cert;
    std::string tls_key;
    std::vector<std::string> trusted_proxies;
    bool embedded = false;
    std::string unix_socket;

    auth::Secret jwt_secret;
    std::string jwt_secret_file;
    std::string jwt_public_key_file;
    std::string jwt_previous_key_file;
    std::string jwt_revoked_file;
    auth::Algorithm jwt_algorithm = auth::Algorithm::hs256;
    std::string jwt_audience = "OpenWatchParty";
    std::string jwt_issuer = "Jellyfin";
    std::string jellyfin_url;
    std::string jellyfin_ca;

    std::uint32_t threads = 0;
    std::uint32_t max_connections = 10000;
    std::uint32_t max_connections_per_address = 100;
    std::uint32_t messages_per_second = 30;
    std::uint32_t members_per_room = 20;
    std::uint32_t rooms_per_user = 3;
    std::uint32_t send_queue_kib = 1024;

    core::Lead lead = core::Lead::adaptive;
    Duration ready_wait = std::chrono::seconds{2};
    Duration seat_hold = std::chrono::seconds{60};
    Duration invite_lifetime = std::chrono::hours{24};
    Duration handshake_timeout = std::chrono::seconds{10};
    Duration auth_timeout = std::chrono::seconds{10};
    Duration ping_interval = std::chrono::seconds{20};
    Duration dead_after = std::chrono::seconds{60};

    bool watch_page = true;
    std::string web_root;
    std::string media;

    std::string log_level = "info";
    LogFormat log_format = LogFormat::text;
};

struct Setting {
    std::string_view name; // the flag without its dashes, and the key in the file
    std::string_view environment;
    std::string_view group;
    std::string_view help; // one sentence, no full stop
    /// Takes the text over; returns what it should have been if it cannot be, else nothing.
    std::string (*set)(Config&, std::string_view);
    std::string (*show)(const Config&);
    std::string limits; // what `set` accepts, for people
    bool secret = false;
    bool is_switch = false; // its flag may stand alone and then means "on"
};

/// In the order of help and documentation; the rows of one group stand together.
[[nodiscard]] std::span<const Setting> settings();

enum class Source : std::uint8_t { default_value, file, environment, flag };
[[nodiscard]] std::string_view name_of(Source source);

/// "500ms", "2s", "1m", "1h", "7d".
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

using Texts = std::map<std::string, std::string, std::less<>>;

struct LoadedConfig {
    Config config;
    std::map<std::string_view, Source> sources; // of those that are not defaults
    std::vector<std::string> errors;            // each one line that names its setting
    std::vector<std::string> warnings;
};

/// `flags` by setting name, `environment` by variable (empty values count as unset), `file` the
/// TOML text. Unknown keys, and unknown variables that begin with OWP_, are reported with the
/// nearest known name.
[[nodiscard]] LoadedConfig load_config(const Texts& flags, const Texts& environment,
                                       std::string_view file);

/// Every setting with its value and where that comes from: valid TOML, secrets masked.
[[nodiscard]] std::string print_config(const LoadedConfig& loaded);

/// docs/operators/configuration.md
[[nodiscard]] std::string config_page();

} // namespace owp::app
