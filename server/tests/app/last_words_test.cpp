#include "app/last_words.hpp"

#include "app/exit_codes.hpp"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <thread>

namespace owp::app {
namespace {

TEST(LastWordsDeathTest, SayWhyAndEndWithACode) {
    EXPECT_EXIT(end_with("the sky fell"), testing::ExitedWithCode(exit_failed),
                "^owp-server cannot go on: the sky fell\n$");
}

TEST(LastWordsDeathTest, AreSaidWhenThereIsNoMoreMemory) {
    EXPECT_EXIT(
        {
            promise_last_words();
            std::get_new_handler()();
        },
        testing::ExitedWithCode(exit_failed), "no more memory\n$");
}

TEST(LastWordsDeathTest, AreThoseOfTheExceptionThatNobodyCaught) {
    EXPECT_EXIT(
        {
            promise_last_words();
            std::thread{[] { throw std::runtime_error{"too much"}; }}.join();
        },
        testing::ExitedWithCode(exit_failed), "^owp-server cannot go on: too much\n$");
}

} // namespace
} // namespace owp::app
