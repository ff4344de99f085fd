// The time in which something is measured: what the server and everybody else used meanwhile.
#pragma once

#include "load/crowd.hpp"
#include "load/machine.hpp"
#include "load/probe.hpp"
#include "load/process.hpp"
#include "load/report.hpp"

#include <string>
#include <vector>

namespace owp::load {

class Window {
public:
    /// Begins.
    Window(const Process& server, Probe& probe);

    /// Adds what the server used, for each of `deliveries`, and how quiet it was. The generator's
    /// own lag when sending, if it sent anything.
    void finish(Round& round, double deliveries, const Histogram& send_lag) const;

private:
    const Process& server_;
    Probe& probe_;
    std::chrono::nanoseconds server_cpu_;
    MachineTime machine_;
    SteadyTime began_;
};

/// Latencies, losses, doubles and errors.
void add_samples(Round& round, const Samples& samples, const Ledger::Totals& totals,
                 std::chrono::nanoseconds length);
/// How long deliveries took, over all and by the second.
void add_delivery(Round& round, const Histogram& delivery,
                  const std::vector<Histogram>& each_second);
void add_histogram(Round& round, const std::string& name, const Histogram& histogram);

} // namespace owp::load
