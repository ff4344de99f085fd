// The rooms that one shard owns: feeds each machine its events in order, and carries its effects to
// the edges, the user registries and the directory.
#pragma once

#include "app/deadlines.hpp"
#include "app/metrics.hpp"
#include "app/server_clock.hpp"
#include "app/shard_message.hpp"
#include "core/room.hpp"

#include <memory>
#include <optional>
#include <unordered_map>

namespace owp::app {

class RoomOwner {
public:
    RoomOwner(core::RoomOptions options, const Clock& clock, Wire& wire, Metrics& metrics)
        : options_{options}, clock_{clock}, wire_{wire}, metrics_{metrics} {}

    void on(CreateRoom&& message);
    void on(const RoomCommand& message);

    /// Wakes the rooms whose time has come.
    void wake(ServerTime now);
    [[nodiscard]] std::optional<ServerTime> wake_at() const { return deadlines_.next(); }

private:
    struct Hosted {
        std::optional<core::Room> room;
        std::unordered_map<ClientId, Sender> members;
        std::unordered_map<ClientId, Sender> knocking; // wait for the answer about their access
    };
    /// Where answers to `client` go: its seat or its place at the door; for one who has neither,
    /// whoever just asked.
    static const Sender* find_edge(const Hosted& hosted, const ClientId& client,
                                   const Sender* cause);

    void carry_out(const RoomId& id, Hosted& hosted, const std::vector<core::Effect>& effects,
                   const Sender* cause);
    void deliver(const RoomId& id, const Hosted& hosted, const core::Send& send,
                 const Sender* cause);
    void tell(const Hosted& hosted, const ClientId& client, const Sender* cause, edge::Event event);
    void remove_member(Hosted& hosted, const ClientId& client);

    core::RoomOptions options_;
    const Clock& clock_;
    Wire& wire_;
    Metrics& metrics_;
    std::unordered_map<RoomId, Hosted> rooms_;
    Deadlines<RoomId> deadlines_;
};

} // namespace owp::app
