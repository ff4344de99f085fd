// owp-micro: how long each path takes (Google Benchmark; its options apply).
#include "micro/paths.hpp"

#include <benchmark/benchmark.h>

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    for (const owp::micro::Path& path : owp::micro::all_paths())
        benchmark::RegisterBenchmark(path.name.c_str(), [path](benchmark::State& state) {
            for ([[maybe_unused]] const auto iteration : state)
                path.take(1);
        });
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
