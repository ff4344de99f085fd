#include "app/visible_rooms.hpp"

#include "protocol/limits.hpp"
#include "tests/app/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace owp::app {
namespace {

using test::room;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr MediaId film{{1}};
constexpr MediaId secret{{2}};

class VisibleRoomsTest : public testing::Test {
protected:
    void put(int number, std::optional<MediaId> media) {
        rooms[room(number)] = {.id = room(number), .name = {}, .host_name = {}, .media_id = media};
    }
    to_client::RoomListDelta delta(const std::unordered_set<RoomId>& changed, bool news = false) {
        return visible.delta(rooms, changed, news, may_see);
    }

    VisibleRooms::Rooms rooms;
    std::map<MediaId, bool> known;
    VisibleRooms::MaySee may_see = [this](const MediaId& media) {
        const auto found = known.find(media);
        return found == known.end() ? std::nullopt : std::optional{found->second};
    };
    VisibleRooms visible;
};

TEST_F(VisibleRoomsTest, ListsWhatMayBeSeenOrHasNoTitle) {
    put(1, film);
    put(2, secret);
    put(3, MediaId{{3}});
    put(4, std::nullopt);
    known = {{film, true}, {secret, false}};
    EXPECT_THAT(visible.list(rooms, may_see).rooms, SizeIs(2));
}

TEST_F(VisibleRoomsTest, ListsNoMoreThanFitsAndTellsOfTheOthersWhenAskedForNews) {
    for (int number = 0; number < 1000; ++number)
        put(number, std::nullopt);
    EXPECT_THAT(visible.list(rooms, may_see).rooms, SizeIs(room_list_rooms_max));
    EXPECT_THAT(delta({}, true).upserted, SizeIs(1000 - room_list_rooms_max));
}

TEST_F(VisibleRoomsTest, TellsWhenMoreIsKnown) {
    put(1, film);
    EXPECT_THAT(visible.list(rooms, may_see).rooms, IsEmpty());
    EXPECT_THAT(delta({room(1)}).upserted, IsEmpty());
    known[film] = true;
    EXPECT_THAT(delta({}, true).upserted, SizeIs(1));
    EXPECT_THAT(delta({}, true).upserted, IsEmpty()) << "once";
    known[film] = false;
    EXPECT_THAT(delta({}, true).removed, ElementsAre(room(1)));
}

TEST_F(VisibleRoomsTest, ARoomThatMovesToAForbiddenTitleIsGone) {
    put(1, film);
    known = {{film, true}, {secret, false}};
    EXPECT_THAT(delta({room(1)}).upserted, SizeIs(1));
    put(1, secret);
    EXPECT_THAT(delta({room(1)}).removed, ElementsAre(room(1)));
    rooms.clear();
    EXPECT_THAT(delta({room(1)}).removed, IsEmpty()) << "nobody was told of it";
}

TEST_F(VisibleRoomsTest, WhatWasShownStaysWhileItIsAskedAboutAgain) {
    put(1, film);
    known[film] = true;
    EXPECT_THAT(visible.list(rooms, may_see).rooms, SizeIs(1));
    known.clear();
    EXPECT_THAT(visible.list(rooms, may_see).rooms, SizeIs(1));
    put(1, secret);
    EXPECT_THAT(delta({room(1)}).removed, ElementsAre(room(1))) << "not under another title";
    visible.forget();
    put(1, film);
    EXPECT_THAT(visible.list(rooms, may_see).rooms, IsEmpty()) << "not to another user";
}

} // namespace
} // namespace owp::app
