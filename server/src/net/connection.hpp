// One WebSocket connection as its owner sees it, and the frames that are sent to it.
//
// A frame is encoded once, header included, and shared by all its receivers on all threads. What
// is sent during one turn of the event loop leaves in one write: Beast allows one write at a time
// and one frame in it, so frames do not pass through Beast but through the connection's own queue,
// into which Beast's answers (pong, close) go as well.
#pragma once

#include "protocol/codes.hpp"
#include "protocol/types.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace owp::net {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The bytes of one text frame as they go over the wire. Cheap to copy, never changes, may be used
/// on any thread.
class Frame {
public:
    /// `payload` must be UTF-8.
    [[nodiscard]] static Frame text(std::string_view payload);

    [[nodiscard]] const std::shared_ptr<const std::string>& wire() const { return wire_; }
    [[nodiscard]] std::size_t size() const { return wire_->size(); }

private:
    friend class FramePool;
    explicit Frame(std::shared_ptr<const std::string> wire) : wire_{std::move(wire)} {}
    std::shared_ptr<const std::string> wire_;
};

/// Makes frames in memory that is used again once nobody has the frame that was in it. For one
/// thread; the frames may go to any.
class FramePool {
public:
    /// As Frame::text().
    [[nodiscard]] Frame text(std::string_view payload);

private:
    std::vector<std::shared_ptr<std::string>> kept_;
    std::size_t next_ = 0; // probably the one that was used longest ago
};

struct SendOptions {
    /// Not 0: an unsent frame with the same key in this connection's queue is dropped; this one
    /// goes to the end of the queue. For states of which only the last matters.
    std::uint64_t supersede_key = 0;
    /// Hand it to the socket before send() returns (if nothing else waits): for answers that carry
    /// the time of their departure. Otherwise all that one turn of the loop sends leaves together.
    bool at_once = false;
};

/// Why a connection ended. `code` is the close code that we sent or the peer sent first; 1006 if
/// the connection just broke, 1005 if the peer's close frame had none.
struct CloseInfo {
    std::uint16_t code = 0;
    bool by_peer = false;
    std::string reason; // the peer's or ours; the peer's is valid UTF-8 of at most 123 bytes
};

/// For whom a gateway opened a connection (ListenOptions::gateway_secret).
struct GatewayUser {
    std::string id;   // 1 to 64 printable ASCII characters
    std::string name; // not empty, UTF-8 without control characters
};

/// Valid from on_open until on_close returns. Belongs to its Server's thread: every call must be
/// made there. No callback is ever made from inside these calls.
class Connection {
public:
    virtual ~Connection() = default;

    /// Queues a frame. Above send_queue_bytes_max the connection is closed with 4001 (too_slow) and
    /// all that waits is dropped. After close() frames are ignored.
    virtual void send(const Frame& frame, SendOptions options = {}) = 0;
    /// Sends a ping; on_pong follows with the round trip if it is answered before the next ping().
    virtual void ping() = 0;
    /// What is queued goes out, then a close frame (`reason` is cut to 123 bytes). on_close follows
    /// soon, not after the peer's answer: the rest goes on without the owner, at most
    /// close_timeout long. Nothing more is received.
    virtual void close(CloseCode code, std::string_view reason) = 0;

    /// Nothing is read for so long, counted from the arrival of the last bytes: the peer has to
    /// keep what it goes on to say. What has been read already still comes.
    virtual void hold_reads(Duration time) = 0;

    /// Unique within the process.
    [[nodiscard]] virtual std::uint64_t id() const = 0;
    /// A hint that send() follows soon: has what it looks at fetched into the processor's cache.
    virtual void prefetch() const {}
    /// The client's address in text, behind trusted proxies too.
    [[nodiscard]] virtual std::string remote_address() const = 0;

    /// The owner's own pointer; net/ only keeps it.
    void* context = nullptr;
    /// Set by net/ before on_open.
    std::optional<GatewayUser> user = {};
};

} // namespace owp::net
