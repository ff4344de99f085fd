// Messages between the shards of one process, as values.
//
// Each shard runs one io_context on one thread. send() appends to an outbox that only the sender's
// thread touches; once per turn of its loop each outbox that holds something goes over in one post.
// So a message costs no lock, a batch costs what asio::post costs, and what one shard sends to
// another arrives in the order in which it was sent. A shard's messages to itself take the same
// way: a handler is never entered from inside another.
#pragma once

#include "cluster/placement.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace owp::cluster {

template <class Message>
class Bus {
public:
    using Receive = std::function<void(Message)>;

    explicit Bus(std::size_t shards) : nodes_(shards) {
        for (Node& node : nodes_)
            node.outboxes.resize(shards);
    }

    /// Before any thread runs. `receive` is called on the thread that runs `io`.
    void attach(ShardIndex shard, boost::asio::io_context& io, Receive receive) {
        nodes_[shard].io = &io;
        nodes_[shard].receive = std::move(receive);
    }

    [[nodiscard]] std::size_t shards() const { return nodes_.size(); }

    /// On the thread of `from`.
    void send(ShardIndex from, ShardIndex to, Message message) {
        Node& sender = nodes_[from];
        sender.outboxes[to].push_back(std::move(message));
        if (!std::exchange(sender.flush_posted, true))
            boost::asio::post(*sender.io, [this, from] { flush(from); });
    }

private:
    struct Node {
        boost::asio::io_context* io = nullptr;
        Receive receive;
        std::vector<std::vector<Message>> outboxes; // by receiver
        bool flush_posted = false;
    };

    void flush(ShardIndex from) {
        Node& sender = nodes_[from];
        sender.flush_posted = false;
        for (ShardIndex to = 0; to < nodes_.size(); ++to) {
            if (sender.outboxes[to].empty())
                continue;
            std::vector<Message> batch = std::exchange(sender.outboxes[to], {});
            if (to == from)
                deliver(to, std::move(batch));
            else
                boost::asio::post(*nodes_[to].io, [this, to, batch = std::move(batch)]() mutable {
                    deliver(to, std::move(batch));
                });
        }
    }

    void deliver(ShardIndex to, std::vector<Message> batch) {
        for (Message& message : batch)
            nodes_[to].receive(std::move(message));
    }

    std::vector<Node> nodes_;
};

} // namespace owp::cluster
