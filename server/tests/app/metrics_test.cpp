#include "app/metrics.hpp"

#include "app/files.hpp"
#include "net/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace owp::app {
namespace {

using testing::HasSubstr;

TEST(Metrics, AddUpOverTheShardsButTakeTheWorstLag) {
    Metrics a, b;
    a.add(Metric::rooms, 2);
    b.add(Metric::rooms, 3);
    b.add(Metric::rooms, -1);
    a.set(Metric::loop_lag_microseconds, 1500);
    b.set(Metric::loop_lag_microseconds, 500);
    a.count_error(ErrorCode::room_full);
    b.count_error(ErrorCode::room_full);
    net::Counters net;
    net.superseded_frames = 7;
    const std::array<const Metrics*, 2> shards{&a, &b};
    const std::string text = metrics_text(shards, net);
    EXPECT_THAT(text, HasSubstr("\nowp_rooms 4\n"));
    EXPECT_THAT(text, HasSubstr("\nowp_loop_lag_seconds 0.0015\n"));
    EXPECT_THAT(text, HasSubstr("\nowp_errors_total{code=\"ROOM_FULL\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("\nowp_drops_total{reason=\"superseded\"} 7\n"));
}

TEST(Metrics, AreTextThatPrometheusReads) {
    const Metrics shard;
    const std::array<const Metrics*, 1> shards{&shard};
    std::istringstream lines{metrics_text(shards, net::Counters{})};
    std::set<std::string> described, sampled;
    std::string line;
    while (std::getline(lines, line)) {
        std::istringstream words{line};
        std::string first, kind, name;
        words >> first;
        if (first == "#") { // "# HELP name sentence", "# TYPE name gauge", once for each name
            words >> kind >> name;
            EXPECT_TRUE(kind == "HELP" || kind == "TYPE") << line;
            EXPECT_TRUE(described.insert(kind + name).second) << line;
            continue;
        }
        // "name value" or "name{label="text"} value", each once, after its description
        name = first.substr(0, first.find('{'));
        EXPECT_TRUE(described.contains("HELP" + name) && described.contains("TYPE" + name)) << line;
        EXPECT_TRUE(first == name || first.ends_with("\"}")) << line;
        EXPECT_TRUE(sampled.insert(first).second) << line;
        double value = -1;
        EXPECT_TRUE(words >> value && words.eof() && value == 0) << line;
    }
    EXPECT_GT(sampled.size(), 20U);
}

TEST(Metrics, AreDocumentedAsTheyAre) {
    // If this fails: owp-server metrics-docs > docs/operators/metrics.md
    EXPECT_EQ(read_file(OWP_SOURCE_DIR "/docs/operators/metrics.md", 1 << 20).text, metrics_page());
}

} // namespace
} // namespace owp::app
