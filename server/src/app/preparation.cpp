#include "app/preparation.hpp"

#include "app/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <system_error>

namespace owp::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_file_bytes_max = std::size_t{64} * 1024;
constexpr std::size_t revoked_file_bytes_max = std::size_t{4} * 1024 * 1024; // 100,000 UUIDs

/// A folder that the build leaves beside the program: build/release/owp-server, build/client.
fs::path beside_program(std::string_view name, std::string_view needed = {}) {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    for (const fs::path& folder :
         {program.parent_path() / name, program.parent_path().parent_path() / name})
        if (!error && fs::exists(folder / needed, error) && fs::is_directory(folder, error))
            return folder;
    return {};
}

std::string find_page(const Config& config, Prepared& prepared) {
    if (!config.watch_page)
        return {};
    const fs::path root = config.web_root.empty() ? beside_program("client", "index.html")
                                                  : fs::path{config.web_root};
    std::error_code error;
    if (!config.web_root.empty() && !fs::is_regular_file(root / "index.html", error))
        return fmt::format("web-root: there is no index.html in {}", config.web_root);
    if (root.empty()) {
        prepared.warnings.emplace_back("the watch page has not been built: / answers 404");
        return {};
    }
    prepared.web_root = root;
    return {};
}

std::string find_media(const Config& config, Prepared& prepared) {
    if (!config.watch_page)
        return {};
    prepared.media_root = config.media.empty() ? beside_program("media") : fs::path{config.media};
    if (prepared.media_root.empty())
        return {};
    prepared.media = scan_media(prepared.media_root);
    if (!prepared.media.error.empty())
        return fmt::format("media: cannot read the folder {} ({})", prepared.media_root.string(),
                           prepared.media.error);
    if (prepared.media.cut_off)
        prepared.warnings.push_back(
            fmt::format("media: the folder has more than {} entries; the rest is not offered",
                        media_files_max));
    return {};
}

/// Reads the key if it is in a file, and checks it.
std::string take_key(std::string_view setting, const std::string& path, auth::Algorithm algorithm,
                     auth::Secret& key) {
    if (!path.empty()) {
        FileText file = read_file(path, key_file_bytes_max);
        if (!file.error.empty())
            return fmt::format("{}: {}", setting, file.error);
        while (file.text.ends_with('\n') || file.text.ends_with('\r'))
            file.text.pop_back();
        key = auth::Secret{std::move(file.text)};
    }
    const std::string problem = auth::key_problem(algorithm, key);
    return problem.empty() ? "" : fmt::format("{}: {}", setting, problem);
}

/// One id on a line; blank lines are none.
std::string read_revoked(const std::string& path, std::set<std::string, std::less<>>& revoked) {
    const FileText file = read_file(path, revoked_file_bytes_max);
    if (!file.error.empty())
        return fmt::format("jwt-revoked-file: {}", file.error);
    std::istringstream lines{file.text};
    for (std::string line; std::getline(lines, line);) {
        if (line.ends_with('\r'))
            line.pop_back();
        if (!line.empty())
            revoked.insert(std::move(line));
    }
    return {};
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string find_tokens(const Config& config, Prepared& prepared) {
    if (config.embedded) { // the gateway signs its users in
        prepared.shard.session.auth_required = true;
        return {};
    }
    TokenSetup setup = token_setup(config);
    if (!config.jellyfin_url.empty()) {
        const std::optional<net::HttpUrl> url = net::parse_http_url(config.jellyfin_url);
        if (!url)
            return "jellyfin-url: must be the address of a Jellyfin, such as "
                   "https://media.example.org or http://127.0.0.1:8096/jellyfin";
        if (!url->secure && !is_loopback(url->host))
            prepared.warnings.emplace_back(
                "jellyfin-url: NOT ENCRYPTED: your users' Jellyfin tokens pass the network as they "
                "are (use https)");
        prepared.jellyfin = {.server = *url, .ca_file = config.jellyfin_ca};
    } else if (!config.jellyfin_ca.empty()) {
        return "jellyfin-ca: needs jellyfin-url as well";
    }
    if (!setup.policy && !prepared.jellyfin)
        prepared.warnings.emplace_back(
            "NO TOKEN IS NEEDED: everybody who reaches this server may create and join rooms, "
            "under any name (set jwt-secret)");
    else if (setup.policy && setup.policy->algorithm == auth::Algorithm::hs256 &&
             setup.policy->key.size() < auth::strong_secret_bytes)
        prepared.warnings.push_back(
            fmt::format("jwt-secret: WEAK SECRET, shorter than {} bytes: tokens can be forged by "
                        "trying secrets",
                        auth::strong_secret_bytes));
    prepared.shard.session.auth_required = setup.policy || prepared.jellyfin;
    prepared.shard.tokens = std::move(setup.policy);
    return setup.error;
}

} // namespace

