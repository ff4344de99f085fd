// Each deliberately broken server is caught, by an invariant that it really violates.
#include "sim/world.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace owp::sim {
namespace {

struct Catch {
    std::string_view mutant;
    std::string_view invariant;
};
void PrintTo(const Catch& caught, std::ostream* out) {
    *out << caught.mutant;
}

constexpr std::uint64_t seeds_max = 300; // the rarest needs 253

constexpr std::array catches{
    Catch{"drop-dismissed", "room-closed"},
    Catch{"deliver-to-non-members", "silence"},
    Catch{"seq-goes-back", "same-timeline"},
    Catch{"two-hosts", "one-host"},
    Catch{"host-stays-old", "one-host"},
    Catch{"pending-play-never-ends", "acknowledgement"},
    Catch{"position-error-on-pause", "same-timeline"},
    Catch{"v1-gets-v2", "dialect"},
    Catch{"room-closes-silently", "room-closed"},
    Catch{"seat-never-expires", "seat"},
    Catch{"forgets-acknowledgement", "acknowledgement"},
    Catch{"chat-twice", "acknowledgement"},
    Catch{"wrong-receive-stamp", "position"},
    Catch{"ghost-member", "seat"},
    Catch{"everybody-may-see", "access"},
    Catch{"opens-without-ticket", "private"},
    Catch{"lists-private-room", "private"},
    Catch{"buries-the-living", "alive"},
    Catch{"waits-for-the-dead", "dead"},
    Catch{"hears-pongs-alone", "alive"},
    Catch{"takes-sleep-for-silence", "alive"},
    Catch{"hears-nothing-twice", "acknowledgement"},
    Catch{"ignores-what-is-long-ago", "acknowledgement"},
    Catch{"keeps-its-list", "registry"},
    Catch{"shows-guests-out", "back"},
    Catch{"heeds-repeats", "acknowledgement"},
};

class Mutants : public testing::TestWithParam<Catch> {};

TEST_P(Mutants, AreCaught) {
    const auto kind = mutant_named(GetParam().mutant);
    ASSERT_TRUE(kind);
    for (std::uint64_t seed = 1; seed <= seeds_max; ++seed)
        if (const Outcome outcome = run(seed, *kind); outcome.invariant) {
            EXPECT_EQ(*outcome.invariant, GetParam().invariant) << outcome.detail;
            EXPECT_FALSE(run(seed).invariant) << "and only because of the mutation";
            return;
        }
    ADD_FAILURE() << "nobody noticed in " << seeds_max << " seeds";
}
INSTANTIATE_TEST_SUITE_P(Broken, Mutants, testing::ValuesIn(catches), [](const auto& tested) {
    std::string name{tested.param.mutant};
    std::erase(name, '-');
    return name;
});

TEST(Mutants, AreAllTested) {
    EXPECT_EQ(catches.size() + 1, static_cast<std::size_t>(MutantKind::last)) << "but `none`";
}

} // namespace
} // namespace owp::sim
