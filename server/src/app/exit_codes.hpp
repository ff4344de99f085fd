// What the program's exit codes mean, for scripts and service managers.
#pragma once

namespace owp::app {

inline constexpr int exit_good = 0;
inline constexpr int exit_failed = 1;    // the world is not as it must be: port, file, certificate
inline constexpr int exit_bad_usage = 2; // the command line or a setting makes no sense

} // namespace owp::app
