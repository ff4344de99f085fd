// Messages between the shards of one process, as values.
//
// Each shard runs one event loop on one thread. send() appends to an outbox that only the sender's
// thread touches; once per turn of its loop each outbox that holds something goes over in one post.
// So a message costs no lock, a batch costs what a post costs, and what one shard sends to another
// arrives in the order in which it was sent. A shard's messages to itself take the same way, but
// for the post, if they answer such messages: a handler is never entered from inside another.
//
// A batch's memory goes back to its sender and is filled again: a bus that is as busy as it was
// allocates nothing.
#pragma once

#include "cluster/placement.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace owp::cluster {

/// What a shard has to do, and memory that nobody else uses until it is done: for whoever has to
/// keep it meanwhile.
struct Task {
    std::function<void()> run;
    std::span<std::byte> memory;
};
inline constexpr std::size_t task_memory_bytes = 256;

template <class Message>
class Bus {
public:
    using Receive = std::function<void(Message)>;
    /// Has a task run on a shard's thread, in the order of the calls, never before it returns. May
    /// be called on any thread.
    using Post = std::function<void(Task task)>;

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
        Batch*& outbox = sender.outboxes[to];
        if (outbox == nullptr)
            outbox = &sender.empty_batch(from, to);
        outbox->messages.push_back(std::move(message));
        if (!std::exchange(sender.flush_posted, true))
            sender.post({[this, from] { flush(from); }, sender.flush_memory});
    }

private:
    struct alignas(std::max_align_t) TaskMemory : std::array<std::byte, task_memory_bytes> {};

    /// What lies in one outbox, or is on its way, or waits to be filled.
    struct Batch {
        std::vector<Message> messages;
        ShardIndex from = 0;
        ShardIndex to = 0;
        Batch* next = nullptr; // among those that are empty
        TaskMemory delivery_memory;
    };

    struct Node {
        Post post;
        Receive receive;
        std::vector<Batch*> outboxes; // by receiver; null: nothing to send
        bool flush_posted = false;
        TaskMemory flush_memory;
        std::vector<std::unique_ptr<Batch>> batches; // all of this sender's
        Batch* empty = nullptr;
        std::atomic<Batch*> returned{nullptr}; // empty ones, from whoever received them

        Batch& empty_batch(ShardIndex self, ShardIndex to) {
            if (empty == nullptr)
                empty = returned.exchange(nullptr, std::memory_order_acquire);
            if (empty == nullptr)
                empty = batches.emplace_back(std::make_unique<Batch>()).get();
            Batch& batch = *std::exchange(empty, empty->next);
            batch.from = self;
            batch.to = to;
            return batch;
        }
        /// On any thread.
        void give_back(Batch& batch) {
            batch.next = returned.load(std::memory_order_relaxed);
            while (!returned.compare_exchange_weak(batch.next, &batch, std::memory_order_release,
                                                   std::memory_order_relaxed)) {
            }
        }
    };

    void flush(ShardIndex from) {
        Node& sender = nodes_[from];
        // What it says to itself makes it say more, most of all to itself, too: all in one turn.
        while (std::ranges::any_of(sender.outboxes, [](const Batch* batch) { return batch; }))
            for (ShardIndex to = 0; to < nodes_.size(); ++to) {
                Batch* const batch = std::exchange(sender.outboxes[to], nullptr);
                if (batch == nullptr)
                    continue;
                if (to == from)
                    deliver(*batch);
                else
                    nodes_[to].post({[this, batch] { deliver(*batch); }, batch->delivery_memory});
            }
        sender.flush_posted = false;
    }

    void deliver(Batch& batch) {
        for (Message& message : batch.messages)
            nodes_[batch.to].receive(std::move(message));
        batch.messages.clear();
        if (batch.messages.capacity() > kept_messages_max)
            batch.messages = std::vector<Message>{};
        nodes_[batch.from].give_back(batch);
    }

    /// What one busy turn sends. The memory of a storm is not kept.
    static constexpr std::size_t kept_messages_max = 1024;

    std::vector<Node> nodes_;
};

} // namespace owp::cluster
