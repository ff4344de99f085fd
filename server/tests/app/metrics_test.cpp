#include "app/metrics.hpp"

#include "app/files.hpp"
#include "net/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
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
    const std::regex comment{R"(# (HELP|TYPE) (owp_[a-z_]+) \S.*)"};
    const std::regex sample{R"re((owp_[a-z_]+)(\{[a-z]+="[A-Za-z_]+"\})? [-+.0-9e]+)re"};
    std::set<std::string> described, sampled;
    std::string line;
    while (std::getline(lines, line)) {
        std::smatch match;
        if (std::regex_match(line, match, comment)) {
            EXPECT_TRUE(described.insert(match[1].str() + match[2].str()).second) << line;
        } else {
            ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
            EXPECT_TRUE(described.contains("HELP" + match[1].str())) << line;
            EXPECT_TRUE(described.contains("TYPE" + match[1].str())) << line;
            EXPECT_TRUE(sampled.insert(match[1].str() + match[2].str()).second) << line;
        }
    }
    EXPECT_GT(sampled.size(), 20U);
}

TEST(Metrics, AreDocumentedAsTheyAre) {
    // If this fails: owp-server metrics-docs > docs/operators/metrics.md
    EXPECT_EQ(read_file(OWP_SOURCE_DIR "/docs/operators/metrics.md", 1 << 20).text, metrics_page());
}

} // namespace
} // namespace owp::app
