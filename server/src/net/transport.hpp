// One connection's bytes, with or without TLS: reads pass through, writes go into a queue that is
// written in as few calls as possible. Beast's WebSocket stream sits on top as on any stream; its
// own frames (pong, close) line up in the queue like everybody's, so they never fall into another.
#pragma once

#include "net/connection.hpp"
#include "net/read_turns.hpp"
#include "net/send_queue.hpp"
#include "net/server.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

namespace owp::net {

/// Whose bytes they are. The transport keeps it alive while an operation is under way.
class TransportUser {
public:
    virtual ~TransportUser() = default;
    [[nodiscard]] virtual std::shared_ptr<void> keep_alive() = 0;
    /// Something was queued by Beast: flush() is due in this turn of the loop.
    virtual void flush_wanted() = 0;
    /// Progress: some bytes left, and maybe all. Also called when the connection broke.
    virtual void bytes_left() = 0;
};

class Transport {
public:
    using executor_type = boost::asio::io_context::executor_type;
    using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol,
                                                    executor_type>; // TCP or Unix

    /// `tls` null: plain.
    Transport(Socket socket, std::shared_ptr<boost::asio::ssl::context> tls, Counters& counters,
              SendQueue::Common& queues, ReadTurns& turns);

    /// See Connection::prefetch().
    void prefetch() const {
        // A cache line apart: from the queue to the end of the socket
        __builtin_prefetch(&queue_);
        __builtin_prefetch(&tls_);
        __builtin_prefetch(&turns_);
    }
    void set_user(TransportUser& user) { user_ = &user; }
    [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }
    [[nodiscard]] bool secure() const { return tls_ != nullptr; }
    [[nodiscard]] bool broken() const { return broken_; }
    /// When the last bytes were read.
    [[nodiscard]] SteadyTime arrival() const { return arrival_; }

    // ---- queue --------------------------------------------------------------------------------
    /// As SendQueue::push. Ignored after seal().
    bool push(SendQueue::Bytes bytes, std::uint64_t supersede_key = 0);
    /// Nothing more is let into the queue: our close frame was the last.
    void seal() { sealed_ = true; }
    void drop_unsent() { queue_.drop_unsent(); }
    /// Hands to the kernel what it takes; goes on by itself when it takes more.
    void flush();
    [[nodiscard]] std::size_t queued_bytes() const { return queue_.bytes(); }
    [[nodiscard]] bool drained() const { return queue_.empty() && !writing_; }

    // ---- stream, for Beast and the HTTP connection ----------------------------------------------
    template <class Handler>
    void async_handshake(Handler handler) {
        tls_->stream.async_handshake(boost::asio::ssl::stream_base::server, std::move(handler));
    }

    /// Reads begin no sooner, and one such peer after another: who says too much is heard more
    /// slowly, by TCP's own means.
    void hold_reads_until(SteadyTime time) { read_not_before_ = std::max(read_not_before_, time); }

    /// From now on, until seal(), flush() waits while what was read is being heard, so that the
    /// answers to what came in one read leave in one write: with a write for each, those who flood
    /// cost half as much again, and others wait for that.
    void answer_whole_reads() { answers_whole_reads_ = true; }

    template <class Buffers, class Handler>
    void async_read_some(const Buffers& buffers, Handler&& handler) {
        hearing_ = false;
        if (flush_held_)
            flush();
        if (read_not_before_ <= std::chrono::steady_clock::now())
            return read_now(buffers, std::forward<Handler>(handler));
        auto timer = std::make_shared<boost::asio::steady_timer>(get_executor());
        timer->expires_at(read_not_before_);
        timer->async_wait([this, timer, buffers, inner = std::forward<Handler>(handler)](
                              boost::system::error_code) mutable {
            timer->expires_at(turns_.take(std::chrono::steady_clock::now()));
            timer->async_wait(
                [this, timer, buffers, last = std::move(inner)](boost::system::error_code) mutable {
                    read_now(buffers, std::move(last));
                });
        });
    }

    template <class Buffers, class Handler>
    void async_write_some(const Buffers& buffers, Handler&& handler) {
        std::string bytes(boost::asio::buffer_size(buffers), '\0');
        boost::asio::buffer_copy(boost::asio::buffer(bytes), buffers);
        const std::size_t count = bytes.size();
        push(std::make_shared<const std::string>(std::move(bytes)));
        user_->flush_wanted();
        boost::asio::post(get_executor(),
                          [count, inner = std::forward<Handler>(handler)]() mutable {
                              inner(boost::system::error_code{}, count);
                          });
    }

    // ---- end ------------------------------------------------------------------------------------
    /// Tells the peer that no more comes, then reads and drops what still does, until the peer ends
    /// too; a plain close could reset the connection and overtake our last words (RFC 9112 §9.6).
    /// The caller bounds it by close(). Only when the queue is empty and nothing is being read.
    void finish();
    /// The read under way (or the TLS handshake) ends with an error; the connection stays.
    void cancel();
    /// At once. Operations under way end with an error.
    void close();

private:
    struct Tls {
        Tls(Socket& socket, std::shared_ptr<boost::asio::ssl::context> given)
            : context{std::move(given)}, stream{socket, *context} {}
        std::shared_ptr<boost::asio::ssl::context> context;
        boost::asio::ssl::stream<Socket&> stream;
        std::string record; // what is being written
    };
    /// The heaviest honest peer sends a tenth of it; frames without content are bounded by nothing
    /// else, and a thread that reads for one peer only is no thread for the others.
    void bound_reads(std::size_t bytes) {
        constexpr std::size_t bytes_max = std::size_t{16} * 1024;
        constexpr std::chrono::milliseconds window{100}; // short: what comes at once is a burst
        if (arrival_ - read_since_ >= window) {
            read_since_ = arrival_;
            read_bytes_ = 0;
        }
        read_bytes_ += bytes;
        if (read_bytes_ >= bytes_max)
            hold_reads_until(read_since_ + window);
    }
    template <class Buffers, class Handler>
    void read_now(const Buffers& buffers, Handler&& handler) {
        auto stamped = [this, inner = std::forward<Handler>(handler)](
                           boost::system::error_code error, std::size_t bytes) mutable {
            arrival_ = std::chrono::steady_clock::now();
            hearing_ = answers_whole_reads_;
            bound_reads(bytes);
            inner(error, bytes);
        };
        if (tls_)
            tls_->stream.async_read_some(buffers, std::move(stamped));
        else
            socket_.async_read_some(buffers, std::move(stamped));
    }
    void flush_plain();
    /// Of the queue, as many as one call takes; returns the bytes that left.
    std::size_t write_pieces(boost::system::error_code& error);
    void flush_tls();
    void count_sent(std::size_t bytes);
    void break_off();
    void discard(std::shared_ptr<std::array<char, 4096>> sink);

    // Side by side what every frame looks at
    SendQueue queue_;
    bool writing_ = false; // a write or a wait for room is under way
    bool sealed_ = false;
    bool broken_ = false;
    bool answers_whole_reads_ = false;
    bool hearing_ = false;    // what was read may hold more messages
    bool flush_held_ = false; // meanwhile
    std::unique_ptr<Tls> tls_;
    TransportUser* user_ = nullptr;
    Counters& counters_;
    Socket socket_;

    ReadTurns& turns_;
    SteadyTime arrival_{};
    SteadyTime read_not_before_{};
    SteadyTime read_since_{};
    std::size_t read_bytes_ = 0; // since then
};

} // namespace owp::net
