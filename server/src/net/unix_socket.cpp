#include "net/unix_socket.hpp"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace owp::net {
namespace {

/// Closed with the block unless it is released.
class Descriptor {
public:
    explicit Descriptor(int number) : number_{number} {}
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return number_; }
    [[nodiscard]] int release() { return std::exchange(number_, -1); }

private:
    int number_;
};

int make_socket() {
    return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

std::string cannot_listen(const std::string& path, const std::string& reason) {
    return "cannot listen on " + path + ": " + reason;
}

/// Takes away what a server that is no more left there; a sentence if something else is there.
std::optional<std::string> clear_the_place(const std::string& path, const ::sockaddr_un& address) {
    struct ::stat found {};
    if (::lstat(path.c_str(), &found) != 0)
        return std::nullopt; // nothing there, or bind() will say what is wrong
    if (!S_ISSOCK(found.st_mode))
        return cannot_listen(path, "there is a file that is not a socket");
    const Descriptor probe{make_socket()};
    const auto* target = reinterpret_cast<const ::sockaddr*>(&address);
    // Only a socket that nobody holds refuses; a busy one says that it would block.
    if (::connect(probe.get(), target, sizeof address) == 0 || errno != ECONNREFUSED)
        return cannot_listen(path, "another server uses it");
    if (::unlink(path.c_str()) != 0)
        return cannot_listen(path, std::generic_category().message(errno));
    return std::nullopt;
}

} // namespace

std::optional<std::string> unix_path_problem(const std::string& path) {
    constexpr std::size_t bytes_max = sizeof(::sockaddr_un::sun_path) - 1;
    if (path.size() > bytes_max)
        return "the path of a Unix socket has at most " + std::to_string(bytes_max) +
               " bytes, this one has " + std::to_string(path.size()) + ": " + path;
    return std::nullopt;
}

UnixSocket open_unix_socket(const std::string& path) {
    ::sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (auto problem = clear_the_place(path, address))
        return {-1, std::move(*problem)};
    Descriptor socket{make_socket()};
    // The mode is set before there is a file: bind() gives it the socket's.
    if (socket.get() < 0 || ::fchmod(socket.get(), S_IRUSR | S_IWUSR) != 0 ||
        ::bind(socket.get(), reinterpret_cast<const ::sockaddr*>(&address), sizeof address) != 0)
        return {-1, cannot_listen(path, std::generic_category().message(errno))};
    if (::listen(socket.get(), SOMAXCONN) != 0) {
        const int error = errno;
        ::unlink(path.c_str());
        return {-1, cannot_listen(path, std::generic_category().message(error))};
    }
    return {socket.release(), {}};
}

} // namespace owp::net
