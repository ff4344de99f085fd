#include "load/machine.hpp"

#include <cstdint>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace owp::load {

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
    return {
        std::chrono::nanoseconds{(user + nice + system + interrupts + soft_interrupts) * tick_ns},
        std::chrono::nanoseconds{stolen * tick_ns}, time(usage.ru_utime) + time(usage.ru_stime)};
}

} // namespace owp::load
