#include "load/machine.hpp"

#include <atomic>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <memory>
#include <pthread.h>
#include <sched.h>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace owp::load {
namespace {

/// A thread of the idle class on each core: whatever else wants to run takes its place at once.
class Awake {
public:
    Awake() {
        const unsigned cores = std::thread::hardware_concurrency();
        for (unsigned core = 0; core < cores; ++core)
            spinners_.emplace_back([this, core] { spin(core); });
    }
    ~Awake() {
        stop_ = true;
        for (std::thread& spinner : spinners_)
            spinner.join();
    }
    Awake(const Awake&) = delete;
    Awake& operator=(const Awake&) = delete;

    [[nodiscard]] std::chrono::nanoseconds cpu() {
        std::chrono::nanoseconds sum{0};
        for (std::thread& spinner : spinners_) {
            clockid_t clock{};
            timespec used{};
            if (::pthread_getcpuclockid(spinner.native_handle(), &clock) == 0 &&
                ::clock_gettime(clock, &used) == 0)
                sum += std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
        }
        return sum;
    }

private:
    void spin(unsigned core) const {
        const sched_param none{};
        ::sched_setscheduler(0, SCHED_IDLE, &none);
        cpu_set_t only;
        CPU_ZERO(&only);
        CPU_SET(core, &only);
        ::sched_setaffinity(0, sizeof only, &only);
        while (!stop_.load(std::memory_order_relaxed)) {
        }
    }

    std::atomic<bool> stop_ = false;
    std::vector<std::thread> spinners_;
};

std::unique_ptr<Awake>& awake() {
    static std::unique_ptr<Awake> kept;
    return kept;
}

} // namespace

void keep_cores_awake() {
    if (!awake())
        awake() = std::make_unique<Awake>();
}

bool cores_kept_awake() {
    return awake() != nullptr;
}

MachineTime machine_time() {
    std::ifstream stat{"/proc/stat"};
    std::string name;
    std::int64_t user = 0;
    std::int64_t nice = 0;
    std::int64_t system = 0;
    std::int64_t idle = 0;
    std::int64_t waiting = 0;
    std::int64_t interrupts = 0;
    std::int64_t soft_interrupts = 0;
    std::int64_t stolen = 0;
    stat >> name >> user >> nice >> system >> idle >> waiting >> interrupts >> soft_interrupts >>
        stolen;
    const std::int64_t tick_ns = 1'000'000'000 / ::sysconf(_SC_CLK_TCK);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto time = [](const timeval& value) {
        return std::chrono::seconds{value.tv_sec} + std::chrono::microseconds{value.tv_usec};
    };
    const std::chrono::nanoseconds spun = awake() ? awake()->cpu() : std::chrono::nanoseconds{0};
    return {
        std::chrono::nanoseconds{(user + nice + system + interrupts + soft_interrupts) * tick_ns} -
            spun,
        std::chrono::nanoseconds{stolen * tick_ns},
        time(usage.ru_utime) + time(usage.ru_stime) - spun};
}

} // namespace owp::load
