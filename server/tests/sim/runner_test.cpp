#include "sim/runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace owp::sim {
namespace {

using testing::HasSubstr;

struct Ran {
    int code;
    std::string out;
    std::string err;
};

Ran ran(const std::vector<std::string_view>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = run_command(arguments, out, err);
    return {code, out.str(), err.str()};
}

TEST(Simulator, RunsManySeeds) {
    const Ran many = ran({"--seeds", "8", "--from", "100", "--jobs", "2"});
    EXPECT_EQ(many.code, 0);
    EXPECT_THAT(many.out, HasSubstr("8 seeds: all invariants held"));
    EXPECT_THAT(many.err, HasSubstr("8 of 8 seeds"));
}

TEST(Simulator, AViolationTellsItsSeedAndHowToReplayIt) {
    const Ran broken = ran({"--seeds", "20", "--mutant", "two-hosts"});
    EXPECT_EQ(broken.code, 1);
    std::smatch found;
    ASSERT_TRUE(
        std::regex_search(broken.out, found, std::regex{"seed ([0-9]+) violates one-host"}));
    const std::string seed = found[1];
    EXPECT_THAT(broken.out, HasSubstr("replay: owp-sim " + seed + " --trace --mutant two-hosts"));

    const Ran replayed = ran({seed, "--trace", "--mutant", "two-hosts"});
    EXPECT_EQ(replayed.code, 1);
    EXPECT_THAT(replayed.out, HasSubstr("scenario"));
    EXPECT_THAT(replayed.out, HasSubstr(R"({"type":"create_room")"));
    EXPECT_THAT(replayed.out, HasSubstr("seed " + seed + " violates one-host"));
}

TEST(Simulator, ASeedIsTheSameRunEveryTime) {
    std::ostringstream once;
    std::ostringstream again;
    const Outcome first = run(4, MutantKind::none, &once);
    const Outcome second = run(4, MutantKind::none, &again);
    EXPECT_EQ(once.str(), again.str());
    EXPECT_EQ(first.trace_hash, second.trace_hash);
    EXPECT_NE(first.trace_hash, run(8).trace_hash);
    EXPECT_GT(first.coverage.positions_checked, 0u);
}

TEST(Simulator, HoldsInSeedsThatOnceFailed) {
    // A stepped clock, whose former error the picture still bore; a create_room that was refused,
    // with the state of the one before it on its way; a chat to a room that closed while its
    // sender was away, and was shown back to its seat there; a room that its host had given up
    // before the server heard of it; several chats of somebody who came back, whose seat was gone
    // before their room closed or with it; and two in which the simulator's own view was wrong: a
    // client that took the refusal of a room for one of a title, a token that took another's place
    // near the rate limit
    for (const std::uint64_t seed :
         {59'781U, 25'632U, 47'169U, 94'035U, 532'082U, 554'468U, 787'020U, 725'999U, 588'233U})
        EXPECT_EQ(run(seed).detail, "") << "seed " << seed;
}

TEST(Simulator, SaysWhatIsWrongWithItsArguments) {
    const std::vector<std::vector<std::string_view>> wrong{
        {},
        {"--seeds"},
        {"--seeds", "x"},
        {"--seeds", "0"},
        {"--seeds", "-3"},
        {"--seeds", "99999999999999999999999"},
        {"--jobs", "2"},
        {"--mutant", "nice"},
        {"1", "2"},
        {"--unknown"},
        {"1", "--seeds", "3"},
        {"--seeds", "3", "--trace"},
    };
    for (const auto& arguments : wrong) {
        const Ran refused = ran(arguments);
        EXPECT_EQ(refused.code, 2) << testing::PrintToString(arguments);
        EXPECT_THAT(refused.err, HasSubstr("owp-sim: ")) << testing::PrintToString(arguments);
        EXPECT_EQ(refused.out, "");
    }
    const Ran help = ran({"--help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.out, HasSubstr("ghost-member"));
}

} // namespace
} // namespace owp::sim
