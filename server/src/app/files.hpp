// Small files, read whole: settings, secrets, keys.
#pragma once

#include <cstddef>
#include <string>

namespace owp::app {

struct FileText {
    std::string text;
    std::string error; // "cannot read FILE (reason)" or "FILE is larger than …"; else empty
};
/// Reads no more than a little over `bytes_max`, whatever the path names.
[[nodiscard]] FileText read_file(const std::string& path, std::size_t bytes_max);

} // namespace owp::app
