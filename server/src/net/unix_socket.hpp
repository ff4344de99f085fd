// The listening end of a Unix socket, whose file only its owner may open.
#pragma once

#include <optional>
#include <string>

namespace owp::net {

/// Why the path cannot be a socket's, as a sentence for the operator; the disk is not looked at.
[[nodiscard]] std::optional<std::string> unix_path_problem(const std::string& path);

struct UnixSocket {
    int descriptor = -1; // listening, the caller's to close
    std::string error;   // a sentence for the operator
};
/// Makes the file with mode 0600 from its first moment. A socket that nobody listens on is
/// replaced; one that somebody listens on, and a file of another kind, are errors.
[[nodiscard]] UnixSocket open_unix_socket(const std::string& path);

} // namespace owp::net
