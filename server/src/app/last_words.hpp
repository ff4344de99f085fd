// How the program ends when it cannot go on: with one line that says why, and an exit code. Whoever
// starts it again then has a server whose clients come back; one that is half alive helps nobody.
#pragma once

#include <string_view>

namespace owp::app {

/// One line on standard error, then the end, with exit_failed. Allocates nothing.
[[noreturn]] void end_with(std::string_view why) noexcept;

/// From here on lack of memory and exceptions that nobody catches end so.
void promise_last_words();

} // namespace owp::app
