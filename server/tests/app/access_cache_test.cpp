#include "app/access_cache.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace owp::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr MediaId film{{1}};

/// Remembers what it was asked, and answers when it is told to.
class FakeAuthority final : public AccessAuthority {
public:
    void ask(AccessQuestion question, std::function<void(bool)> answer) override {
        questions.push_back(std::move(question));
        answers.push_back(std::move(answer));
    }
    std::vector<AccessQuestion> questions;
    std::vector<std::function<void(bool)>> answers;
};

class AccessCacheTest : public testing::Test {
protected:
    static ServerTime at(int seconds) { return ServerTime{std::chrono::seconds{1000 + seconds}}; }
    void ask(const std::string& user, int second, const MediaId& media = film) {
        cache->ask({user, auth::Secret{"t"}, media}, at(second),
                   [this](bool allowed) { told.push_back(allowed); });
    }
    void run() {
        for (; !tasks.empty(); tasks.pop_front())
            tasks.front()();
    }

    FakeAuthority authority;
    std::deque<AccessCache::Task> tasks;
    std::vector<bool> told;
    std::vector<std::string> news;
    std::unique_ptr<AccessCache> cache = std::make_unique<AccessCache>(
        authority, [this](AccessCache::Task task) { tasks.push_back(std::move(task)); },
        [this](const std::string& user) { news.push_back(user); });
};

TEST_F(AccessCacheTest, AsksOnceAndRemembersForAMinute) {
    ask("ann", 0);
    ask("ann", 1);
    ASSERT_THAT(authority.questions, SizeIs(1));
    EXPECT_EQ(authority.questions[0].credential.reveal(), "t");
    authority.answers[0](true);
    EXPECT_THAT(told, IsEmpty()) << "answers come in on the shard's thread";
    run();
    EXPECT_THAT(told, ElementsAre(true, true));
    EXPECT_THAT(news, ElementsAre("ann"));
    ask("ann", 59);
    EXPECT_THAT(told, SizeIs(3));
    EXPECT_THAT(authority.questions, SizeIs(1));
    EXPECT_EQ(cache->known("ann", film, at(59)), true);
    EXPECT_EQ(cache->known("ann", film, at(60)), std::nullopt);
    ask("ann", 60);
    EXPECT_THAT(authority.questions, SizeIs(2));
}

TEST_F(AccessCacheTest, TellsUsersAndTitlesApart) {
    ask("ann", 0);
    ask("bob", 0);
    ask("ann", 0, MediaId{{2}});
    EXPECT_THAT(authority.questions, SizeIs(3));
}

TEST_F(AccessCacheTest, SilenceIsANoAndNotRemembered) {
    ask("ann", 0);
    cache->expire(at(4));
    EXPECT_THAT(told, IsEmpty());
    cache->expire(at(5));
    EXPECT_THAT(told, ElementsAre(false));
    authority.answers[0](true);
    run();
    EXPECT_THAT(told, ElementsAre(false));
    EXPECT_EQ(cache->known("ann", film, at(6)), std::nullopt);
    EXPECT_EQ(cache->size(), 0U);
}

TEST_F(AccessCacheTest, NobodySeesNothing) {
    ask("", 0);
    EXPECT_THAT(told, ElementsAre(false));
    EXPECT_THAT(authority.questions, IsEmpty());
}

TEST_F(AccessCacheTest, IsBounded) {
    for (std::size_t i = 0; i < access_entries_max; ++i)
        ask("u" + std::to_string(i), 0);
    EXPECT_THAT(told, IsEmpty());
    ask("one more", 0);
    EXPECT_THAT(told, ElementsAre(false));
    authority.answers[0](true);
    run();
    ask("one more", 0); // takes the place of what is remembered
    EXPECT_THAT(told, ElementsAre(false, true));
    EXPECT_EQ(cache->size(), access_entries_max);
}

TEST_F(AccessCacheTest, AnAnswerAfterTheEndGoesNowhere) {
    ask("ann", 0);
    cache.reset();
    authority.answers[0](true);
    EXPECT_THAT(tasks, IsEmpty());
}

} // namespace
} // namespace owp::app
