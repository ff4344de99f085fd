// The inside of Server: listener, list of connections, and what is flushed at the end of a turn.
#pragma once

#include "net/deadlines.hpp"
#include "net/flush_line.hpp"
#include "net/peer.hpp"
#include "net/shared_state.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>

namespace owp::net {

class ServerCore : public std::enable_shared_from_this<ServerCore> {
public:
    ServerCore(boost::asio::io_context& io, std::shared_ptr<Shared> shared, Handlers handlers);

    [[nodiscard]] std::optional<std::string> listen();
    void stop(Duration bound, std::function<void()> done);
    void cut_off_all();
    [[nodiscard]] std::size_t connection_count() const { return count_; }
    [[nodiscard]] std::size_t queued_bytes() const { return queues_.bytes(); }
    [[nodiscard]] bool stopping() const { return stopping_; }

    [[nodiscard]] Shared::State& shared() { return shared_->state(); }
    [[nodiscard]] const ListenOptions& options() const { return shared_->options(); }
    [[nodiscard]] Deadlines& deadlines() { return *deadlines_; }
    [[nodiscard]] boost::asio::io_context& io() { return io_; }

    void add(Peer& peer);
    void remove(Peer& peer);
    /// All that is sent to a peer leaves together once the loop comes round without more being
    /// sent to anybody: at once while there is little to do, in few large writes while there is
    /// much.
    void flush_later(Peer& peer);

    Handlers handlers;

private:
    using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol,
                                                        Transport::executor_type>;
    [[nodiscard]] bool is_unix() { return !options().unix_socket.empty(); }
    void accept();
    void accepted(Transport::Socket socket);
    void flush_when_quiet(SteadyTime by);

    boost::asio::io_context& io_;
    std::shared_ptr<Shared> shared_;
    Acceptor acceptor_;
    boost::asio::steady_timer accept_again_;
    boost::asio::steady_timer stop_bound_;
    std::shared_ptr<Deadlines> deadlines_;
    boost::intrusive::list<Peer,
                           boost::intrusive::member_hook<
                               Peer,
                               boost::intrusive::list_member_hook<
                                   boost::intrusive::link_mode<boost::intrusive::auto_unlink>>,
                               &Peer::hook>,
                           boost::intrusive::constant_time_size<false>>
        peers_;
    std::size_t count_ = 0;
    SendQueue::Common queues_;
    ReadTurns read_turns_;
    FlushLine<std::shared_ptr<Peer>> to_flush_;
    std::uint64_t flushes_wanted_ = 0;
    bool flush_posted_ = false;
    bool stopping_ = false;
    std::function<void()> stopped_;
};

} // namespace owp::net
