#include "load/metrics_page.hpp"

#include <gtest/gtest.h>

namespace owp::load {
namespace {

TEST(MetricsPage, HasEverySampleByItsNameAndLabels) {
    const auto samples = parse_metrics("# HELP owp_rooms Rooms open\n"
                                       "# TYPE owp_rooms gauge\n"
                                       "owp_rooms 3\n"
                                       "owp_connections{kind=\"all\"} 12\n"
                                       "owp_loop_lag_seconds 2.5e-05\n");
    EXPECT_EQ(samples, (std::map<std::string, double>{{"owp_rooms", 3},
                                                      {"owp_connections{kind=\"all\"}", 12},
                                                      {"owp_loop_lag_seconds", 2.5e-5}}));
}

TEST(MetricsPage, PassesOverWhatIsNoSample) {
    EXPECT_TRUE(parse_metrics("").empty());
    EXPECT_TRUE(parse_metrics("\n\nwords\nowp_rooms many\nowp_rooms 3 apples").empty());
}

} // namespace
} // namespace owp::load
