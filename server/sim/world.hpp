// One simulated party: the server, the network, the members, and chance, all from one seed.
#pragma once

#include "mutant.hpp"

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace owp::sim {

/// What a run did, so that nobody trusts invariants over things that never happened.
struct Coverage {
    std::uint64_t steps = 0;
    std::uint64_t frames_in = 0;
    std::uint64_t frames_out = 0;
    std::uint64_t connections = 0;
    std::uint64_t rooms = 0;
    std::uint64_t plays = 0;
    std::uint64_t seats_retaken = 0;
    std::uint64_t access_denied = 0;
    std::uint64_t positions_checked = 0;
    std::uint64_t standstills = 0; // of the server
    std::uint64_t ends = 0;
    std::uint64_t repeated = 0;     // messages on the bus
    std::uint64_t back_in_room = 0; // members, once nothing went wrong any more

    Coverage& operator+=(const Coverage& other);
};

struct Outcome {
    std::uint64_t seed = 0;
    std::uint64_t trace_hash = 0;
    Coverage coverage;
    std::optional<std::string> invariant; // which was violated
    std::string detail;
};

/// Runs one seed to its end or to the first violation. Lines of the trace go to `trace`, if given.
[[nodiscard]] Outcome run(std::uint64_t seed, MutantKind mutant = MutantKind::none,
                          std::ostream* trace = nullptr);

} // namespace owp::sim