TokenSetup token_setup(const Config& config) {
    TokenSetup setup;
    auth::TokenPolicy policy{.algorithm = config.jwt_algorithm,
                             .key = config.jwt_secret,
                             .audience = config.jwt_audience,
                             .issuer = config.jwt_issuer};
    const bool from_secret = !config.jwt_secret_file.empty();
    const std::string& path = from_secret ? config.jwt_secret_file : config.jwt_public_key_file;
    if (path.empty() && policy.key.empty())
        return setup;
    const std::string_view setting = from_secret    ? "jwt-secret-file"
                                     : path.empty() ? "jwt-secret"
                                                    : "jwt-public-key-file";
    setup.error = take_key(setting, path, policy.algorithm, policy.key);
    if (setup.error.empty() && !config.jwt_previous_key_file.empty())
        setup.error = take_key("jwt-previous-key-file", config.jwt_previous_key_file,
                               policy.algorithm, policy.previous_key);
    if (setup.error.empty() && !config.jwt_revoked_file.empty())
        setup.error = read_revoked(config.jwt_revoked_file, policy.revoked);
    if (setup.error.empty())
        setup.policy = std::move(policy);
    return setup;
}

Prepared prepare(const Config& config) {
    Prepared prepared;
    prepared.listen.address = config.host;
    prepared.listen.port = config.port;
    if (config.embedded) {
        prepared.listen.unix_socket = config.unix_socket;
        prepared.listen.allowed_origins = {"*"}; // the gateway has looked
    } else {
        prepared.listen.tls_certificate_file = config.tls_cert;
        prepared.listen.tls_key_file = config.tls_key;
        prepared.listen.allowed_origins = config.allowed_origins;
        prepared.listen.trusted_proxies = config.trusted_proxies;
    }
    prepared.listen.max_connections = config.max_connections;
    prepared.listen.max_connections_per_address = config.max_connections_per_address;
    prepared.listen.handshake_timeout = config.handshake_timeout;
    prepared.listen.send_queue_bytes_max = std::size_t{config.send_queue_kib} * 1024;

    prepared.shard.room.members_max = config.members_per_room;
    prepared.shard.room.ready_wait_max = config.ready_wait;
    prepared.shard.room.lead = config.lead;
    prepared.shard.room.seat_hold = config.seat_hold;
    prepared.shard.room.invite_lifetime = config.invite_lifetime;
    prepared.shard.session.auth_wait_max = config.auth_timeout;
    prepared.shard.session.messages_per_second = config.messages_per_second;
    prepared.shard.session.rooms_per_user = config.rooms_per_user;
    prepared.shard.session.ping_interval = config.ping_interval;
    prepared.shard.session.dead_after = config.dead_after;

    if (!config.embedded &&
        std::ranges::find(config.allowed_origins, "*") != config.allowed_origins.end())
        prepared.warnings.emplace_back("allowed-origins: ANY WEB PAGE MAY CONNECT in the name of "
                                       "its visitor, since the list holds *");
    for (const auto step : {find_tokens, find_page, find_media})
        if (prepared.error.empty())
            prepared.error = step(config, prepared);
    return prepared;
}

} // namespace owp::app
