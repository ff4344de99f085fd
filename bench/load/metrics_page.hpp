// What a server says of itself.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace owp::load {

/// The samples of Prometheus' text format by their names, labels included; comments and what is no
/// sample are left out.
[[nodiscard]] std::map<std::string, double> parse_metrics(std::string_view text);

/// GET /metrics of 127.0.0.1. Throws boost::system::system_error if nobody answers.
[[nodiscard]] std::map<std::string, double> scrape(std::uint16_t port);

} // namespace owp::load
