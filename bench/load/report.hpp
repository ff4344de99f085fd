// What a run came to, for programs (JSON), for people (a table) and at a glance (SVG).
#pragma once

#include "load/statistics.hpp"

#include <string>
#include <vector>

namespace owp::load {

struct Figure {
    std::string name; // with its unit
    double value = 0;
};

struct Round {
    std::string server; // what was measured, and how: the heading of its column
    std::vector<Figure> figures;
    std::vector<double> second_p99_ms; // of each second

    void add(std::string name, double value) { figures.push_back({std::move(name), value}); }
    /// 0 if there is none of that name.
    [[nodiscard]] double value(const std::string& name) const;
};

struct Curve {
    std::string name; // with its unit
    std::vector<Point> points;
};

struct Report {
    std::string profile;
    std::string command;
    std::vector<Round> rounds;
    std::vector<Figure> conclusions; // from all rounds together
    std::vector<Curve> curves = {};  // over minutes

    void conclude(std::string name, double value) {
        conclusions.push_back({std::move(name), value});
    }
    /// Of one figure over the rounds of one server.
    [[nodiscard]] double median_of(const std::string& server, const std::string& name) const;
};

[[nodiscard]] std::string to_json(const Report& report);
[[nodiscard]] std::string to_table(const Report& report);
/// The curves, each in its own scale; without any the 99th percentile over the seconds of each
/// round.
[[nodiscard]] std::string to_svg(const Report& report);

} // namespace owp::load
