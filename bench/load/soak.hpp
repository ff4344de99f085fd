// Parties with churn for as long as one likes, to see whether anything grows.
#pragma once

#include "load/profiles.hpp"

namespace owp::load {

/// On one server, over and over: a crowd comes, holds its parties for most of a minute while rooms
/// open and close and visitors come and go, and breaks off without a word. After each the server is
/// asked what it has; last, when everybody's place has run out. Adds the curves to the report.
void soak(Report& report, const RunOptions& options, const std::string& server,
          const std::string& name);

} // namespace owp::load
