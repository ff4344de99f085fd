#include "core/lead.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace owp::core {
namespace {

using std::chrono::milliseconds;

Listener v2_at(int round_trip_ms, int jitter_ms) {
    return {Network{milliseconds{round_trip_ms}, milliseconds{jitter_ms}}, true};
}

TEST(Lead, FixedIsExactWhoeverIsThere) {
    RoomOptions options;
    options.lead = Lead::fixed;
    const std::vector<Listener> listeners{v2_at(1, 0), {std::nullopt, false}};
    EXPECT_EQ(lead_for(PlayerAction::play, options, listeners), milliseconds{1500});
    EXPECT_EQ(lead_for(PlayerAction::pause, options, listeners), milliseconds{300});
    EXPECT_EQ(lead_for(PlayerAction::seek, options, listeners), milliseconds{300});
}

TEST(Lead, AdaptiveIsTheLeastThatTheFarthestCanMeet) {
    const std::vector<Listener> listeners{v2_at(40, 2), v2_at(200, 10)};
    EXPECT_EQ(lead_for(PlayerAction::play, {}, listeners), milliseconds{100 + 40 + 80});
}

TEST(Lead, UnmeasuredIsAModestGuess) {
    const std::vector<Listener> listeners{{std::nullopt, true}};
    EXPECT_EQ(lead_for(PlayerAction::play, {}, listeners), milliseconds{230});
}

TEST(Lead, HasAFloorAndACeilingForEachAction) {
    EXPECT_EQ(lead_for(PlayerAction::play, {}, {}), milliseconds{160});
    EXPECT_EQ(lead_for(PlayerAction::pause, {}, {}), milliseconds{50});
    const std::vector<Listener> far{v2_at(9000, 500)};
    EXPECT_EQ(lead_for(PlayerAction::play, {}, far), milliseconds{1500});
    EXPECT_EQ(lead_for(PlayerAction::pause, {}, far), milliseconds{300});
}

TEST(Lead, WithV1InTheRoomNothingIsAbove300) {
    const std::vector<Listener> listeners{v2_at(9000, 500), {std::nullopt, false}};
    EXPECT_EQ(lead_for(PlayerAction::play, {}, listeners), milliseconds{300});
}

TEST(Lead, SurvivesAbsurdMeasurements) {
    const std::vector<Listener> listeners{{Network{Duration::max(), Duration::max()}, true},
                                          {Network{Duration::min(), Duration::min()}, true}};
    EXPECT_EQ(lead_for(PlayerAction::play, {}, listeners), milliseconds{1500});
}

/// The sentence of the design, in milliseconds and plain arithmetic.
double naive_lead_ms(bool is_play, const std::vector<Listener>& listeners) {
    double worst = 0;
    bool v1 = false;
    for (const Listener& each : listeners) {
        double need = 230;
        if (each.network)
            need = to_seconds(each.network->round_trip) * 500 +
                   to_seconds(each.network->jitter) * 4000 + 80;
        worst = std::max(worst, need);
        v1 = v1 || !each.follows_timeline;
    }
    const double most = v1 ? 300 : is_play ? 1500 : 300;
    return std::min(most, std::max(is_play ? 160.0 : 50.0, worst));
}

RC_GTEST_PROP(LeadProperty, AgreesWithTheNaiveTwin, ()) {
    const auto count = *rc::gen::inRange(0, 8);
    std::vector<Listener> listeners;
    for (int i = 0; i < count; ++i) {
        Listener each{std::nullopt, *rc::gen::arbitrary<bool>()};
        if (*rc::gen::arbitrary<bool>())
            each.network = Network{Duration{*rc::gen::inRange(0, 3'000'000)},
                                   Duration{*rc::gen::inRange(0, 500'000)}};
        listeners.push_back(each);
    }
    const bool is_play = *rc::gen::arbitrary<bool>();
    const Duration lead =
        lead_for(is_play ? PlayerAction::play : PlayerAction::seek, {}, listeners);
    RC_ASSERT(std::abs(to_seconds(lead) * 1000 - naive_lead_ms(is_play, listeners)) < 0.002);
}

} // namespace
} // namespace owp::core
