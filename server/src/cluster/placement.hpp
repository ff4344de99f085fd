// Which shard (thread) owns what. Every shard computes the same answer, so nobody has to be asked.
#pragma once

#include "protocol/types.hpp"

#include <cstddef>
#include <string_view>

namespace owp::cluster {

using ShardIndex = std::size_t;

/// Room ids are random, so their bytes spread rooms evenly.
[[nodiscard]] ShardIndex owner_of_room(const RoomId& room, std::size_t shards);
/// User ids are whatever an identity provider made of them, so they are hashed (FNV-1a, which is
/// the same in every process).
[[nodiscard]] ShardIndex owner_of_user(std::string_view user_id, std::size_t shards);

} // namespace owp::cluster
