#include "net/server_core.hpp"

#include "net/http_connection.hpp"

#include <boost/asio/post.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace owp::net {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

/// On a server that is never quiet: the longest that it hears before it writes, and that it writes
/// before it hears.
constexpr Duration flush_turn_max = std::chrono::milliseconds{1};

tcp::endpoint tcp_endpoint(const boost::asio::generic::stream_protocol::endpoint& any) {
    tcp::endpoint endpoint;
    endpoint.resize(any.size()); // throws if it is longer than any of TCP's
    std::memcpy(endpoint.data(), any.data(), any.size());
    return endpoint;
}

} // namespace

ServerCore::ServerCore(boost::asio::io_context& io, std::shared_ptr<Shared> shared, Handlers given)
    : handlers{std::move(given)}, io_{io}, shared_{std::move(shared)}, acceptor_{io},
      accept_again_{io}, stop_bound_{io}, deadlines_{std::make_shared<Deadlines>(io)} {}

std::optional<std::string> ServerCore::listen() {
    if (is_unix()) {
        // All threads accept from the one queue of the one socket.
        const int socket = ::fcntl(shared().reservation, F_DUPFD_CLOEXEC, 0);
        if (socket < 0)
            return "cannot listen on " + options().unix_socket + ": " +
                   std::generic_category().message(errno);
        acceptor_.assign({AF_UNIX, 0}, socket);
        accept();
        return std::nullopt;
    }
    tcp::endpoint endpoint = shared().endpoint;
    const int socket = bind_socket(endpoint, false);
    // Who is accepted inherits it. It has to be set before the first handshake agrees on a window.
    if (socket < 0 ||
        ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &options().receive_buffer_bytes,
                     sizeof options().receive_buffer_bytes) != 0 ||
        ::listen(socket, SOMAXCONN) != 0) {
        const std::string reason = std::generic_category().message(errno);
        if (socket >= 0)
            ::close(socket);
        return "cannot listen on port " + std::to_string(endpoint.port()) + ": " + reason;
    }
    acceptor_.assign(endpoint.protocol(), socket);
    accept();
    return std::nullopt;
}

void ServerCore::accept() {
    acceptor_.async_accept([self = shared_from_this()](error_code error, Transport::Socket socket) {
        if (!self->acceptor_.is_open())
            return;
        if (!error) {
            self->accepted(std::move(socket));
            self->accept();
            return;
        }
        // Out of descriptors, or the peer is gone again. The first does not pass at once, and
        // trying without a pause would keep the thread busy with nothing else.
        self->accept_again_.expires_after(std::chrono::milliseconds{50});
        self->accept_again_.async_wait([self](error_code cancelled) {
            if (!cancelled && self->acceptor_.is_open())
                self->accept();
        });
    });
}

void ServerCore::accepted(Transport::Socket socket) {
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error)
        return; // gone already
    // Whoever comes by the Unix socket counts for nobody, like a proxy.
    const Address address = is_unix() ? Address{boost::asio::ip::address_v4::loopback()}
                                      : plain_address(tcp_endpoint(endpoint).address());
    auto admission = std::make_unique<Admission>(shared().limits);
    const bool proxy = is_unix() || any_contains(shared().trusted, address);
    if (admission->open(proxy ? std::nullopt : std::optional{address_key(address)}) !=
        Limits::Verdict::admitted) {
        ++shared().counters.refused_full;
        return;
    }
    ++shared().counters.accepted;
    socket.non_blocking(true, error);
    if (!is_unix()) {
        socket.set_option(tcp::no_delay{true}, error);
        ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT,
                     &options().notsent_lowat_bytes, sizeof options().notsent_lowat_bytes);
    }
    auto transport = std::make_unique<Transport>(std::move(socket), shared().tls.context(),
                                                 shared().counters, queues_, read_turns_);
    std::make_shared<HttpConnection>(shared_from_this(), std::move(transport), std::move(admission),
                                     address)
        ->start();
}

void ServerCore::add(Peer& peer) {
    peers_.push_back(peer);
    ++count_;
}

void ServerCore::remove(Peer& peer) {
    peer.hook.unlink();
    if (--count_ > 0 || !stopped_)
        return;
    stop_bound_.cancel();
    boost::asio::post(io_, std::exchange(stopped_, nullptr));
}

void ServerCore::flush_later(Peer& peer) {
    ++flushes_wanted_;
    if (std::exchange(peer.flush_due, true))
        return;
    to_flush_.add(peer.shared_from_this());
    if (!std::exchange(flush_posted_, true))
        flush_when_quiet(std::chrono::steady_clock::now() + flush_turn_max);
}

void ServerCore::flush_when_quiet(SteadyTime by) {
    boost::asio::post(io_, [self = shared_from_this(), seen = flushes_wanted_, by] {
        const SteadyTime now = std::chrono::steady_clock::now();
        if (self->flushes_wanted_ != seen && now < by)
            return self->flush_when_quiet(by);
        self->to_flush_.serve(
            [](const std::shared_ptr<Peer>& due) {
                due->flush_due = false;
                due->flush();
            },
            [end = now + flush_turn_max] { return std::chrono::steady_clock::now() >= end; });
        self->flush_posted_ = !self->to_flush_.empty();
        if (self->flush_posted_)
            self->flush_when_quiet(std::chrono::steady_clock::now() + flush_turn_max);
    });
}

void ServerCore::stop(Duration bound, std::function<void()> done) {
    if (stopping_)
        return;
    stopping_ = true;
    shared().close_unix_socket();
    error_code ignored;
    acceptor_.close(ignored);
    accept_again_.cancel();
    stopped_ = done ? std::move(done) : [] {};
    if (count_ == 0) {
        boost::asio::post(io_, std::exchange(stopped_, nullptr));
        return;
    }
    stop_bound_.expires_after(bound);
    stop_bound_.async_wait([self = shared_from_this()](error_code cancelled) {
        if (!cancelled)
            self->cut_off_all();
    });
    std::vector<std::shared_ptr<Peer>> all;
    for (Peer& peer : peers_)
        all.push_back(peer.shared_from_this());
    for (const auto& peer : all)
        peer->stop();
}

void ServerCore::cut_off_all() {
    error_code ignored;
    acceptor_.close(ignored);
    accept_again_.cancel();
    stop_bound_.cancel();
    std::vector<std::shared_ptr<Peer>> all;
    for (Peer& peer : peers_)
        all.push_back(peer.shared_from_this());
    for (const auto& peer : all)
        peer->cut_off();
    to_flush_.clear(); // they hold us, so we must not hold them beyond the end
}

Server::Server(boost::asio::io_context& io, std::shared_ptr<Shared> shared, Handlers handlers)
    : core_{std::make_shared<ServerCore>(io, std::move(shared), std::move(handlers))} {}

Server::~Server() {
    core_->handlers = {};
    core_->cut_off_all();
}

std::optional<std::string> Server::listen() {
    return core_->listen();
}
std::size_t Server::connection_count() const {
    return core_->connection_count();
}
std::size_t Server::queued_bytes() const {
    return core_->queued_bytes();
}

void Server::stop(Duration bound, std::function<void()> done) {
    core_->stop(bound, std::move(done));
}

} // namespace owp::net
