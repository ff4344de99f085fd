// What an HTTP and a WebSocket connection have in common: a place in the server's list and in the
// caps, one deadline, and the way to the end. It lives as long as its pending operations.
#pragma once

#include "net/limits.hpp"
#include "net/transport.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <memory>

namespace owp::net {

class ServerCore;

class Peer : public TransportUser, public std::enable_shared_from_this<Peer> {
public:
    Peer(std::shared_ptr<ServerCore> core, std::unique_ptr<Transport> transport,
         std::unique_ptr<Admission> admission);
    ~Peer() override;

    /// The server stops: end politely.
    virtual void stop() = 0;
    /// The server's time is up, or the deadline in the end phase.
    virtual void cut_off();
    virtual void deadline_passed() = 0;

    void flush() {
        if (transport_)
            transport_->flush();
    }
    /// In the list of connections that are flushed at the end of this turn of the loop?
    bool flush_due = false;
    SteadyTime deadline{}; // set by Deadlines; the epoch: none
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
        hook;

protected:
    [[nodiscard]] std::shared_ptr<void> keep_alive() final { return shared_from_this(); }
    void flush_wanted() final;
    void set_deadline(Duration from_now);
    void clear_deadline();
    /// What is queued leaves, then the connection ends politely; after `bound` at the latest.
    void end(Duration bound);
    /// To be called from bytes_left() and deadline_passed() while ending.
    void end_if_drained();
    [[nodiscard]] bool ending() const { return ending_; }

    std::shared_ptr<ServerCore> core_;
    std::unique_ptr<Transport> transport_; // moves to the WebSocket at the upgrade
    std::unique_ptr<Admission> admission_;

private:
    bool ending_ = false;
    bool finishing_ = false;
};

} // namespace owp::net
