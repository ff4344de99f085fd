// From settings to what the parts of the server are given. Reads the files that settings name.
#pragma once

#include "app/config.hpp"
#include "app/media_library.hpp"
#include "app/shard.hpp"
#include "net/http_client.hpp"
#include "net/options.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace owp::app {

/// What must be read before a server can start, or the one line that says why it cannot.
struct Prepared {
    net::ListenOptions listen; // but for the gateway's secret, which comes over standard input
    ShardOptions shard;
    std::optional<net::HttpClientOptions> jellyfin; // to be asked about tokens and titles
    std::optional<std::filesystem::path> web_root;
    std::filesystem::path media_root; // empty: no media
    MediaLibrary media;
    std::vector<std::string> warnings;
    std::string error; // names its setting
};
[[nodiscard]] Prepared prepare(const Config& config);

/// The keys, from the setting or their files, and what has been revoked. No error and no policy: no
/// token is needed.
struct TokenSetup {
    std::optional<auth::TokenPolicy> policy;
    std::string error;
};
[[nodiscard]] TokenSetup token_setup(const Config& config);

} // namespace owp::app
