// One shard's end of a bus, run by hand, and a connection that only remembers.
#pragma once

#include "app/shard_message.hpp"

#include <array>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace owp::app::test {

/// A bus of two shards. What one sends lies in `got` of the receiver after deliver().
struct TwoShards {
    TwoShards() {
        for (ShardIndex i = 0; i < 2; ++i)
            bus.attach(
                i, [this](cluster::Task task) { tasks.push_back(std::move(task.run)); },
                [this, i](ShardMessage message) { got.at(i).push_back(std::move(message)); });
    }
    void deliver() {
        while (!tasks.empty()) {
            const std::function<void()> task = std::move(tasks.front());
            tasks.pop_front();
            task();
        }
    }
    /// Takes out all messages of one type, whoever got them.
    template <class Wanted>
    std::vector<Wanted> take() {
        deliver();
        std::vector<Wanted> found;
        for (auto& inbox : got) {
            for (const ShardMessage& message : inbox)
                if (const auto* wanted = std::get_if<Wanted>(&message))
                    found.push_back(*wanted);
            std::erase_if(inbox, [](const ShardMessage& message) {
                return std::holds_alternative<Wanted>(message);
            });
        }
        return found;
    }
    void forget_all() {
        deliver();
        got = {};
    }

    cluster::Bus<ShardMessage> bus{2};
    std::deque<std::function<void()>> tasks;
    std::array<std::vector<ShardMessage>, 2> got;
};

inline ClientId client(int number) {
    ClientId id;
    id.bytes[15] = static_cast<std::uint8_t>(number);
    return id;
}
inline RoomId room(int number) {
    RoomId id;
    id.bytes = {0, 0, 0, 0, 0, 0, 0x40, 0, 0x80};
    id.bytes[14] = static_cast<std::uint8_t>(number >> 8);
    id.bytes[15] = static_cast<std::uint8_t>(number);
    return id;
}

/// Those in places 0, 1, … of their shard.
inline std::shared_ptr<const std::vector<Receiver>> receivers(const std::vector<ClientId>& ids) {
    std::vector<Receiver> all;
    for (const ClientId& id : ids)
        all.push_back({id, static_cast<std::uint32_t>(all.size())});
    return std::make_shared<const std::vector<Receiver>>(std::move(all));
}

/// The JSON of a frame, without the WebSocket header before it.
inline std::string text_of(const net::Frame& frame) {
    const std::string& wire = *frame.wire();
    return wire.substr(wire.find('{'));
}

} // namespace owp::app::test
