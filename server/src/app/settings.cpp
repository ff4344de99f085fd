// The table of settings, and the few kinds of value they have.
#include "app/config.hpp"

#include "protocol/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <type_traits>

namespace owp::app {
namespace {

template <auto Member>
using ValueOf = std::remove_cvref_t<decltype(std::declval<Config>().*Member)>;

/// What a row needs besides its words.
struct Kind {
    std::string (*set)(Config&, std::string_view);
    std::string (*show)(const Config&);
    std::string limits;
    bool is_switch = false;
};

template <auto Member, std::uint32_t Min, std::uint32_t Max>
Kind number() {
    constexpr auto set = [](Config& config, std::string_view text) -> std::string {
        std::uint32_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size() || value < Min || value > Max)
            return fmt::format("a whole number from {} to {}", Min, Max);
        config.*Member = static_cast<ValueOf<Member>>(value);
        return {};
    };
    return {set, [](const Config& config) { return std::to_string(config.*Member); },
            fmt::format("{} to {}", Min, Max)};
}

std::string show_duration(Duration duration) {
    using namespace std::chrono;
    const auto count = duration_cast<milliseconds>(duration).count();
    return count % 1000 == 0 ? fmt::format("{}s", count / 1000) : fmt::format("{}ms", count);
}

template <auto Member, std::uint32_t MinMs, std::uint32_t MaxMs>
Kind duration() {
    using std::chrono::milliseconds;
    constexpr auto set = [](Config& config, std::string_view text) -> std::string {
        const std::optional<Duration> value = parse_duration(text);
        if (!value || *value < milliseconds{MinMs} || *value > milliseconds{MaxMs})
            return fmt::format("a time from {} to {}, such as 500ms, 2s, 1m or 1h",
                               show_duration(milliseconds{MinMs}),
                               show_duration(milliseconds{MaxMs}));
        config.*Member = *value;
        return {};
    };
    return {set, [](const Config& config) { return show_duration(config.*Member); },
            fmt::format("{} to {}", show_duration(milliseconds{MinMs}),
                        show_duration(milliseconds{MaxMs}))};
}

constexpr std::size_t text_bytes_max = 4096; // PATH_MAX

bool has_controls(std::string_view text) {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

template <auto Member>
Kind text(std::string limits = {}) {
    constexpr auto set = [](Config& config, std::string_view value) -> std::string {
        // A secret may be any bytes; all else is a name of something, and fits on a line.
        constexpr bool secret = std::is_same_v<ValueOf<Member>, auth::Secret>;
        if (value.size() > text_bytes_max || (!secret && has_controls(value)))
            return "text of at most 4096 bytes without control characters";
        config.*Member = ValueOf<Member>{std::string{value}};
        return {};
    };
    constexpr auto show = [](const Config& config) -> std::string {
        if constexpr (std::is_same_v<ValueOf<Member>, auth::Secret>)
            return (config.*Member).empty() ? "" : "********";
        else
            return config.*Member;
    };
    return {set, show, std::move(limits)};
}

std::string_view trimmed(std::string_view value) {
    const std::size_t first = value.find_first_not_of(" \t");
    return first == value.npos ? std::string_view{}
                               : value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

constexpr std::size_t list_items_max = 100;

template <auto Member>
Kind list(std::string limits) {
    constexpr auto set = [](Config& config, std::string_view value) -> std::string {
        if (value.size() > text_bytes_max * 4 || has_controls(value))
            return "a list of at most 16 KiB without control characters";
        std::vector<std::string> items;
        while (!value.empty()) {
            const std::size_t comma = std::min(value.find(','), value.size());
            if (const std::string_view item = trimmed(value.substr(0, comma)); !item.empty())
                items.emplace_back(item);
            value.remove_prefix(std::min(comma + 1, value.size()));
        }
        if (items.size() > list_items_max)
            return "a list of at most 100";
        config.*Member = std::move(items);
        return {};
    };
    constexpr auto show = [](const Config& config) {
        return fmt::format("{}", fmt::join(config.*Member, ","));
    };
    return {set, show, std::move(limits)};
}

/// Each choice with its value, in order.
template <auto Member, const auto& Choices>
Kind choice() {
    static const auto names = [] {
        std::string joined;
        for (const auto& [name, value] : Choices)
            joined += (joined.empty() ? "" : ", ") + std::string{name};
        return joined;
    };
    constexpr auto set = [](Config& config, std::string_view text) -> std::string {
        for (const auto& [name, value] : Choices)
            if (name == text) {
                config.*Member = value;
                return {};
            }
        return "one of " + names();
    };
    constexpr auto show = [](const Config& config) -> std::string {
        for (const auto& [name, value] : Choices)
            if (value == config.*Member)
                return std::string{name};
        return {};
    };
    return {set, show, names(), std::is_same_v<ValueOf<Member>, bool>};
}

template <class T, std::size_t N>
using Choices = std::array<std::pair<std::string_view, T>, N>;

constexpr Choices<auth::Algorithm, 3> algorithms{{{"HS256", auth::Algorithm::hs256},
                                                  {"RS256", auth::Algorithm::rs256},
                                                  {"ES256", auth::Algorithm::es256}}};
constexpr Choices<core::Lead, 2> leads{
    {{"adaptive", core::Lead::adaptive}, {"fixed", core::Lead::fixed}}};
constexpr Choices<bool, 4> switches{
    {{"on", true}, {"off", false}, {"true", true}, {"false", false}}};
constexpr Choices<std::string_view, 6> log_levels{{{"trace", "trace"},
                                                   {"debug", "debug"},
                                                   {"info", "info"},
                                                   {"warn", "warn"},
                                                   {"error", "error"},
                                                   {"off", "off"}}};
constexpr Choices<LogFormat, 2> log_formats{{{"text", LogFormat::text}, {"json", LogFormat::json}}};

Setting row(std::string_view name, std::string_view environment, std::string_view group,
            std::string_view help, Kind kind, bool secret = false) {
    return {.name = name,
            .environment = environment,
            .group = group,
            .help = help,
            .set = kind.set,
            .show = kind.show,
            .limits = std::move(kind.limits),
            .secret = secret,
            .is_switch = kind.is_switch};
}

std::vector<Setting> make_settings() {
    using C = Config;
    constexpr std::string_view network = "Network";
    constexpr std::string_view tokens = "Who may come in";
    constexpr std::string_view limits = "Limits";
    constexpr std::string_view play = "Playing together";
    constexpr std::string_view times = "Time-outs";
    constexpr std::string_view page = "Watch page and media";
    constexpr std::string_view logs = "Logs";
    return {
        row("host", "HOST", network, "Address to listen on", text<&C::host>("an IP address")),
        row("port", "PORT", network, "Port to listen on; 0 takes a free one",
            number<&C::port, 0, 65535>()),
        row("allowed-origins", "ALLOWED_ORIGINS", network,
            "Pages that may connect: origins, separated by commas; * is everybody. Our own page "
            "under "
            "an IP address or localhost always may",
            list<&C::allowed_origins>("at most 100")),
        row("tls-cert", "OWP_TLS_CERT", network,
            "Certificate chain (PEM) for https and wss; read again on SIGHUP",
            text<&C::tls_cert>("a file; with tls-key")),
        row("tls-key", "OWP_TLS_KEY", network, "Private key (PEM) of the certificate",
            text<&C::tls_key>("a file; with tls-cert")),
        row("trusted-proxies", "OWP_TRUSTED_PROXIES", network,
            "Proxies whose X-Forwarded-For is believed: addresses or networks (10.0.0.0/8)",
            list<&C::trusted_proxies>("at most 100")),
        row("embedded", "OWP_EMBEDDED", network,
            "Serve one gateway (the Jellyfin plugin) that speaks for its users: its secret is the "
            "first line of standard input, whose end stops the server. The gateway is asked who "
            "may see a title",
            choice<&C::embedded, switches>()),
        row("unix-socket", "OWP_UNIX_SOCKET", network,
            "Socket file to listen on instead of host and port",
            text<&C::unix_socket>("a path of at most 107 bytes; with embedded")),

        row("jwt-secret", "JWT_SECRET", tokens,
            "Secret shared with the Jellyfin plugin; without one, everybody may come in",
            text<&C::jwt_secret>("32 bytes or more are strong"), true),
        row("jwt-secret-file", "OWP_JWT_SECRET_FILE", tokens,
            "File that holds the secret (its last line break does not count)",
            text<&C::jwt_secret_file>("instead of jwt-secret")),
        row("jwt-public-key-file", "OWP_JWT_PUBLIC_KEY_FILE", tokens,
            "Public key (PEM) that tokens are checked with",
            text<&C::jwt_public_key_file>("for RS256 and ES256")),
        row("jwt-previous-key-file", "OWP_JWT_PREVIOUS_KEY_FILE", tokens,
            "The secret or public key of before the last change, whose tokens still count",
            text<&C::jwt_previous_key_file>("beside the one of now")),
        row("jwt-revoked-file", "OWP_JWT_REVOKED_FILE", tokens,
            "Tokens that count no more: the jti of each on a line. Read again on SIGHUP, as are "
            "the "
            "files of keys; whose token counts no more then is signed out",
            text<&C::jwt_revoked_file>("a file; where tokens are needed")),
        row("jwt-algorithm", "OWP_JWT_ALGORITHM", tokens,
            "The one algorithm that tokens are signed with",
            choice<&C::jwt_algorithm, algorithms>()),
        row("jwt-audience", "JWT_AUDIENCE", tokens, "Audience that a token must name",
            text<&C::jwt_audience>("not empty")),
        row("jwt-issuer", "JWT_ISSUER", tokens, "Issuer that a token must name",
            text<&C::jwt_issuer>("not empty")),
        row("invite-lifetime", "OWP_INVITE_LIFETIME", tokens,
            "How long an invite to a private party opens it",
            duration<&C::invite_lifetime, 1'000, 604'800'000>()),

        row("jellyfin-url", "OWP_JELLYFIN_URL", tokens,
            "Jellyfin to ask who somebody is and what they may see, with their own Jellyfin token",
            text<&C::jellyfin_url>("http or https, with its base path")),
        row("jellyfin-ca", "OWP_JELLYFIN_CA", tokens,
            "Certificates (PEM) to trust for that instead of the system's",
            text<&C::jellyfin_ca>("a file; with jellyfin-url")),

        row("threads", "OWP_THREADS", limits, "Threads; 0 is one for each core but one",
            number<&C::threads, 0, 256>()),
        row("max-connections", "OWP_MAX_CONNECTIONS", limits, "Connections in all",
            number<&C::max_connections, 1, 1000000>()),
        row("max-connections-per-address", "OWP_MAX_CONNECTIONS_PER_ADDRESS", limits,
            "Connections from one address", number<&C::max_connections_per_address, 1, 1000000>()),
        row("messages-per-second", "OWP_MESSAGES_PER_SECOND", limits,
            "Messages that one connection may send in a second",
            number<&C::messages_per_second, 1, 10000>()),
        row("members-per-room", "OWP_MEMBERS_PER_ROOM", limits,
            "Members of one room; clients of the original are not shown rooms above 20",
            number<&C::members_per_room, 1, 1000>()),
        row("rooms-per-user", "OWP_ROOMS_PER_USER", limits, "Rooms that one user may have open",
            number<&C::rooms_per_user, 1, 1000>()),
        row("send-queue", "OWP_SEND_QUEUE", limits,
            "KiB that may wait for one slow receiver before it is dropped",
            number<&C::send_queue_kib, 64, 65536>()),

        row("lead", "OWP_LEAD", play,
            "How far ahead a command is set: what the members need, or always 1.5 s and 0.3 s",
            choice<&C::lead, leads>()),
        row("ready-wait", "OWP_READY_WAIT", play,
            "How long a play waits for members that are not ready",
            duration<&C::ready_wait, 0, 60'000>()),
        row("seat-hold", "OWP_SEAT_HOLD", play,
            "How long the seat of a member whose connection was lost is kept",
            duration<&C::seat_hold, 0, 3'600'000>()),

        row("handshake-timeout", "OWP_HANDSHAKE_TIMEOUT", times,
            "Time to send a request, TLS included", duration<&C::handshake_timeout, 100, 60'000>()),
        row("auth-timeout", "OWP_AUTH_TIMEOUT", times,
            "Time to send a good token, where one is needed",
            duration<&C::auth_timeout, 100, 600'000>()),
        row("ping-interval", "OWP_PING_INTERVAL", times, "How often a connection is pinged",
            duration<&C::ping_interval, 100, 60'000>()),
        row("dead-after", "OWP_DEAD_AFTER", times,
            "A connection without a sign of life for so long is closed",
            duration<&C::dead_after, 200, 600'000>()),

        row("watch-page", "OWP_WATCH_PAGE", page, "Serve our own watch page and its media",
            choice<&C::watch_page, switches>()),
        row("web-root", "OWP_WEB_ROOT", page,
            "Folder of the watch page; empty: the one built beside the server",
            text<&C::web_root>("a folder")),
        row("media", "OWP_MEDIA", page,
            "Folder of videos to offer; empty: the clip that was built, if there is one",
            text<&C::media>("a folder")),

        row("log-level", "LOG_LEVEL", logs, "Least important line that is written",
            choice<&C::log_level, log_levels>()),
        row("log-format", "OWP_LOG_FORMAT", logs, "Lines of text, or of JSON",
            choice<&C::log_format, log_formats>()),
    };
}

} // namespace

std::optional<Duration> parse_duration(std::string_view text) {
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{})
        return std::nullopt;
    const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    constexpr std::array<std::pair<std::string_view, Duration>, 5> units{
        {{"ms", std::chrono::milliseconds{1}},
         {"s", std::chrono::seconds{1}},
         {"m", std::chrono::minutes{1}},
         {"h", std::chrono::hours{1}},
         {"d", std::chrono::days{1}}}};
    for (const auto& [name, length] : units)
        if (name == unit)
            return length * std::int64_t{count};
    return std::nullopt;
}

std::span<const Setting> settings() {
    static const std::vector<Setting> table = make_settings();
    return table;
}

std::string_view name_of(Source source) {
    constexpr std::array<std::string_view, 4> names{"default", "file", "environment", "flag"};
    return names.at(static_cast<std::size_t>(source));
}

} // namespace owp::app
