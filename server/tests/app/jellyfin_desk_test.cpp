#include "app/jellyfin_desk.hpp"

#include "tests/app/fake_jellyfin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace owp::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string address = "203.0.113.7";

class JellyfinDeskTest : public testing::Test {
protected:
    std::future<edge::TokenVerdict> ask(const std::string& token,
                                        const std::string& from = address) {
        const auto told = std::make_shared<std::promise<edge::TokenVerdict>>();
        desk.sign_in(token, from,
                     [told](const edge::TokenVerdict& verdict) { told->set_value(verdict); });
        return told->get_future();
    }
    static edge::TokenVerdict hear(std::future<edge::TokenVerdict> asked) {
        if (asked.wait_for(net::test::patience) != std::future_status::ready) {
            ADD_FAILURE() << "no answer";
            return {};
        }
        return asked.get();
    }
    edge::TokenVerdict sign_in(const std::string& token, const std::string& from = address) {
        return hear(ask(token, from));
    }
    bool may_see(const std::string& token) {
        std::promise<bool> told;
        desk.ask({"u", auth::Secret{token}, MediaId{{0xab}}},
                 [&](bool allowed) { told.set_value(allowed); });
        return told.get_future().get();
    }
    void wait(Duration duration) { now = now.load() + duration; }

    // The clock is a fake; the sockets are real.
    std::atomic<ServerTime> now{ServerTime{seconds{1'800'000'000}}};
    test::FakeJellyfin jellyfin;
    JellyfinDesk desk{jellyfin.client(), [this] { return now.load(); }};
};

TEST_F(JellyfinDeskTest, AsksWhoATokenIsAndRemembersIt) {
    jellyfin.let_in("t", "Ann");
    const edge::TokenVerdict verdict = sign_in("t");
    EXPECT_TRUE(verdict.valid);
    EXPECT_EQ(verdict.user_name, "Ann");
    jellyfin.throw_out("t");
    wait(sign_in_kept - milliseconds{1});
    EXPECT_TRUE(sign_in("t").valid);
    EXPECT_THAT(jellyfin.take_asked(), ElementsAre("/Users/Me"));
    wait(milliseconds{1});
    EXPECT_EQ(sign_in("t").code, ErrorCode::invalid_token) << "asked again";
    EXPECT_THAT(jellyfin.take_asked(), ElementsAre("/Users/Me"));
}

TEST_F(JellyfinDeskTest, RemembersWhoIsRefusedToo) {
    EXPECT_EQ(sign_in("t").code, ErrorCode::invalid_token);
    jellyfin.let_in("t", "Ann");
    EXPECT_EQ(sign_in("t").code, ErrorCode::invalid_token);
    EXPECT_THAT(jellyfin.take_asked(), ElementsAre("/Users/Me"));
}

TEST_F(JellyfinDeskTest, AsksTheSameOnceHoweverManyWait) {
    jellyfin.let_in("t", "Ann");
    jellyfin.let_in("other", "Bob");
    jellyfin.hold();
    auto first = ask("t");
    auto second = ask("t");
    auto other = ask("other");
    jellyfin.release();
    EXPECT_EQ(hear(std::move(first)).user_name, "Ann");
    EXPECT_EQ(hear(std::move(second)).user_name, "Ann");
    EXPECT_EQ(hear(std::move(other)).user_name, "Bob") << "tokens are not mixed up";
    EXPECT_THAT(jellyfin.take_asked(), ElementsAre("/Users/Me", "/Users/Me"));
}

TEST_F(JellyfinDeskTest, ForgetsTroubleSoon) {
    jellyfin.set("t", "503 Service Unavailable");
    EXPECT_EQ(sign_in("t").code, ErrorCode::auth_unavailable);
    jellyfin.let_in("t", "Ann");
    wait(sign_in_trouble_kept - milliseconds{1});
    EXPECT_EQ(sign_in("t").code, ErrorCode::auth_unavailable);
    EXPECT_THAT(jellyfin.take_asked(), ElementsAre("/Users/Me"));
    wait(milliseconds{1});
    EXPECT_TRUE(sign_in("t").valid);
}

TEST_F(JellyfinDeskTest, WhatIsNoTokenIsNotAsked) {
    for (const std::string& token :
         {std::string{}, std::string{"a\r\nX: y"}, std::string{"a\"b"}, std::string(129, 'x')}) {
        EXPECT_EQ(sign_in(token).code, ErrorCode::invalid_token);
        EXPECT_FALSE(may_see(token));
    }
    EXPECT_THAT(jellyfin.take_asked(), IsEmpty());
}

TEST_F(JellyfinDeskTest, WhoeverGuessesGetsNoFurther) {
    const auto guess = [&](std::uint32_t number, const std::string& from) {
        return sign_in("guess-" + std::to_string(number), from).code;
    };
    for (std::uint32_t i = 0; i < unknown_tokens_per_minute; ++i)
        EXPECT_EQ(guess(i, address), ErrorCode::invalid_token);
    EXPECT_EQ(jellyfin.take_asked().size(), unknown_tokens_per_minute);
    EXPECT_EQ(guess(1000, address), ErrorCode::rate_limited);
    EXPECT_EQ(guess(0, address), ErrorCode::invalid_token) << "known, so it costs nothing";
    EXPECT_THAT(jellyfin.take_asked(), IsEmpty());
    EXPECT_EQ(guess(1001, "203.0.113.8"), ErrorCode::invalid_token) << "another's own limit";
    EXPECT_EQ(guess(1002, ""), ErrorCode::invalid_token) << "the server asks for itself";
    wait(std::chrono::minutes{1});
    EXPECT_EQ(guess(1000, address), ErrorCode::invalid_token);
}

TEST_F(JellyfinDeskTest, AsksWhetherTheyMaySeeATitleWithTheirOwnToken) {
    jellyfin.set("sees", "200 OK", "{}");
    jellyfin.set("starting", "503 Service Unavailable");
    EXPECT_TRUE(may_see("sees"));
    EXPECT_THAT(jellyfin.take_asked(), ElementsAre("/Items/ab000000000000000000000000000000"));
    for (const char* token : {"unknown", "starting"})
        EXPECT_FALSE(may_see(token)) << token;
    jellyfin.set("hidden", "404 Not Found");
    EXPECT_FALSE(may_see("hidden"));
}

} // namespace
} // namespace owp::app
