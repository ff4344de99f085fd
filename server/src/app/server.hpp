// The whole server, from one Config: shards on their threads, the listener, the routes.
#pragma once

#include "app/preparation.hpp"
#include "app/routes.hpp"
#include "app/server_clock.hpp"
#include "app/shard.hpp"

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace owp::app {

class Server {
public:
    struct Started {
        std::unique_ptr<Server> server; // null if there is an error
        std::string error;              // one line for the operator
    };
    /// Listens and serves, on `threads` threads (0: one for each core but one).
    [[nodiscard]] static Started start(Prepared prepared, std::uint32_t threads);
    /// Stops, if that has not been done.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// "http://127.0.0.1:3000": where a browser on this machine finds it; or "unix:PATH".
    [[nodiscard]] std::string address() const;
    /// Certificate, keys, what has been revoked, and media are read again. What cannot be read
    /// stays as it was, and is logged.
    void reload(const Config& config);
    /// Clients are told to come back, answers under way finish. Returns when all is over, within
    /// five seconds.
    void stop();

private:
    Server(Prepared prepared, std::uint32_t threads, std::shared_ptr<net::Shared> listener,
           std::unique_ptr<net::HttpClient> jellyfin);

    [[nodiscard]] std::string metrics() const;

    const Prepared prepared_;
    const Clock clock_;
    std::shared_ptr<net::Shared> listener_;
    std::unique_ptr<net::HttpClient> jellyfin_; // none: nobody is asked about tokens
    std::unique_ptr<JellyfinDesk> jellyfin_desk_;
    ShardOptions shard_options_;
    Routes routes_;
    cluster::Bus<ShardMessage> bus_;
    std::vector<std::unique_ptr<Shard>> shards_;
    std::vector<std::thread> threads_;
};

} // namespace owp::app
