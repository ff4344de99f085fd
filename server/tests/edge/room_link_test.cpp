#include "edge/room_link.hpp"

#include "tests/edge/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <set>

namespace owp::edge {
namespace {

using test::room;

TEST(RoomLink, IsInsideFromAdmissionToLeaving) {
    RoomLink link;
    link.join(room(1));
    EXPECT_TRUE(link.with(room(1)));
    EXPECT_FALSE(link.inside());
    EXPECT_TRUE(link.admitted(room(1)));
    EXPECT_TRUE(link.inside());
    link.leave();
    EXPECT_FALSE(link.with(room(1)));
}

TEST(RoomLink, AnAdmissionThatComesAfterLeavingIsStale) {
    RoomLink link;
    link.join(room(1));
    link.leave();
    EXPECT_FALSE(link.admitted(room(1)));
    EXPECT_FALSE(link.inside());
}

TEST(RoomLink, LeavingAndJoiningAgainIsNotMistakenForTheFirstStay) {
    RoomLink link;
    link.join(room(1));
    link.leave();
    link.join(room(1));
    EXPECT_FALSE(link.admitted(room(1))) << "of the first join";
    EXPECT_FALSE(link.dismissed(room(1))) << "the first leave's";
    EXPECT_TRUE(link.admitted(room(1)));
    EXPECT_TRUE(link.dismissed(room(1))) << "closed, say";
    EXPECT_FALSE(link.room());
}

TEST(RoomLink, JoiningItsOwnRoomAgainStaysInside) {
    RoomLink link;
    link.join(room(1));
    (void)link.admitted(room(1));
    link.join(room(1));
    EXPECT_TRUE(link.inside());
    EXPECT_TRUE(link.admitted(room(1)));
}

TEST(RoomLink, JoiningARoomThatIsClosingIsRefusedAfterTheDismissal) {
    RoomLink link;
    link.join(room(1));
    (void)link.admitted(room(1));
    link.join(room(1));
    EXPECT_TRUE(link.dismissed(room(1))) << "the room closed before the second join came";
    EXPECT_FALSE(link.inside());
    EXPECT_TRUE(link.refused(room(1))) << "so that the client is told";
    EXPECT_FALSE(link.room());
}

TEST(RoomLink, ADismissedMemberThatHasAskedAgainWaitsForThatAnswer) {
    RoomLink link;
    link.join(room(1));
    (void)link.admitted(room(1));
    link.join(room(1));
    EXPECT_TRUE(link.dismissed(room(1)));
    EXPECT_FALSE(link.inside());
    EXPECT_TRUE(link.admitted(room(1)));
    EXPECT_TRUE(link.inside());
}

TEST(RoomLink, ARefusalOfAnotherRoomIsAnEcho) {
    RoomLink link;
    link.join(room(1));
    link.join(room(2));
    EXPECT_FALSE(link.refused(room(1)));
    EXPECT_TRUE(link.refused(room(2)));
    EXPECT_FALSE(link.room());
}

TEST(RoomLink, RemembersOnlySoManyUnansweredJoins) {
    RoomLink link;
    for (std::size_t i = 0; i < unanswered_joins_max; ++i) {
        EXPECT_TRUE(link.can_join());
        link.join(room(static_cast<int>(i)));
    }
    EXPECT_FALSE(link.can_join());
    (void)link.refused(room(3));
    EXPECT_TRUE(link.can_join());
}

/// The rooms' side of a link, with the bus between them as a queue in each direction. At rest both
/// sides agree, and inside is never claimed of a room that does not have this member.
RC_GTEST_PROP(RoomLinkProperty, AgreesWithTheRoomsAtRest, ()) {
    enum class Kind { join, leave, admitted, refused, dismissed };
    struct Note {
        Kind kind;
        int room;
    };
    RoomLink link;
    std::deque<Note> out;
    std::deque<Note> back;
    std::set<int> member_of;
    const auto deliver_out = [&] {
        const Note note = out.front();
        out.pop_front();
        if (note.kind == Kind::join && note.room == 3)
            back.push_back({Kind::refused, note.room});
        else if (note.kind == Kind::join)
            member_of.insert(note.room), back.push_back({Kind::admitted, note.room});
        else if (member_of.erase(note.room) == 1)
            back.push_back({Kind::dismissed, note.room});
    };
    const auto deliver_back = [&] {
        const Note note = back.front();
        back.pop_front();
        if (note.kind == Kind::admitted)
            (void)link.admitted(room(note.room));
        else if (note.kind == Kind::refused)
            (void)link.refused(room(note.room));
        else
            (void)link.dismissed(room(note.room));
    };
    const auto leave = [&] {
        for (const int number : {1, 2, 3})
            if (link.with(room(number)))
                out.push_back({Kind::leave, number});
        link.leave();
    };
    const int steps = *rc::gen::inRange(1, 80);
    for (int i = 0; i < steps; ++i) {
        switch (*rc::gen::inRange(0, 5)) {
        case 0:
            if (const int number = *rc::gen::inRange(1, 4); link.can_join()) {
                if (!link.with(room(number)))
                    leave();
                link.join(room(number));
                out.push_back({Kind::join, number});
            }
            break;
        case 1:
            leave();
            break;
        case 2: // a room dismisses its member by itself
            if (const int number = *rc::gen::inRange(1, 4); member_of.erase(number) == 1)
                back.push_back({Kind::dismissed, number});
            break;
        case 3:
            if (!out.empty())
                deliver_out();
            break;
        default:
            if (!back.empty())
                deliver_back();
        }
    }
    while (!out.empty())
        deliver_out();
    while (!back.empty())
        deliver_back();
    for (const int number : {1, 2, 3})
        RC_ASSERT(member_of.contains(number) == (link.inside() && link.with(room(number))));
    RC_ASSERT(link.inside() || !link.room());
}

} // namespace
} // namespace owp::edge
