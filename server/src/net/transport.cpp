#include "net/transport.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace owp::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {
constexpr std::size_t pieces_max = 64;         // what Asio passes to the kernel in one call
constexpr std::size_t tls_record_max = 16'384; // RFC 8446 §5.1
} // namespace

Transport::Transport(Socket socket, std::shared_ptr<asio::ssl::context> tls, Counters& counters,
                     SendQueue::Common& queues, ReadTurns& turns)
    : queue_{queues}, counters_{counters}, socket_{std::move(socket)}, turns_{turns} {
    if (tls)
        tls_ = std::make_unique<Tls>(socket_, std::move(tls));
}

bool Transport::push(SendQueue::Bytes bytes, std::uint64_t supersede_key) {
    if (sealed_ || broken_)
        return false;
    return queue_.push(std::move(bytes), supersede_key);
}

void Transport::flush() {
    flush_held_ = hearing_ && !sealed_;
    if (flush_held_ || writing_ || broken_ || queue_.empty())
        return;
    if (tls_)
        flush_tls();
    else
        flush_plain();
}

std::size_t Transport::write_pieces(error_code& error) {
    std::array<std::span<const char>, pieces_max> pieces;
    const std::size_t count = queue_.front(pieces);
    std::array<asio::const_buffer, pieces_max> buffers;
    std::transform(pieces.begin(), pieces.begin() + count, buffers.begin(),
                   [](auto piece) { return asio::buffer(piece.data(), piece.size()); });
    return socket_.write_some(std::span{buffers}.first(count), error);
}

void Transport::flush_plain() {
    while (!queue_.empty()) {
        error_code error;
        // One piece, the usual number, by send(2), which costs the kernel less than sendmsg(2)
        std::size_t bytes = 0;
        if (const std::optional<std::span<const char>> only = queue_.only_piece())
            bytes = socket_.write_some(asio::buffer(only->data(), only->size()), error);
        else
            bytes = write_pieces(error);
        if (error == asio::error::would_block) {
            writing_ = true;
            socket_.async_wait(Socket::wait_write,
                               [this, keep = user_->keep_alive()](error_code waited) {
                                   writing_ = false;
                                   if (waited)
                                       break_off();
                                   else
                                       flush();
                               });
            return;
        }
        if (error)
            return break_off();
        queue_.consume(bytes);
        count_sent(bytes);
        const bool emptied = queue_.empty();
        user_->bytes_left();
        if (emptied || broken_)
            return; // what the user queued just now waits for its turn, and others get theirs
    }
}

void Transport::flush_tls() {
    std::array<std::span<const char>, pieces_max> pieces;
    const std::size_t count = queue_.front(pieces);
    tls_->record.clear();
    for (std::size_t i = 0; i < count && tls_->record.size() < tls_record_max; ++i)
        tls_->record.append(pieces[i].data(),
                            std::min(pieces[i].size(), tls_record_max - tls_->record.size()));
    writing_ = true;
    // Taken out of the queue now: what is under way can no longer be superseded.
    queue_.consume(tls_->record.size());
    asio::async_write(tls_->stream, asio::buffer(tls_->record),
                      [this, keep = user_->keep_alive()](error_code error, std::size_t bytes) {
                          writing_ = false;
                          if (error)
                              return break_off();
                          tls_->record = {};
                          count_sent(bytes);
                          user_->bytes_left();
                          flush();
                      });
}

void Transport::count_sent(std::size_t bytes) {
    counters_.bytes_sent.fetch_add(bytes, std::memory_order_relaxed);
}

void Transport::break_off() {
    if (broken_)
        return;
    close();
    user_->bytes_left();
}

void Transport::finish() {
    if (broken_)
        return;
    if (tls_) {
        // Sends close_notify and waits for the peer's.
        tls_->stream.async_shutdown([this, keep = user_->keep_alive()](error_code) { close(); });
        return;
    }
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    discard(std::make_shared<std::array<char, 4096>>());
}

void Transport::discard(std::shared_ptr<std::array<char, 4096>> sink) {
    const auto buffer = asio::buffer(*sink);
    // Bounded as all reads are: who was thrown out for saying too much may still be saying it.
    async_read_some(buffer, [this, keep = user_->keep_alive(),
                             kept = std::move(sink)](error_code error, std::size_t) mutable {
        if (error)
            close();
        else
            discard(std::move(kept));
    });
}

void Transport::cancel() {
    error_code ignored;
    socket_.cancel(ignored);
}

void Transport::close() {
    broken_ = true;
    queue_.clear();
    error_code ignored;
    socket_.close(ignored);
}

} // namespace owp::net
