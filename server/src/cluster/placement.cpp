#include "cluster/placement.hpp"

#include <cstdint>

namespace owp::cluster {

ShardIndex owner_of_room(const RoomId& room, std::size_t shards) {
    return std::hash<RoomId>{}(room) % shards;
}

ShardIndex owner_of_user(std::string_view user_id, std::size_t shards) {
    std::uint64_t hash = 0xcbf29ce484222325U; // FNV-1a, 64 bits: offset basis and prime
    for (const char byte : user_id)
        hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3U;
    return hash % shards;
}

} // namespace owp::cluster
