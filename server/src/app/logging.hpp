// The log: lines of text, or of JSON, on standard error. Standard output is for what commands
// print.
#pragma once

#include "app/config.hpp"

#include <memory>
#include <spdlog/formatter.h>

namespace owp::app {

/// From here on spdlog's functions write as the settings say.
void start_logging(const Config& config);

/// One JSON object a line: time (ISO 8601, UTC), level, message.
[[nodiscard]] std::unique_ptr<spdlog::formatter> make_json_formatter();

} // namespace owp::app
