// One thread of the server: its event loop, its listener, its connections, its rooms, its users and
// its copy of the directory. Shards share nothing that changes but the bus.
#pragma once

#include "app/access.hpp"
#include "app/directory.hpp"
#include "app/metrics.hpp"
#include "app/room_owner.hpp"
#include "app/server_clock.hpp"
#include "app/sessions.hpp"
#include "app/shard_message.hpp"
#include "edge/user_registry.hpp"
#include "net/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace owp::app {

struct ShardOptions {
    core::RoomOptions room;
    edge::SessionOptions session;
    std::optional<auth::TokenPolicy> tokens; // none: everybody may come in
    AccessAuthority* access = nullptr;       // none: everybody may see every title
    JellyfinDesk* jellyfin = nullptr;        // whom tokens that are no JWT are shown to
};

class Shard {
public:
    using HttpHandler = std::function<net::Response(const net::Request&)>;

    /// Options, clock and bus outlive the shard.
    Shard(ShardIndex index, const ShardOptions& options, const Clock& clock,
          cluster::Bus<ShardMessage>& bus, std::shared_ptr<net::Shared> listener,
          HttpHandler on_http);

    /// Starts to accept; returns a sentence if that fails. Before run().
    [[nodiscard]] std::optional<std::string> listen();
    /// Until stop() has done its work.
    void run();
    /// From any thread: sessions say farewell, answers under way finish, but no longer than
    /// `bound`.
    void stop(Duration bound);
    /// From any thread: from here on this decides about JWTs.
    void believe(const auth::TokenPolicy& policy);

    [[nodiscard]] const Metrics& metrics() const { return metrics_; }

private:
    net::Handlers handlers(HttpHandler on_http);
    void receive(ShardMessage message);
    void on(CreateRoom message);
    void on(RoomCommand message);
    void on(const ReserveRoom& message);
    void on(const ReleaseRoom& message);
    void on(const FindSeat& message);
    void on(const HoldSeat& message);
    void on(const DropSeat& message);
    void on(RoomListed message);
    void on(const RoomDelisted& message);
    template <class ForSessions>
    void on(const ForSessions& message) {
        sessions_.on(message);
    }

    /// Sets the timer to the next thing to be done. At the end of all that may add a deadline.
    void arm();
    void on_timer();
    void each_second(ServerTime now);

    const Clock& clock_;
    boost::asio::io_context io_{1};
    boost::asio::steady_timer timer_{io_};
    std::optional<ServerTime> armed_;
    ServerTime next_second_;
    Wire wire_;
    Metrics metrics_;
    edge::UserRegistry users_;
    Directory directory_;
    RoomOwner rooms_;
    Sessions sessions_;
    net::Server server_;
};

} // namespace owp::app
