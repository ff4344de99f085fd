// The kinds of load, and what each of them is asked about.
#pragma once

#include "load/report.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace owp::load {

struct RunOptions {
    std::string profile;
    std::string server;                   // a program with owp-server's flags
    std::string against;                  // another; empty: none
    std::string bare;                     // bare-send, for fanout and saturated; empty: without
    std::vector<std::string> server_args; // further flags
    std::uint32_t rounds = 0;             // what is 0 is the profile's own
    std::uint32_t seconds = 0;
    std::uint32_t rooms = 0;
    std::uint32_t members = 0;
    double deliveries_per_second = 0; // fanout
    double creates_per_second = 0;    // party and churn
    std::uint64_t seed = 1;
};

/// Names and what they are, for --help.
[[nodiscard]] std::string profile_help();

/// Starts the servers, loads them, ends them. Throws std::runtime_error if that fails.
[[nodiscard]] Report run_profile(const RunOptions& options);

} // namespace owp::load
