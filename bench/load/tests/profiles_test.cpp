// The generator's truth: what it says of a stub server whose faults are known. Where a busy machine
// adds to a figure only the least of it is bound from above.
#include "load/profiles.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace owp::load {
namespace {

class Truth : public testing::Test {
protected:
    Truth() { static_cast<void>(std::signal(SIGPIPE, SIG_IGN)); }

    static RunOptions options(std::string profile, std::vector<std::string> faults) {
        RunOptions run;
        run.profile = std::move(profile);
        run.server = STUB_SERVER;
        run.server_args = std::move(faults);
        run.rounds = 1;
        run.seconds = 1;
        run.rooms = 5;
        run.members = 4;
        run.deliveries_per_second = 2000; // 500 chats a second, to four members each
        return run;
    }
    static Round fanout(std::vector<std::string> faults) {
        return run_profile(options("fanout", std::move(faults))).rounds.front();
    }
    /// KiB of a connection, and of a room, by the slope over a ramp of connections to the stub.
    static std::pair<double, double> memory_with(std::string_view kib_each) {
        RunOptions run = options("idle", {"--kib-each", std::string{kib_each}});
        run.seconds = 1;
        run.rooms = 18;
        run.members = 8;
        const Round round = run_profile(run).rounds.front();
        return {round.value("KiB_per_connection"), round.value("KiB_per_room")};
    }
    static constexpr double deliveries = 2000;
};

TEST_F(Truth, FindsNothingWhereNothingIsWrong) {
    RunOptions run = options("fanout", {});
    run.bare = BARE_SEND;
    const Report report = run_profile(run);
    const Round& round = report.rounds.front();
    EXPECT_EQ(round.value("deliveries"), deliveries);
    EXPECT_EQ(round.value("lost"), 0);
    EXPECT_EQ(round.value("doubled"), 0);
    EXPECT_EQ(round.value("misdelivered"), 0);
    EXPECT_EQ(round.value("skipped"), 0);
    EXPECT_EQ(round.value("closed"), 0);
    EXPECT_GT(round.value("delivery_p50_ms"), 0);
    EXPECT_LT(round.value("delivery_min_ms"), 20);
    // The bare loop beside it sends as much, or what it got to within its second
    ASSERT_EQ(report.rounds.size(), 2U);
    EXPECT_LT(report.rounds.back().value("deliveries_per_s"), 2100);
    EXPECT_GT(report.rounds.back().value("deliveries_per_s"), 1000);
    // … and its messages say themselves when they were due
    EXPECT_GT(report.rounds.back().value("delivery_min_ms"), 0);
    EXPECT_LT(report.rounds.back().value("delivery_min_ms"), 20);
}

TEST_F(Truth, SeesAFixedDelayInEveryDelivery) {
    const Round round = fanout({"--delay-ms", "60"});
    EXPECT_GE(round.value("delivery_min_ms"), 60);
    EXPECT_LT(round.value("delivery_min_ms"), 80);
    EXPECT_EQ(round.value("lost"), 0);
}

TEST_F(Truth, CountsAStallForAllThatWasDueMeanwhile) {
    RunOptions run = options("fanout", {"--stall-ms", "300"});
    run.seconds = 3;
    const Round round = run_profile(run).rounds.front();
    // Three tenths of all were due in a stall: evenly spread over its 300 ms. A generator that
    // waited for answers would have sent, and counted, hardly any of them.
    EXPECT_GE(round.value("delivery_max_ms"), 280);
    EXPECT_GE(round.value("delivery_p99_ms"), 250);
    EXPECT_LT(round.value("delivery_min_ms"), 100);
    EXPECT_GE(round.value("delivery_median_second_p99_ms"), 250);
}

TEST_F(Truth, CountsEveryDroppedMessage) {
    EXPECT_EQ(fanout({"--drop-every", "100"}).value("lost"), deliveries / 100);
}

TEST_F(Truth, CountsEveryDoubledMessage) {
    const Round round = fanout({"--double-every", "99"});
    EXPECT_EQ(round.value("doubled"), std::floor(deliveries / 99));
    EXPECT_EQ(round.value("lost"), 0);
}

TEST_F(Truth, SeesTheProcessorTimeOfADelivery) {
    const double idle_ms = fanout({}).value("server_cpu_ms_per_1000_deliveries");
    const double busy_ms = fanout({"--burn-us", "100"}).value("server_cpu_ms_per_1000_deliveries");
    EXPECT_GT(busy_ms - idle_ms, 75);
    EXPECT_LT(busy_ms - idle_ms,
              200); // the system's own share grows where others want the processor
}

TEST_F(Truth, SeesTheMemoryOfAConnectionAsASlope) {
    const auto [with, per_room] = memory_with("256");
    // The stub has read buffers, and a sanitizer's build keeps a shadow of an eighth
    const auto [without, none] = memory_with("0");
    EXPECT_GT(with - without, 250);
    EXPECT_LT(with - without, 300);
    EXPECT_NEAR(per_room, 0, 60);
}

TEST_F(Truth, BringsEverybodyBackAfterARestart) {
    const Round round = run_profile(options("storm", {})).rounds.front();
    EXPECT_EQ(round.value("all_back"), 1);
    EXPECT_EQ(round.value("refused"), 0);
    EXPECT_EQ(round.value("connections"), 20);
}

TEST_F(Truth, FloodsBesideTheSecondOfTwoParties) {
    const Report report = run_profile(options("abuse", {}));
    ASSERT_EQ(report.rounds.size(), 2U);
    EXPECT_EQ(report.rounds.front().value("abusers"), 0);
    EXPECT_EQ(report.rounds.back().value("abusers"), 1000);
    EXPECT_GT(report.rounds.back().value("abusers_messages"), 100'000);
}

TEST_F(Truth, SaysHowQuietItWas) {
    const Round round = fanout({});
    EXPECT_GT(round.value("generator_cpu_cores"), 0);
    EXPECT_GT(round.value("generator_send_lag_max_ms"), 0);
    EXPECT_GT(round.value("generator_read_lag_max_ms"), 0);
    EXPECT_GE(round.value("neighbours_cpu_cores"), 0);
}

TEST_F(Truth, RefusesWhatItCannotMeasure) {
    EXPECT_THROW(static_cast<void>(run_profile(options("no such profile", {}))),
                 std::runtime_error);
    RunOptions run = options("party", {});
    run.server = "/bin/true";
    EXPECT_THROW(static_cast<void>(run_profile(run)), std::runtime_error);
}

} // namespace
} // namespace owp::load
