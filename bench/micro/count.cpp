// owp-count: takes 1,000 messages on each path, under callgrind, which writes one file of counts
// for each. The first messages, which grow buffers, do not count. budgets.ts runs it.
#include "micro/paths.hpp"

#include <valgrind/callgrind.h>

int main() {
    for (const owp::micro::Path& path : owp::micro::all_paths()) {
        path.take(200);
        CALLGRIND_ZERO_STATS;
        path.take(1000);
        CALLGRIND_DUMP_STATS_AT(path.name.c_str());
    }
}
