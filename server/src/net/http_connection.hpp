// A connection from its first byte: TLS, one request after the other, and the upgrade, with which
// the transport moves on to a WebSocketConnection.
//
//     handshake → head → response → head → … → end
//                   └→ upgrade
#pragma once

#include "net/head.hpp"
#include "net/peer.hpp"
#include "net/response_plan.hpp"

namespace owp::net {

class HttpConnection final : public Peer {
public:
    HttpConnection(std::shared_ptr<ServerCore> core, std::unique_ptr<Transport> transport,
                   std::unique_ptr<Admission> admission, Address peer);

    void start();
    void stop() override;
    void deadline_passed() override;

private:
    void read();
    void on_bytes();
    void on_head(Head head);
    void upgrade(const std::string& key, const Address& client, std::optional<GatewayUser> user);
    /// An answer of our own, after which the connection ends.
    void refuse(int status, bool is_head = false);
    void refuse(const Response& response, bool is_head);
    void respond(const Request& request, const Response& response);
    void bytes_left() override;
    void send_more();

    const Address peer_;
    std::string buffer_;             // received, not used
    std::optional<FileSlice> slice_; // being sent
    bool keep_alive_ = true;
    bool responding_ = false;
    bool timed_out_ = false;
};

} // namespace owp::net
