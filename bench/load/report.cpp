#include "load/report.hpp"

#include "load/statistics.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace owp::load {
namespace {

/// Whole numbers as such, others with three digits behind the point.
std::string show(double value) {
    char text[40];
    static_cast<void>(
        std::snprintf(text, sizeof text, std::floor(value) == value ? "%.0f" : "%.3f", value));
    return text;
}

std::string padded(std::string text, std::size_t width) {
    text.insert(0, width > text.size() ? width - text.size() : 0, ' ');
    return text;
}

boost::json::object to_object(const std::vector<Figure>& figures) {
    boost::json::object object;
    for (const Figure& figure : figures)
        object[figure.name] = figure.value;
    return object;
}

// ---- plots
// ----------------------------------------------------------------------------------

struct Line {
    std::string label;
    std::vector<Point> points; // in shares of the plot's width and height, from the lower left
};

std::string plot(const std::string& title, const std::string& top, const std::string& right,
                 const std::vector<Line>& lines, std::size_t labels_in_a_row) {
    constexpr double width = 640;
    constexpr double height = 240;
    constexpr double margin = 48;
    constexpr std::array colours{"#0b6e99", "#b5541c", "#3f7d20", "#7b3fa0",
                                 "#a01c45", "#555555", "#8a6d00", "#00796b"};
    const auto text = [](double x, double y, const std::string& what, const std::string& colour) {
        return R"(<text x=")" + show(x) + R"(" y=")" + show(y) + R"(" fill=")" + colour + "\">" +
               what + "</text>\n";
    };
    const std::string total_height =
        std::to_string(304 + 16 * (lines.size() / labels_in_a_row + 1));
    std::string svg = R"(<svg xmlns="http://www.w3.org/2000/svg" width="704" height=")" +
                      total_height + R"(" font-family="sans-serif" font-size="12">)" +
                      "\n<rect width=\"704\" height=\"" + total_height + "\" fill=\"#fff\"/>\n";
    svg += text(margin, 16, title, "#222");
    svg += R"(<path d="M48 24V264H688" fill="none" stroke="#888"/>)"
           "\n";
    svg += text(4, 30, top, "#222") + text(4, 264, "0", "#222") + text(margin, 280, "0", "#222") +
           text(margin + width - 40, 280, right, "#222");
    const double label_width = width / static_cast<double>(labels_in_a_row);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string colour = colours.at(i % colours.size());
        std::string points;
        for (const Point& point : lines[i].points)
            points.append(show(margin + width * point.x))
                .append(",")
                .append(show(24 + height * (1 - point.y)))
                .append(" ");
        svg.append(R"(<polyline fill="none" stroke=")")
            .append(colour)
            .append(R"(" points=")")
            .append(points)
            .append("\"/>\n");
        const std::size_t row = i / labels_in_a_row;
        svg += text(margin + label_width * static_cast<double>(i % labels_in_a_row),
                    300 + 16 * static_cast<double>(row), lines[i].label, colour);
    }
    return svg + "</svg>\n";
}

std::string plot_of_seconds(const Report& report) {
    double top_ms = 1;
    std::size_t seconds = 2;
    for (const Round& round : report.rounds) {
        seconds = std::max(seconds, round.second_p99_ms.size());
        for (const double value : round.second_p99_ms)
            top_ms = std::max(top_ms, value);
    }
    std::vector<Line> lines;
    for (const Round& round : report.rounds) {
        Line& line = lines.emplace_back(Line{round.server, {}});
        for (std::size_t s = 0; s < round.second_p99_ms.size(); ++s)
            line.points.push_back({static_cast<double>(s) / static_cast<double>(seconds - 1),
                                   round.second_p99_ms[s] / top_ms});
    }
    return plot(report.profile + ": 99th percentile of each second, ms",
                show(std::round(top_ms * 10) / 10), std::to_string(seconds) + " s", lines, 6);
}

std::string plot_of_curves(const Report& report) {
    double minutes = 0;
    for (const Curve& curve : report.curves)
        for (const Point& point : curve.points)
            minutes = std::max(minutes, point.x);
    std::vector<Line> lines;
    for (const Curve& curve : report.curves) {
        double top = 0;
        for (const Point& point : curve.points)
            top = std::max(top, point.y);
        Line& line = lines.emplace_back(Line{curve.name + " (top " + show(top) + ")", {}});
        for (const Point& point : curve.points)
            line.points.push_back(
                {minutes > 0 ? point.x / minutes : 0, top > 0 ? point.y / top : 0});
    }
    return plot(report.profile + ": each in its own scale", "top",
                show(std::round(minutes)) + " min", lines, 2);
}

} // namespace

double Round::value(const std::string& name) const {
    const auto found = std::ranges::find(figures, name, &Figure::name);
    return found == figures.end() ? 0 : found->value;
}

double Report::median_of(const std::string& server, const std::string& name) const {
    std::vector<double> values;
    for (const Round& round : rounds)
        if (round.server == server)
            values.push_back(round.value(name));
    return median(values);
}

std::string to_json(const Report& report) {
    boost::json::array rounds;
    for (const Round& round : report.rounds) {
        boost::json::array seconds;
        for (const double value : round.second_p99_ms)
            seconds.emplace_back(value);
        rounds.push_back(boost::json::object{{"server", round.server},
                                             {"figures", to_object(round.figures)},
                                             {"second_p99_ms", std::move(seconds)}});
    }
    boost::json::object whole{{"profile", report.profile},
                              {"command", report.command},
                              {"rounds", std::move(rounds)},
                              {"conclusions", to_object(report.conclusions)}};
    boost::json::object curves;
    for (const Curve& curve : report.curves) {
        boost::json::array points;
        for (const Point& point : curve.points)
            points.push_back(boost::json::array{point.x, point.y});
        curves[curve.name] = std::move(points);
    }
    if (!curves.empty())
        whole["curves"] = std::move(curves);
    return boost::json::serialize(whole);
}

std::string to_table(const Report& report) {
    std::size_t name_width = 34;
    constexpr std::size_t width = 15;
    std::string table = report.profile + ": " + report.command + "\n\n";
    std::vector<std::string> names;
    for (const Round& round : report.rounds)
        for (const Figure& figure : round.figures)
            if (std::ranges::find(names, figure.name) == names.end())
                names.push_back(figure.name);
    for (const std::string& name : names)
        name_width = std::max(name_width, name.size());
    table.append(name_width, ' ');
    for (const Round& round : report.rounds)
        table += ' ' + padded(round.server.substr(0, width - 1), width);
    table += '\n';
    for (const std::string& name : names) {
        table += name + std::string(name.size() < name_width ? name_width - name.size() : 0, ' ');
        for (const Round& round : report.rounds) {
            const auto found = std::ranges::find(round.figures, name, &Figure::name);
            table += ' ' + padded(found == round.figures.end() ? "-" : show(found->value), width);
        }
        table += '\n';
    }
    for (const Figure& figure : report.conclusions)
        table += "\n= " + figure.name + ": " + show(figure.value);
    return table + '\n';
}

std::string to_svg(const Report& report) {
    return report.curves.empty() ? plot_of_seconds(report) : plot_of_curves(report);
}

} // namespace owp::load
