#include "net/shared_state.hpp"
#include "net/upgrade.hpp"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
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

Shared::Opened Shared::open(ListenOptions options) {
    const auto failed = [](std::string error) { return Opened{nullptr, std::move(error)}; };
    auto state = std::make_unique<State>(std::move(options));
    const ListenOptions& wanted = state->options;

    for (const std::string& text : wanted.trusted_proxies) {
        const auto network = parse_network(text);
        if (!network)
            return failed("not a network or address: \"" + text + "\" (trusted proxies)");
        state->trusted.push_back(*network);
    }
    if (wanted.tls_certificate_file.empty() != wanted.tls_key_file.empty())
        return failed("TLS needs both a certificate and a key");
    if (!wanted.tls_certificate_file.empty())
        if (auto error = state->tls.load(wanted.tls_certificate_file, wanted.tls_key_file))
            return failed(std::move(*error));

    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(
        wanted.address == "localhost" ? "127.0.0.1" : wanted.address, error);
    if (error)
        return failed("not an IP address to listen on: \"" + wanted.address + '"');
    state->endpoint = {address, wanted.port};
    state->reservation = bind_socket(state->endpoint, true);
    if (state->reservation < 0)
        return failed("cannot listen on " + wanted.address + " port " +
                      std::to_string(wanted.port) + ": " + std::strerror(errno));
    return {std::shared_ptr<Shared>{new Shared{std::move(state)}}, {}};
}

Shared::Shared(std::unique_ptr<State> state) : state_{std::move(state)} {}

Shared::~Shared() {
    ::close(state_->reservation);
}

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
