// A server on loopback that does with each connection what a script says, well or badly.
#pragma once

#include "tests/net/support.hpp"

#include <openssl/ssl.h>

#include <atomic>
#include <csignal>
#include <list>
#include <memory>
#include <string>
#include <string_view>

namespace owp::net::test {

/// The server's end of one connection. Blocking, with a deadline on every read.
class ServedConnection {
public:
    ServedConnection(int socket, SSL_CTX* tls) : socket_{socket} {
        const ::timeval deadline{std::chrono::seconds{patience}.count(), 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
        if (tls == nullptr)
            return;
        tls_.reset(SSL_new(tls));
        SSL_set_fd(tls_.get(), socket_);
        open_ = SSL_accept(tls_.get()) == 1;
    }
    ServedConnection(const ServedConnection&) = delete;
    ServedConnection& operator=(const ServedConnection&) = delete;
    ~ServedConnection() {
        if (tls_ && open_)
            SSL_shutdown(tls_.get());
        ::close(socket_);
    }

    /// The request up to its blank line; what there was of it if it ended before.
    std::string read_head() {
        std::string head;
        char byte = 0;
        while (!head.ends_with("\r\n\r\n") && receive(&byte, 1) == 1)
            head += byte;
        return head;
    }
    bool send(std::string_view bytes) {
        if (tls_)
            return open_ && SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
        return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
    }
    void answer(std::string_view status, std::string_view body) {
        send("HTTP/1.1 " + std::string{status} +
             "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body});
    }
    void wait_for_its_end() {
        char bytes[1024];
        while (receive(bytes, sizeof bytes) > 0) {
        }
    }
    /// Instead of an orderly end.
    void reset() {
        const ::linger at_once{1, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        open_ = false;
    }

private:
    ssize_t receive(char* bytes, std::size_t size) {
        if (tls_)
            return open_ ? SSL_read(tls_.get(), bytes, static_cast<int>(size)) : -1;
        return ::recv(socket_, bytes, size, 0);
    }
    int socket_;
    bool open_ = true;
    std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, &SSL_free};
};

class ScriptedServer {
public:
    /// On a thread of its own for each connection.
    using Script = std::function<void(ServedConnection&)>;

    explicit ScriptedServer(Script script, const TemporaryFolder* certificate = nullptr)
        : script_{std::move(script)} {
        ::signal(SIGPIPE, SIG_IGN); // OpenSSL's writes to who has gone
        if (certificate != nullptr) {
            tls_.reset(SSL_CTX_new(TLS_server_method()));
            SSL_CTX_use_certificate_chain_file(tls_.get(),
                                               (certificate->path / "cert.pem").c_str());
            SSL_CTX_use_PrivateKey_file(tls_.get(), (certificate->path / "key.pem").c_str(),
                                        SSL_FILETYPE_PEM);
        }
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::socklen_t size = sizeof address;
        auto* const place = reinterpret_cast<::sockaddr*>(&address);
        if (::bind(listener_, place, size) != 0 || ::listen(listener_, 64) != 0 ||
            ::getsockname(listener_, place, &size) != 0)
            throw std::runtime_error{"cannot listen"};
        port_ = ntohs(address.sin_port);
        accepting_ = std::thread{[this] { accept_all(); }};
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;
    ~ScriptedServer() {
        ::shutdown(listener_, SHUT_RDWR);
        accepting_.join();
        ::close(listener_);
        for (std::thread& thread : serving_)
            thread.join();
    }

    [[nodiscard]] std::string port() const { return std::to_string(port_); }
    [[nodiscard]] std::size_t connections() const { return connections_; }

private:
    void accept_all() {
        for (int socket = 0;
             (socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
            ++connections_;
            serving_.emplace_back([this, socket] {
                ServedConnection connection{socket, tls_.get()};
                script_(connection);
            });
        }
    }

    Script script_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls_{nullptr, &SSL_CTX_free};
    int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t port_ = 0;
    std::atomic<std::size_t> connections_ = 0;
    std::list<std::thread> serving_; // the accepting thread's, until that has ended
    std::thread accepting_;
};

} // namespace owp::net::test
