// Messages between the shards of one process, as values.
//
// Each shard runs one event loop on one thread. send() appends to an outbox that only the sender's
// thread touches; once per turn of its loop each outbox that holds something goes over in one post.
// So a message costs no lock, a batch costs what a post costs, and what one shard sends to another
// arrives in the order in which it was sent. A shard's messages to itself take the same way: a
// handler is never entered from inside another.
#pragma once

#include "cluster/placement.hpp"

#include <functional>
#include <utility>
#include <vector>

namespace owp::cluster {

template <class Message>
class Bus {
public:
    using Receive = std::function<void(Message)>;
    /// Has a task run on a shard's thread, in the order of the calls, never before it returns. May
    /// be called on any thread.
    using Post = std::function<void(std::function<void()> task)>;

    explicit Bus(std::size_t shards) : nodes_(shards) {
        for (Node& node : nodes_)
            node.outboxes.resize(shards);
    }

    /// Before any thread runs. `receive` is called where `post` has tasks run.
    void attach(ShardIndex shard, const Post& post, Receive receive) {
        nodes_[shard].post = post;
        nodes_[shard].receive = std::move(receive);
    }

    [[nodiscard]] std::size_t shards() const { return nodes_.size(); }

    /// On the thread of `from`.
    void send(ShardIndex from, ShardIndex to, Message message) {
        Node& sender = nodes_[from];
        sender.outboxes[to].push_back(std::move(message));
        if (!std::exchange(sender.flush_posted, true))
            sender.post([this, from] { flush(from); });
    }

private:
    struct Node {
        Post post;
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
                nodes_[to].post([this, to, batch = std::move(batch)]() mutable {
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
