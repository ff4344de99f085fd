// The command line of owp-sim: many seeds at once, or one to read along.
#pragma once

#include "world.hpp"

#include <ostream>
#include <span>
#include <string_view>

namespace owp::sim {

struct Request {
    std::optional<std::uint64_t> seed; // one run
    std::uint64_t seeds = 0;           // or so many
    std::uint64_t from = 1;
    unsigned jobs = 0; // 0: one for each core
    MutantKind mutant = MutantKind::none;
    bool trace = false;
    bool help = false;
};

/// The arguments as a request; none: they make no sense, and `error` says why.
[[nodiscard]] std::optional<Request> parse_arguments(std::span<const std::string_view> arguments,
                                                     std::string& error);

/// Runs seeds on several threads, each run on one. Stops early at a violation; the outcome is that
/// of the lowest violating seed that was run, or the last one's. Progress goes to `progress`.
[[nodiscard]] Outcome run_many(const Request& request, std::ostream& progress);

/// All of owp-sim. Returns the exit code: 0 all is well, 1 a violation, 2 wrong arguments.
int run_command(std::span<const std::string_view> arguments, std::ostream& out, std::ostream& err);

} // namespace owp::sim
