#include "core/report_filter.hpp"

#include "tests/core/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace owp::core {
namespace {

using test::at;

TEST(ReportFilter, AChangeOfPlayStateAlwaysPasses) {
    ReportFilter filter{0, PlayState::paused};
    filter.commanded(10, PlayState::playing, at(0), at(300));
    EXPECT_TRUE(filter.passes(10, PlayState::paused, at(300)));
    EXPECT_FALSE(filter.passes(20, PlayState::playing, at(300)));
}

TEST(ReportFilter, RestsForTwoSecondsAfterATarget) {
    ReportFilter filter{0, PlayState::playing};
    filter.commanded(10, PlayState::playing, at(0), at(300));
    EXPECT_FALSE(filter.passes(20, PlayState::playing, at(2299)));
    EXPECT_TRUE(filter.passes(20, PlayState::playing, at(2300)));
}

TEST(ReportFilter, AcceptsTwoASecondAtMost) {
    ReportFilter filter{0, PlayState::playing};
    filter.accepted(10, PlayState::playing, at(0));
    EXPECT_FALSE(filter.passes(20, PlayState::playing, at(499)));
    EXPECT_TRUE(filter.passes(20, PlayState::playing, at(500)));
}

struct Move {
    double by;
    bool passes;
};
class ReportFilterMoves : public testing::TestWithParam<Move> {};

TEST_P(ReportFilterMoves, AreNoiseInTwoWindows) {
    ReportFilter filter{64, PlayState::playing};
    EXPECT_EQ(filter.passes(64 + GetParam().by, PlayState::playing, at(9000)), GetParam().passes)
        << GetParam().by;
}

INSTANTIATE_TEST_SUITE_P(Table, ReportFilterMoves,
                         testing::Values(Move{-2.0625, true}, Move{-2, false}, Move{-1, false},
                                         Move{-0.5625, false}, Move{-0.5, true},
                                         Move{-0.0625, true}, Move{0, false}, Move{0.4375, false},
                                         Move{0.5, true}, Move{100, true}));

TEST(ReportFilter, JudgesTheFirstReportByTheStart) {
    const ReportFilter filter{30, PlayState::paused};
    EXPECT_FALSE(filter.passes(30, PlayState::paused, at(0)));
    EXPECT_TRUE(filter.passes(31, PlayState::paused, at(0)));
}

/// Keeps the whole history and reads the sentence of wire-v1 against it.
struct NaiveFilter {
    struct Entry {
        double at_ms, position;
        PlayState state;
        std::optional<double> target_ms; // of a command
    };
    std::vector<Entry> history;

    bool passes(double position, PlayState state, double now) const {
        if (history.back().state != state)
            return true;
        for (const Entry& entry : history)
            if (entry.target_ms && now - *entry.target_ms < 2000 && &entry == last_command())
                return false;
        if (history.size() > 1 && now - history.back().at_ms < 500)
            return false;
        const double difference = position - history.back().position;
        if (difference < 0)
            return !(-difference > 0.5 && -difference <= 2.0);
        return !(difference < 0.5);
    }
    const Entry* last_command() const {
        const Entry* last = nullptr;
        for (const Entry& entry : history)
            if (entry.target_ms)
                last = &entry;
        return last;
    }
};

RC_GTEST_PROP(ReportFilterProperty, AgreesWithTheNaiveTwin, ()) {
    ReportFilter filter{100, PlayState::paused};
    NaiveFilter naive{{{0, 100, PlayState::paused, std::nullopt}}};
    std::int64_t now = 0;
    const int steps = *rc::gen::inRange(1, 60);
    for (int i = 0; i < steps; ++i) {
        now += *rc::gen::element(0, 1, 100, 499, 500, 1000, 1999, 2000, 2300);
        const double position = naive.history.back().position +
                                *rc::gen::element(-3.0, -2.0, -1.0, -0.5, 0.0, 0.25, 0.5, 1.0);
        const auto state = *rc::gen::element(PlayState::paused, PlayState::playing);
        const auto now_ms = static_cast<double>(now);
        if (*rc::gen::inRange(0, 4) == 0) {
            const int lead = *rc::gen::element(50, 300, 1500);
            filter.commanded(position, state, at(now), at(now + lead));
            naive.history.push_back({now_ms, position, state, now_ms + lead});
            continue;
        }
        const bool passes = filter.passes(position, state, at(now));
        RC_ASSERT(passes == naive.passes(position, state, now_ms));
        if (passes) {
            filter.accepted(position, state, at(now));
            naive.history.push_back({now_ms, position, state, std::nullopt});
        }
    }
}

} // namespace
} // namespace owp::core
