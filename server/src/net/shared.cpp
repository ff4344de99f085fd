#include "net/shared_state.hpp"
#include "net/upgrade.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace owp::net {
namespace {

bool set_option(int socket, int level, int name) {
    const int on = 1;
    return ::setsockopt(socket, level, name, &on, sizeof on) == 0;
}

} // namespace

int bind_socket(boost::asio::ip::tcp::endpoint& endpoint, bool exclusive) {
    const int socket =
        ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0)
        return -1;
    auto length = static_cast<socklen_t>(endpoint.capacity());
    // Without SO_REUSEPORT the kernel refuses a port on which anybody listens; set after the bind,
    // it lets our own listeners join.
    const bool bound =
        set_option(socket, SOL_SOCKET, SO_REUSEADDR) &&
        (exclusive || set_option(socket, SOL_SOCKET, SO_REUSEPORT)) &&
        ::bind(socket, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0 &&
        (!exclusive || set_option(socket, SOL_SOCKET, SO_REUSEPORT)) &&
        ::getsockname(socket, endpoint.data(), &length) == 0;
    if (bound)
        return socket;
    const int error = errno;
    ::close(socket);
    errno = error;
    return -1;
}

Shared::State::~State() {
    close_unix_socket();
    if (reservation >= 0)
        ::close(reservation);
}

void Shared::State::close_unix_socket() {
    if (!unix_socket_open.exchange(false))
        return;
    // The file first: while this socket still answers, nobody takes its place.
    ::unlink(options.unix_socket.c_str());
    ::shutdown(reservation, SHUT_RDWR);
}

std::optional<std::string> Shared::State::fill() {
    for (const std::string& text : options.trusted_proxies) {
        const auto network = parse_network(text);
        if (!network)
            return "not a network or address: \"" + text + "\" (trusted proxies)";
        trusted.push_back(*network);
    }
    if (!options.unix_socket.empty())
        return unix_path_problem(options.unix_socket);
    const auto address = parse_listen_address(options.address);
    if (!address)
        return "not an IP address to listen on: \"" + options.address + '"';
    endpoint = {*address, options.port};
    if (options.tls_certificate_file.empty() != options.tls_key_file.empty())
        return "TLS needs both a certificate and a key";
    if (options.tls_certificate_file.empty())
        return std::nullopt;
    return tls.load(options.tls_certificate_file, options.tls_key_file);
}

std::optional<std::string> Shared::check(const ListenOptions& options) {
    return State{options}.fill();
}

Shared::Opened Shared::open(ListenOptions options) {
    auto state = std::make_unique<State>(std::move(options));
    if (auto error = state->fill())
        return {nullptr, std::move(*error)};
    if (!state->options.unix_socket.empty()) {
        UnixSocket opened = open_unix_socket(state->options.unix_socket);
        if (!opened.error.empty())
            return {nullptr, std::move(opened.error)};
        state->reservation = opened.descriptor;
        state->unix_socket_open = true;
        return {std::shared_ptr<Shared>{new Shared{std::move(state)}}, {}};
    }
    state->reservation = bind_socket(state->endpoint, true);
    if (state->reservation < 0)
        return {nullptr, "cannot listen on " + state->options.address + " port " +
                             std::to_string(state->options.port) + ": " +
                             std::generic_category().message(errno)};
    return {std::shared_ptr<Shared>{new Shared{std::move(state)}}, {}};
}

Shared::Shared(std::unique_ptr<State> state) : state_{std::move(state)} {}

Shared::~Shared() = default;

std::uint16_t Shared::port() const {
    return state_->endpoint.port();
}
const ListenOptions& Shared::options() const {
    return state_->options;
}
const Counters& Shared::counters() const {
    return state_->counters;
}

bool Shared::origin_allowed(std::string_view origin) const {
    return origin_in(state_->options, origin);
}

std::optional<std::string> Shared::reload_tls() {
    if (state_->options.tls_certificate_file.empty())
        return std::nullopt;
    return state_->tls.load(state_->options.tls_certificate_file, state_->options.tls_key_file);
}

} // namespace owp::net
