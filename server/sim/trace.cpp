#include "trace.hpp"

#include <iomanip>

namespace owp::sim {

void Trace::mix(std::string_view text) {
    for (const char c : text)
        hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    hash_ = (hash_ ^ 0xffU) * 0x100000001b3U;
}

void Trace::line(ServerTime now, std::string_view who, std::string_view what,
                 std::string_view detail) {
    const auto micros = (now - start_).count();
    hash_ = (hash_ ^ static_cast<std::uint64_t>(micros)) * 0x100000001b3U;
    mix(who);
    mix(what);
    mix(detail);
    if (out_)
        *out_ << std::setw(5) << micros / 1'000'000 << '.' << std::setw(6) << std::setfill('0')
              << micros % 1'000'000 << std::setfill(' ') << "  " << std::left << std::setw(14)
              << who << std::setw(20) << what << std::right << "  " << detail << '\n';
}

} // namespace owp::sim
