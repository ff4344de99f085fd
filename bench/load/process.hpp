// A server that is measured: started here, ended here, and what the kernel says it used.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace owp::load {

class Process {
public:
    /// Starts `command` and waits until it prints "Listening on http://ADDRESS:PORT". Throws
    /// std::runtime_error with what it said instead.
    explicit Process(const std::vector<std::string>& command);
    /// Ends it: SIGTERM, and SIGKILL if it is still there after ten seconds.
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] bool running();
    /// User and system time of all its threads, to 10 ms.
    [[nodiscard]] std::chrono::nanoseconds cpu() const;
    [[nodiscard]] std::uint64_t resident_bytes() const;
    [[nodiscard]] std::size_t descriptors() const;

private:
    void end();

    pid_t pid_ = -1;
    std::uint16_t port_ = 0;
    std::string output_path_;
};

} // namespace owp::load
