// The deadlines of all connections of a thread behind one timer. An idle WebSocket has none and
// costs nothing here.
#pragma once

#include "net/connection.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <set>
#include <utility>

namespace owp::net {

class Peer;

class Deadlines : public std::enable_shared_from_this<Deadlines> {
public:
    explicit Deadlines(boost::asio::io_context& io) : timer_{io} {}

    /// Replaces the peer's deadline.
    void set(Peer& peer, SteadyTime time);
    void clear(Peer& peer);

private:
    void arm();

    std::set<std::pair<SteadyTime, Peer*>> waiting_;
    boost::asio::steady_timer timer_;
    SteadyTime armed_for_ = SteadyTime::max();
};

} // namespace owp::net
