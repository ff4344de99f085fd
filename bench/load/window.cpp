#include "load/window.hpp"

#include "load/statistics.hpp"

#include <algorithm>
#include <thread>

namespace owp::load {
namespace {

double milliseconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

// A window is quiet if its latencies are the server's, not the machine's
constexpr double quiet_neighbours_cores = 0.1;
constexpr double quiet_stolen_share = 0.01;
constexpr double quiet_lag_p99_ms = 1;

} // namespace

Window::Window(const Process& server, Probe& probe)
    : server_{server}, probe_{probe}, server_cpu_{server.cpu()}, machine_{machine_time()},
      began_{std::chrono::steady_clock::now()} {
    static_cast<void>(probe_.take());
}

void Window::finish(Round& round, double deliveries, const Histogram& send_lag) const {
    const std::chrono::duration<double> length = std::chrono::steady_clock::now() - began_;
    const MachineTime now = machine_time();
    const std::chrono::duration<double> server = server_.cpu() - server_cpu_;
    const std::chrono::duration<double> own = now.own - machine_.own;
    const std::chrono::duration<double> busy = now.busy - machine_.busy;
    const std::chrono::duration<double> stolen = now.stolen - machine_.stolen;
    const double cores = std::max(1U, std::thread::hardware_concurrency());
    round.add("server_cpu_cores", server / length);
    if (deliveries > 0) {
        round.add("server_cpu_ms_per_1000_deliveries", server.count() * 1e6 / deliveries);
        round.add("deliveries_per_server_cpu_s", deliveries / std::max(server.count(), 0.01));
    }
    const double neighbours = std::max(0.0, (busy - server - own) / length);
    const double stolen_share = stolen / length / cores;
    const Histogram read_lag = probe_.take();
    if (send_lag.count() > 0)
        add_histogram(round, "generator_send_lag", send_lag);
    add_histogram(round, "generator_read_lag", read_lag);
    round.add("generator_cpu_cores", own / length);
    round.add("neighbours_cpu_cores", neighbours);
    round.add("stolen_share", stolen_share);
    round.add("cores_kept_awake", cores_kept_awake() ? 1 : 0);
    round.add("quiet", neighbours < quiet_neighbours_cores && stolen_share < quiet_stolen_share &&
                               milliseconds(send_lag.at(0.99)) < quiet_lag_p99_ms &&
                               milliseconds(read_lag.at(0.99)) < quiet_lag_p99_ms
                           ? 1
                           : 0);
}

void add_histogram(Round& round, const std::string& name, const Histogram& histogram) {
    round.add(name + "_p50_ms", milliseconds(histogram.at(0.5)));
    round.add(name + "_p99_ms", milliseconds(histogram.at(0.99)));
    round.add(name + "_p99.9_ms", milliseconds(histogram.at(0.999)));
    round.add(name + "_max_ms", milliseconds(histogram.max()));
}

void add_delivery(Round& round, const Histogram& delivery,
                  const std::vector<Histogram>& each_second) {
    for (const Histogram& second : each_second)
        round.second_p99_ms.push_back(milliseconds(second.at(0.99)));
    round.add("delivery_min_ms", milliseconds(delivery.at(0)));
    add_histogram(round, "delivery", delivery);
    round.add("delivery_median_second_p99_ms", median(round.second_p99_ms));
}

void add_samples(Round& round, const Samples& samples, const Ledger::Totals& totals,
                 std::chrono::nanoseconds length) {
    const double seconds = std::chrono::duration<double>(length).count();
    const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
    round.add("messages_sent", number(totals.sent));
    round.add("messages_sent_per_s", number(totals.sent) / seconds);
    round.add("deliveries", number(samples.deliveries));
    round.add("deliveries_per_s", number(samples.deliveries) / seconds);
    round.add("frames_per_s", number(samples.frames) / seconds);
    add_delivery(round, samples.delivery, samples.each_second);
    for (const auto& [name, histogram] :
         {std::pair{"ping", &samples.ping}, std::pair{"create", &samples.create},
          std::pair{"visit", &samples.visit}})
        if (histogram->count() > 0)
            add_histogram(round, name, *histogram);
    round.add("lost", number(totals.lost));
    round.add("doubled", number(totals.doubled));
    round.add("misdelivered", number(totals.misdelivered));
    round.add("reports_filtered", number(totals.filtered));
    round.add("skipped", number(samples.skipped));
    round.add("refused", number(samples.refused));
    round.add("closed", number(samples.closed));
    for (const auto& [code, count] : samples.errors)
        round.add("error_" + code, number(count));
}

} // namespace owp::load
