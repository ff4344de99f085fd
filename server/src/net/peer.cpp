#include "net/peer.hpp"

#include "net/server_core.hpp"

namespace owp::net {

Peer::Peer(std::shared_ptr<ServerCore> core, std::unique_ptr<Transport> transport,
           std::unique_ptr<Admission> admission)
    : core_{std::move(core)}, transport_{std::move(transport)}, admission_{std::move(admission)} {
    transport_->set_user(*this);
    core_->add(*this);
}

Peer::~Peer() {
    clear_deadline();
    // Before the server hears that the last one is gone: whoever then looks finds the caps free.
    transport_.reset();
    admission_.reset();
    core_->remove(*this);
}

void Peer::flush_wanted() {
    core_->flush_later(*this);
}

void Peer::set_deadline(Duration from_now) {
    core_->deadlines().set(*this, std::chrono::steady_clock::now() + from_now);
}

void Peer::clear_deadline() {
    core_->deadlines().clear(*this);
}

void Peer::cut_off() {
    clear_deadline();
    if (transport_)
        transport_->close();
}

void Peer::end(Duration bound) {
    ending_ = true;
    set_deadline(bound);
    transport_->flush();
    end_if_drained();
}

void Peer::end_if_drained() {
    if (!ending_ || finishing_)
        return;
    if (transport_->broken())
        return cut_off();
    if (transport_->drained()) {
        finishing_ = true;
        transport_->finish();
    }
}

} // namespace owp::net
