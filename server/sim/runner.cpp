#include "runner.hpp"

#include <atomic>
#include <charconv>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

namespace owp::sim {
namespace {

constexpr std::string_view usage =
    R"(Simulates watch parties: a whole server, its network and its members, from a seed.

usage: owp-sim --seeds N [--from K] [--jobs J] [--mutant NAME]
       owp-sim SEED [--trace] [--mutant NAME]

  --seeds N      run N seeds; exit 1 at the first that violates an invariant
  --from K       the first of them (default 1)
  --jobs J       threads (default: one for each core)
  SEED           run this seed alone
  --trace        print what happens: time, who, what
  --mutant NAME  break the server on purpose, to see that it is noticed
  --help         this text

mutants:)";

bool read_number(std::string_view text, std::uint64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

void print_usage(std::ostream& out) {
    out << usage;
    for (auto kind = 1U; kind < static_cast<unsigned>(MutantKind::last); ++kind)
        out << ' ' << name_of(static_cast<MutantKind>(kind));
    out << '\n';
}

void print_coverage(std::ostream& out, const Coverage& c) {
    out << c.steps << " steps, " << c.connections << " connections, " << c.frames_in
        << " frames in, " << c.frames_out << " out, " << c.rooms << " rooms, " << c.plays
        << " plays heard, " << c.seats_retaken << " seats taken again, " << c.access_denied
        << " titles refused, " << c.positions_checked << " positions checked, " << c.standstills
        << " standstills and " << c.ends << " ends of the server, " << c.back_in_room
        << " back in their room, " << c.repeated << " messages repeated between shards\n";
}

void print_violation(std::ostream& out, const Outcome& outcome, MutantKind mutant) {
    out << "seed " << outcome.seed << " violates " << outcome.invariant.value_or("") << '\n'
        << outcome.detail << '\n'
        << "replay: owp-sim " << outcome.seed << " --trace";
    if (mutant != MutantKind::none)
        out << " --mutant " << name_of(mutant);
    out << '\n';
}

} // namespace

std::optional<Request> parse_arguments(std::span<const std::string_view> arguments,
                                       std::string& error) {
    Request request;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto argument = arguments[i];
        const auto value = [&](std::uint64_t& number) {
            if (i + 1 < arguments.size() && read_number(arguments[i + 1], number))
                return ++i, true;
            error = std::string{argument} + " needs a number";
            return false;
        };
        std::uint64_t number = 0;
        if (argument == "--help") {
            request.help = true;
        } else if (argument == "--trace") {
            request.trace = true;
        } else if (argument == "--seeds" || argument == "--from" || argument == "--jobs") {
            if (!value(number))
                return std::nullopt;
            if (argument == "--seeds")
                request.seeds = number;
            else if (argument == "--from")
                request.from = number;
            else
                request.jobs = static_cast<unsigned>(std::min<std::uint64_t>(number, 256));
        } else if (argument == "--mutant") {
            const auto kind =
                i + 1 < arguments.size() ? mutant_named(arguments[++i]) : std::nullopt;
            if (!kind) {
                error = "--mutant needs one of the names that --help lists";
                return std::nullopt;
            }
            request.mutant = *kind;
        } else if (!request.seed && read_number(argument, number)) {
            request.seed = number;
        } else {
            error = "unknown argument " + std::string{argument};
            return std::nullopt;
        }
    }
    if (!request.help && request.seed.has_value() == (request.seeds > 0)) {
        error = "either SEED or --seeds N is needed";
        return std::nullopt;
    }
    if (request.trace && !request.seed) {
        error = "--trace needs one SEED";
        return std::nullopt;
    }
    return request;
}

Outcome run_many(const Request& request, std::ostream& progress) {
    const auto jobs =
        request.jobs ? request.jobs : std::max(1U, std::thread::hardware_concurrency());
    const auto step = std::max<std::uint64_t>(1, request.seeds / 10);
    std::atomic<std::uint64_t> next{0};
    std::atomic<bool> violated{false};
    std::mutex mutex;
    Outcome result;
    std::uint64_t done = 0;
    const auto work = [&] {
        for (auto i = next++; i < request.seeds && !violated; i = next++) {
            auto outcome = run(request.from + i, request.mutant);
            const std::lock_guard lock{mutex};
            const auto sum = result.coverage += outcome.coverage;
            if (outcome.invariant && (!result.invariant || outcome.seed < result.seed))
                result = std::move(outcome);
            else if (!result.invariant)
                result.seed = request.from + i;
            result.coverage = sum;
            violated = result.invariant.has_value();
            if (++done % step == 0)
                progress << done << " of " << request.seeds << " seeds\n" << std::flush;
        }
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < jobs; ++i)
        threads.emplace_back(work);
    work();
    threads.clear(); // joins them
    return result;
}

int run_command(std::span<const std::string_view> arguments, std::ostream& out, std::ostream& err) {
    std::string error;
    const auto request = parse_arguments(arguments, error);
    if (!request) {
        err << "owp-sim: " << error << " (see --help)\n";
        return 2;
    }
    if (request->help) {
        print_usage(out);
        return 0;
    }
    const auto begun = std::chrono::steady_clock::now();
    const auto outcome = request->seed
                             ? run(*request->seed, request->mutant, request->trace ? &out : nullptr)
                             : run_many(*request, err);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    print_coverage(err, outcome.coverage);
    if (outcome.invariant) {
        print_violation(out, outcome, request->mutant);
        return 1;
    }
    out << (request->seed ? "seed " + std::to_string(*request->seed)
                          : std::to_string(request->seeds) + " seeds")
        << ": all invariants held (" << took.count() << " s)\n";
    return 0;
}

} // namespace owp::sim
