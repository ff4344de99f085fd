// The certificate in use, replaceable while the server runs.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace owp::net {

class TlsStore {
public:
    /// Reads both files; on an error returns a sentence and keeps what was there.
    [[nodiscard]] std::optional<std::string> load(const std::string& certificate_file,
                                                  const std::string& key_file);
    /// Null without TLS. A connection keeps the context that it began with.
    [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> context() const;

private:
    mutable std::mutex mutex_;
    std::shared_ptr<boost::asio::ssl::context> context_;
};

} // namespace owp::net
