#include "app/directory.hpp"

#include "protocol/codec.hpp"
#include "tests/app/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::app {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ServerTime at(int ms) {
    return ServerTime{milliseconds{1'700'000'000'000 + ms}};
}

RoomSummary room(int number, std::string name = "Ann") {
    RoomSummary summary;
    summary.id = test::room(number);
    summary.name = std::move(name);
    summary.count = 1;
    return summary;
}

class DirectoryTest : public testing::Test {
protected:
    const std::string& list(Dialect dialect, int ms) {
        return *directory.snapshot(dialect, at(ms)).wire();
    }
    Directory directory;
};

TEST_F(DirectoryTest, ListsItsRoomsInEachDialect) {
    directory.put(room(1), at(0));
    EXPECT_THAT(list(Dialect::v1, 0), AllOf(HasSubstr("Ann"), Not(HasSubstr("playing"))));
    EXPECT_THAT(list(Dialect::v2, 0), AllOf(HasSubstr("Ann"), HasSubstr("playing")));
    EXPECT_EQ(directory.size(), 1U);
}

TEST_F(DirectoryTest, EncodesAListOnceForABatch) {
    directory.put(room(1, "Ann"), at(0));
    const auto first = directory.snapshot(Dialect::v1, at(0)).wire();
    directory.put(room(2, "Bob"), at(10));
    EXPECT_EQ(directory.snapshot(Dialect::v1, at(50)).wire(), first); // Bob's update is to come
    EXPECT_THAT(list(Dialect::v1, 100), HasSubstr("Bob"));
}

TEST_F(DirectoryTest, ListsAsManyRoomsAsFit) {
    // The shortest that there are, so as many as ever fit
    for (int number = 0; number < 1000; ++number)
        directory.put(room(number, "A"), at(0));
    EXPECT_GT(list(Dialect::v1, 0).size(), message_bytes_max - 256);
}

TEST_F(DirectoryTest, SaysNothingOfTheEndOfARoomThatWasNeverListed) {
    directory.remove(room(9).id, at(0));
    EXPECT_EQ(directory.flush_at(), std::nullopt);
}

TEST_F(DirectoryTest, TellsWhatChangedSinceTheLastTime) {
    directory.put(room(1, "Ann"), at(0));
    directory.put(room(2, "Bob"), at(30));
    EXPECT_EQ(directory.flush_at(), at(100));
    EXPECT_THAT(*directory.take_delta(at(100)).wire(), AllOf(HasSubstr("Ann"), HasSubstr("Bob")));
    EXPECT_EQ(directory.flush_at(), std::nullopt);

    directory.remove(room(1).id, at(200));
    directory.put(room(2, "Bobby"), at(210));
    EXPECT_EQ(directory.flush_at(), at(300));
    const std::string delta = *directory.take_delta(at(300)).wire();
    EXPECT_THAT(delta, AllOf(HasSubstr("Bobby"), HasSubstr(to_uuid_string(room(1).id.bytes)),
                             Not(HasSubstr("Ann"))));
    EXPECT_EQ(directory.size(), 1U);
}

TEST_F(DirectoryTest, ListsAnewAfterItToldAChange) {
    directory.put(room(1, "Ann"), at(0));
    (void)list(Dialect::v2, 95);
    directory.remove(room(1).id, at(99));
    (void)directory.take_delta(at(100));
    EXPECT_THAT(list(Dialect::v2, 100), Not(HasSubstr("Ann")));
}

} // namespace
} // namespace owp::app
