// How long bytes that have arrived wait until the generator reads them: a thread of its own writes
// the time into a socket two hundred times a second, and the generator reads it like any other.
#pragma once

#include "load/histogram.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

namespace owp::load {

class Probe {
public:
    explicit Probe(boost::asio::io_context& io);
    ~Probe();
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;

    /// Since the last call.
    [[nodiscard]] Histogram take();

private:
    void read();

    boost::asio::posix::stream_descriptor end_;
    int other_end_ = -1;
    std::int64_t written_ns_ = 0;
    Histogram waits_;
    std::atomic<bool> stop_{false};
    std::thread writer_;
};

} // namespace owp::load
