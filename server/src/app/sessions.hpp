// The connections of one shard: feeds each session machine its events in order, and carries its
// effects to the connection, the rooms and the user registries.
#pragma once

#include "app/deadlines.hpp"
#include "app/directory.hpp"
#include "app/metrics.hpp"
#include "app/server_clock.hpp"
#include "app/shard_message.hpp"
#include "auth/token.hpp"
#include "edge/session.hpp"
#include "net/server.hpp"

#include <memory>
#include <optional>
#include <unordered_map>

namespace owp::app {

class Sessions {
public:
    /// `policy` is null where no token is needed. All references outlive the sessions.
    Sessions(edge::SessionOptions options, const auth::TokenPolicy* policy, const Clock& clock,
             Wire& wire, Directory& directory, Metrics& metrics)
        : options_{options}, policy_{policy}, clock_{clock}, wire_{wire},
          directory_{directory}, metrics_{metrics} {}

    // From the network.
    void opened(net::Connection& connection);
    void text(net::Connection& connection, std::string_view text, ServerTime arrival);
    void binary(net::Connection& connection, ServerTime arrival);
    void pong(net::Connection& connection, Duration round_trip, ServerTime arrival);
    void closed(net::Connection& connection, const net::CloseInfo& info);

    // From the bus.
    void on(const ToSession& message);
    void on(const RoomAnswer& message);
    void on(const Deliver& message);

    /// Tells the directory's changes to those who want them.
    void flush_directory(ServerTime now);
    /// Wakes the sessions whose time has come.
    void wake(ServerTime now);
    [[nodiscard]] std::optional<ServerTime> wake_at() const { return deadlines_.next(); }
    /// Every session says its farewell.
    void stop();

    [[nodiscard]] std::int64_t queued_bytes() const;

private:
    struct Client {
        ClientId id;
        net::Connection& connection;
        edge::Session session;
    };

    static Client& client_of(net::Connection& connection);
    [[nodiscard]] Sender sender(const Client& client) const;
    void feed(Client& client, const edge::Event& event, ServerTime now);
    void carry_out(Client& client, const std::vector<edge::Effect>& effects, ServerTime now);
    void send(Client& client, const net::Frame& frame, net::SendOptions options = {});
    void send(Client& client, const ServerMessage& message);
    [[nodiscard]] edge::TokenVerdict judge(const std::string& token, ServerTime now);

    edge::SessionOptions options_;
    const auth::TokenPolicy* policy_;
    const Clock& clock_;
    Wire& wire_;
    Directory& directory_;
    Metrics& metrics_;
    std::unordered_map<ClientId, std::unique_ptr<Client>> clients_;
    Deadlines<ClientId> deadlines_;
};

} // namespace owp::app
