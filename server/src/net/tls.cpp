#include "net/tls.hpp"

namespace owp::net {

namespace ssl = boost::asio::ssl;

std::optional<std::string> TlsStore::load(const std::string& certificate_file,
                                          const std::string& key_file) {
    auto fresh = std::make_shared<ssl::context>(ssl::context::tls_server);
    ::SSL_CTX_set_min_proto_version(fresh->native_handle(), TLS1_2_VERSION);
    ::SSL_CTX_set_options(fresh->native_handle(),
                          SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // What TLS 1.3 left over: forward secrecy and authenticated encryption (RFC 9325 §4.2).
    ::SSL_CTX_set_cipher_list(fresh->native_handle(), "ECDHE+AESGCM:ECDHE+CHACHA20");
    boost::system::error_code error;
    // OpenSSL would ask the terminal for the password of an encrypted key, and wait.
    fresh->set_password_callback(
        [](std::size_t, ssl::context::password_purpose) { return std::string{}; }, error);
    fresh->use_certificate_chain_file(certificate_file, error);
    if (error)
        return "cannot read the TLS certificate " + certificate_file + ": " + error.message();
    fresh->use_private_key_file(key_file, ssl::context::pem, error);
    if (error)
        return "cannot read the TLS key " + key_file + ": " + error.message();
    if (::SSL_CTX_check_private_key(fresh->native_handle()) != 1)
        return "the TLS key " + key_file + " does not belong to the certificate " +
               certificate_file;
    const std::lock_guard lock{mutex_};
    context_ = std::move(fresh);
    return std::nullopt;
}

std::shared_ptr<ssl::context> TlsStore::context() const {
    const std::lock_guard lock{mutex_};
    return context_;
}

} // namespace owp::net
