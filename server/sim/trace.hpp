// What happened, one line each: printed when somebody reads along, hashed always, so that two runs
// of one seed can be compared.
#pragma once

#include "protocol/types.hpp"

#include <ostream>
#include <string_view>

namespace owp::sim {

class Trace {
public:
    Trace(ServerTime start, std::ostream* out) : start_{start}, out_{out} {}

    void line(ServerTime now, std::string_view who, std::string_view what, std::string_view detail);
    [[nodiscard]] std::uint64_t hash() const { return hash_; }

private:
    void mix(std::string_view text);

    ServerTime start_;
    std::ostream* out_;
    std::uint64_t hash_ = 0xcbf29ce484222325U; // FNV-1a
};

} // namespace owp::sim
