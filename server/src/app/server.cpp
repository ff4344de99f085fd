#include "app/server.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace owp::app {
namespace {

/// What answers under way get when the server stops: with joining the threads below 5 s (design).
constexpr Duration stop_bound = std::chrono::seconds{3};

} // namespace

Server::Started Server::start(Prepared prepared, std::uint32_t threads) {
    if (!prepared.error.empty())
        return {nullptr, prepared.error};
    net::Shared::Opened opened = net::Shared::open(prepared.listen);
    if (!opened.error.empty())
        return {nullptr, opened.error};
    net::HttpClient::Made jellyfin;
    if (prepared.jellyfin)
        jellyfin = net::HttpClient::make(*prepared.jellyfin);
    if (!jellyfin.error.empty())
        return {nullptr, "jellyfin-ca: " + jellyfin.error};
    // One core is left to the kernel's part of the network and to Jellyfin: with all cores taken,
    // each delivery waits longer (docs/developers/performance.md)
    if (threads == 0)
        threads = std::max(2U, std::thread::hardware_concurrency()) - 1;

    std::unique_ptr<Server> server{new Server{
        std::move(prepared), threads, std::move(opened.shared), std::move(jellyfin.client)}};
    for (const std::unique_ptr<Shard>& shard : server->shards_)
        if (const std::optional<std::string> error = shard->listen())
            return {nullptr, *error};
    for (const std::unique_ptr<Shard>& shard : server->shards_)
        server->threads_.emplace_back([&shard] { shard->run(); });
    server->routes_.set_ready(true);
    return {std::move(server), {}};
}

Server::Server(Prepared prepared, std::uint32_t threads, std::shared_ptr<net::Shared> listener,
               std::unique_ptr<net::HttpClient> jellyfin)
    : prepared_{std::move(prepared)}, listener_{std::move(listener)},
      jellyfin_{std::move(jellyfin)}, shard_options_{prepared_.shard}, bus_{threads} {
    if (jellyfin_) {
        jellyfin_desk_ =
            std::make_unique<JellyfinDesk>(*jellyfin_, [this] { return clock_.now(); });
        shard_options_.access = jellyfin_desk_.get();
        shard_options_.jellyfin = jellyfin_desk_.get();
    }
    routes_.auth_enabled = prepared_.shard.session.auth_required;
    routes_.origin_allowed = [this](std::string_view origin) {
        return listener_->origin_allowed(origin);
    };
    routes_.metrics = [this] { return metrics(); };
    routes_.web_root = prepared_.web_root;
    routes_.set_media(prepared_.media);
    for (ShardIndex i = 0; i < threads; ++i)
        shards_.push_back(std::make_unique<Shard>(
            i, shard_options_, clock_, bus_, listener_,
            [this](const net::Request& request) { return routes_(request); }));
}

Server::~Server() {
    stop();
}

std::string Server::address() const {
    const net::ListenOptions& options = listener_->options();
    if (!options.unix_socket.empty())
        return fmt::format("unix:{}", options.unix_socket);
    std::string host = options.address;
    if (host == "0.0.0.0" || host == "::")
        host = "127.0.0.1";
    else if (host.find(':') != host.npos)
        host = fmt::format("[{}]", host);
    return fmt::format("{}://{}:{}", options.tls_certificate_file.empty() ? "http" : "https", host,
                       listener_->port());
}

void Server::reload(const Config& config) {
    if (!prepared_.listen.tls_certificate_file.empty()) {
        if (const std::optional<std::string> error = listener_->reload_tls())
            spdlog::error("{}; the old certificate stays", *error);
        else
            spdlog::info("the certificate has been read again");
    }
    if (prepared_.shard.tokens) {
        const TokenSetup tokens = token_setup(config);
        if (tokens.policy) {
            for (const std::unique_ptr<Shard>& shard : shards_)
                shard->believe(*tokens.policy);
            spdlog::info("keys and revocations have been read again");
        } else {
            spdlog::error("{}; the old keys and revocations stay", tokens.error);
        }
    }
    if (!prepared_.media_root.empty()) {
        MediaLibrary media = scan_media(prepared_.media_root);
        if (!media.error.empty()) {
            spdlog::error("media: cannot read the folder ({}); the old list stays", media.error);
            return;
        }
        spdlog::info("media: {} titles", media.items.size());
        routes_.set_media(std::move(media));
    }
}

void Server::stop() {
    routes_.set_ready(false);
    if (threads_.empty())
        return;
    for (const std::unique_ptr<Shard>& shard : shards_)
        shard->stop(stop_bound);
    for (std::thread& thread : threads_)
        thread.join();
    threads_.clear();
    jellyfin_.reset(); // answers would come to shards that listen no more
}

std::string Server::metrics() const {
    std::vector<const Metrics*> all;
    for (const std::unique_ptr<Shard>& shard : shards_)
        all.push_back(&shard->metrics());
    return metrics_text(all, listener_->counters());
}

} // namespace owp::app
