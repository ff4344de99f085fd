#include "app/last_words.hpp"

#include "app/exit_codes.hpp"

#include <array>
#include <cstdlib>
#include <exception>
#include <new>
#include <sys/uio.h>
#include <unistd.h>

namespace owp::app {
namespace {

iovec part(std::string_view text) {
    return {const_cast<char*>(text.data()), text.size()}; // writev only reads it
}

[[noreturn]] void out_of_memory() {
    end_with("there is no more memory");
}

[[noreturn]] void uncaught() {
    if (const std::exception_ptr thrown = std::current_exception()) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& error) {
            end_with(error.what());
        } catch (...) {
            end_with("something was thrown that nobody caught");
        }
    }
    end_with("std::terminate was called");
}

} // namespace

void end_with(std::string_view why) noexcept {
    // One call, so that no other thread's line comes between.
    const std::array parts{part("owp-server cannot go on: "), part(why), part("\n")};
    (void)!::writev(STDERR_FILENO, parts.data(), static_cast<int>(parts.size()));
    ::_exit(exit_failed);
}

void promise_last_words() {
    (void)std::set_new_handler(&out_of_memory);
    (void)std::set_terminate(&uncaught);
}

} // namespace owp::app
