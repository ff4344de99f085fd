#include "load/report.hpp"

#include <gtest/gtest.h>

namespace owp::load {
namespace {

Report two_servers() {
    Report report{.profile = "party", .command = "party --seed 1", .rounds = {}, .conclusions = {}};
    for (const double p99 : {3.0, 1.0, 2.0}) {
        Round round{"server", {}, {p99, p99 + 1}};
        round.add("p99_ms", p99);
        report.rounds.push_back(round);
    }
    Round other{"other", {}, {}};
    other.add("lost", 4);
    report.rounds.push_back(other);
    report.conclude("ratio", 0.5);
    return report;
}

TEST(Report, TakesTheMedianOfOneServersRounds) {
    EXPECT_EQ(two_servers().median_of("server", "p99_ms"), 2);
    EXPECT_EQ(two_servers().median_of("other", "p99_ms"), 0);
}

TEST(Report, HasEveryFigureInItsTable) {
    const std::string table = to_table(two_servers());
    for (const char* part : {"party --seed 1", "p99_ms", "lost", "other", "= ratio: 0.500"})
        EXPECT_NE(table.find(part), table.npos) << part << '\n' << table;
}

TEST(Report, IsWholeAsJson) {
    EXPECT_EQ(
        to_json(Report{"idle", "idle", {Round{"server", {{"lost", 0}}, {1.5}}}, {{"ratio", 2}}}),
        R"({"profile":"idle","command":"idle","rounds":[{"server":"server","figures":{"lost":0E0},)"
        R"("second_p99_ms":[1.5E0]}],"conclusions":{"ratio":2E0}})");
}

TEST(Report, DrawsALineForEachRound) {
    const std::string svg = to_svg(two_servers());
    std::size_t lines = 0;
    for (std::size_t at = svg.find("<polyline"); at != svg.npos; at = svg.find("<polyline", at + 1))
        ++lines;
    EXPECT_EQ(lines, 4U);
    EXPECT_NE(svg.find("48,84 688,24"), svg.npos) << svg; // from 3 ms to the top, 4 ms
}

TEST(Report, DrawsCurvesInTheirOwnScales) {
    Report report{"soak", "soak", {}, {}};
    report.curves = {{"rooms", {{0, 5}, {30, 10}}}, {"MiB", {{0, 0}, {15, 400}}}};
    const std::string svg = to_svg(report);
    for (const char* part : {"rooms (top 10)", "MiB (top 400)", "48,144 688,24", "48,264 368,24"})
        EXPECT_NE(svg.find(part), svg.npos) << part << '\n' << svg;
    EXPECT_NE(to_json(report).find(R"("curves":{"rooms":[[0E0,5E0],[3E1,1E1]])"), std::string::npos)
        << to_json(report);
}

} // namespace
} // namespace owp::load
