// What shards tell each other over the bus: commands to the owner of a room or of a user, answers
// to the edge that holds a connection, and changes of the room directory to everybody.
#pragma once

#include "cluster/bus.hpp"
#include "core/room.hpp"
#include "edge/session.hpp"
#include "net/connection.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace owp::app {

using cluster::ShardIndex;

/// The connection that a command comes from, and where answers to it go.
struct Sender {
    ClientId client;
    ShardIndex shard = 0;
    Dialect dialect = Dialect::v1;
    std::uint32_t place = 0; // of the connection, see Receiver
};

// ---- to the owner of a room --------------------------------------------------------------------
struct CreateRoom {
    Sender sender;
    core::RoomSetup setup;
};
struct RoomCommand {
    Sender sender;
    RoomId room;
    core::Event event;
};

// ---- to the owner of a user --------------------------------------------------------------------
struct ReserveRoom { // answered with RoomAnswer
    Sender sender;
    std::string user_id;
    std::uint32_t rooms_max = 0;
};
struct ReleaseRoom {
    std::string user_id;
};
struct FindSeat { // answered with SeatFound if there is one
    Sender sender;
    std::string user_id;
};
struct HoldSeat {
    std::string user_id;
    RoomId room;
    ServerTime until{};
};
struct DropSeat {
    std::string user_id;
    RoomId room;
};

// ---- to the edge -------------------------------------------------------------------------------
struct ToSession {
    ClientId client;
    edge::Event event;
};
struct RoomAnswer { // to ReserveRoom
    ClientId client;
    std::string user_id;
    std::optional<RoomId> room; // none: the limit is reached
};
/// The room asks about its member, or who wants to be; answered with AccessVerdict to the room.
struct AskAccess {
    RoomId room;
    core::AskAccess question;
};
/// A connection by its place in its shard's table, where it is found without a search. The place
/// may be another's by now, whose id is another.
struct Receiver {
    ClientId client;
    std::uint32_t place = 0;
    bool operator==(const Receiver&) const = default;
};
/// A message to those connections of one shard that may hear it, encoded once for each dialect.
struct Deliver {
    std::shared_ptr<const std::vector<Receiver>> to;
    std::optional<RoomId> room;                      // whose members alone may hear it
    std::array<std::optional<net::Frame>, 2> frames; // by dialect; none: nobody needs it
    bool superseding = false;
};

// ---- to everybody ------------------------------------------------------------------------------
struct RoomListed {
    RoomSummary summary;
};
struct RoomDelisted {
    RoomId room;
};

using ShardMessage =
    std::variant<CreateRoom, RoomCommand, ReserveRoom, ReleaseRoom, FindSeat, HoldSeat, DropSeat,
                 ToSession, RoomAnswer, AskAccess, Deliver, RoomListed, RoomDelisted>;

/// One shard's end of the bus.
class Wire {
public:
    Wire(cluster::Bus<ShardMessage>& bus, ShardIndex self) : bus_{bus}, self_{self} {}

    [[nodiscard]] ShardIndex self() const { return self_; }
    void send(ShardIndex to, ShardMessage message) { bus_.send(self_, to, std::move(message)); }
    void to_room(const RoomId& room, ShardMessage message) {
        send(cluster::owner_of_room(room, bus_.shards()), std::move(message));
    }
    void to_user(std::string_view user_id, ShardMessage message) {
        send(cluster::owner_of_user(user_id, bus_.shards()), std::move(message));
    }
    void to_all(const ShardMessage& message) {
        for (ShardIndex to = 0; to < bus_.shards(); ++to)
            send(to, message);
    }

private:
    cluster::Bus<ShardMessage>& bus_;
    ShardIndex self_;
};

} // namespace owp::app
