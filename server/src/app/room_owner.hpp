// The rooms that one shard owns: feeds each machine its events in order, and carries its effects to
// the edges, the user registries and the directory.
#pragma once

#include "app/deadlines.hpp"
#include "app/metrics.hpp"
#include "app/server_clock.hpp"
#include "app/shard_message.hpp"
#include "core/room.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace owp::app {

class RoomOwner {
public:
    RoomOwner(core::RoomOptions options, const Clock& clock, Wire& wire, Metrics& metrics)
        : options_{options}, clock_{clock}, wire_{wire}, metrics_{metrics} {}

    void on(CreateRoom&& message);
    void on(RoomCommand&& message);

    /// Wakes the rooms whose time has come.
    void wake(ServerTime now);
    [[nodiscard]] std::optional<ServerTime> wake_at() const { return deadlines_.next(); }
    [[nodiscard]] std::size_t timers() const { return deadlines_.size(); }

private:
    /// Where an audience is, shard by shard.
    struct Route {
        core::Audience audience;
        std::array<bool, 2> speaks{}; // by dialect
        std::vector<std::pair<ShardIndex, std::shared_ptr<const std::vector<Receiver>>>> by_shard{};
    };
    struct Hosted {
        std::optional<core::Room> room;
        std::unordered_map<ClientId, Sender> members;
        std::unordered_map<ClientId, Sender> knocking; // wait for the answer about their access
        std::vector<Route> routes{}; // of late, the newest last; void once a member changes
    };
    /// Where answers to `client` go: its seat or its place at the door; for one who has neither,
    /// whoever just asked.
    static const Sender* find_edge(const Hosted& hosted, const ClientId& client,
                                   const Sender* cause);

    /// Carries out `effects_`.
    void carry_out(const RoomId& id, Hosted& hosted, const Sender* cause);
    void deliver(const RoomId& id, Hosted& hosted, const core::Send& send, const Sender* cause);
    static const Route& route_to(const core::Audience& audience, Hosted& hosted,
                                 const Sender* cause);
    void tell(const Hosted& hosted, const ClientId& client, const Sender* cause, edge::Event event);
    void remove_member(Hosted& hosted, const ClientId& client);

    core::RoomOptions options_;
    const Clock& clock_;
    Wire& wire_;
    Metrics& metrics_;
    std::unordered_map<RoomId, Hosted> rooms_;
    Deadlines<RoomId> deadlines_;
    // Nothing but their memory outlasts an event.
    std::vector<core::Effect> effects_;
    std::string text_;
    net::FramePool frames_;
};

} // namespace owp::app
