#include "core/participants.hpp"

#include "tests/core/support.hpp"

#include <gtest/gtest.h>

namespace owp::core {
namespace {

using namespace test;

Participants three() {
    Participants seats{Member{.who = v2(1), .ready = true}};
    seats.add({.who = v2(2, "bob")});
    seats.add({.who = v1(3, "cat")});
    return seats;
}

TEST(Participants, AreCountedWhileConnected) {
    Participants seats = three();
    EXPECT_EQ(seats.count(), 3u);
    seats.lose(*seats.find(client(2)));
    EXPECT_EQ(seats.count(), 2u);
    EXPECT_EQ(seats.find(client(2)), nullptr);
    EXPECT_EQ(seats.all().size(), 3u) << "the seat is still there";
    EXPECT_EQ(seats.listed()[1].status, ParticipantStatus::away);
}

TEST(Participants, ShareOneListUntilSomebodyComesOrGoes) {
    Participants seats = three();
    const Audience all = seats.connected();
    const Audience guests = seats.guests();
    EXPECT_EQ(all, (std::vector{client(1), client(2), client(3)}));
    EXPECT_EQ(guests, (std::vector{client(2), client(3)}));
    EXPECT_TRUE(seats.connected().is(all));
    EXPECT_TRUE(seats.guests().is(guests));
    EXPECT_FALSE(guests.is(all));

    seats.lose(*seats.find(client(2)));
    EXPECT_EQ(seats.connected(), (std::vector{client(1), client(3)}));
    EXPECT_EQ(seats.guests(), (std::vector{client(3)}));
    seats.take_over(seats.all()[1], v2(9));
    EXPECT_EQ(seats.connected(), (std::vector{client(1), client(9), client(3)}));
    seats.add({.who = v1(4)});
    seats.remove(client(3));
    EXPECT_EQ(seats.connected(), (std::vector{client(1), client(9), client(4)}));
    EXPECT_EQ(seats.guests(), (std::vector{client(9), client(4)}));
    EXPECT_EQ(all, (std::vector{client(1), client(2), client(3)})) << "whoever has it keeps it";
}

TEST(Participants, ATokenFindsItsSeatHeldOrNot) {
    Participants seats = three();
    Join back{.who = v2(9, "bob"), .resume = token(2)};
    EXPECT_EQ(seats.seat_for(back)->who.client, client(2));
    seats.lose(*seats.find(client(2)));
    EXPECT_EQ(seats.seat_for(back)->who.client, client(2));
    back.resume = token(8);
    back.who.user_id.clear();
    EXPECT_EQ(seats.seat_for(back), nullptr);
}

TEST(Participants, ATokenOpensNobodyElsesSeat) {
    Participants seats = three();
    EXPECT_EQ(seats.seat_for({.who = v2(9, "eve"), .resume = token(2)}), nullptr);
    EXPECT_EQ(seats.seat_for({.who = v2(9), .resume = token(2)}), nullptr);
    EXPECT_EQ(seats.seat_for({.who = v2(9, "eve"), .resume = token(1)}), nullptr);
    EXPECT_EQ(seats.seat_for({.who = v2(9), .resume = token(1)})->who.client, client(1))
        << "whom nobody vouched for has the token alone";
    seats.lose(*seats.find(client(3)));
    EXPECT_EQ(seats.seat_for({.who = v2(9, "cat"), .resume = token(2)})->who.client, client(3))
        << "her own held seat";
}

TEST(Participants, AUserFindsOnlyAHeldSeat) {
    Participants seats = three();
    const Join back = join(v1(9, "cat"));
    EXPECT_EQ(seats.seat_for(back), nullptr) << "another device of hers sits there";
    seats.lose(*seats.find(client(3)));
    EXPECT_EQ(seats.seat_for(back)->who.client, client(3));
    EXPECT_EQ(seats.seat_for(join(v1(9))), nullptr) << "nobody is not a user";
}

TEST(Participants, OfSeveralHeldSeatsTheLastLostIsTaken) {
    Participants seats = three();
    seats.add({.who = v1(4, "cat")});
    for (const int lost : {3, 4})
        seats.lose(*seats.find(client(lost)));
    seats.all()[2].held_until = at(5);
    seats.all()[3].held_until = at(4);
    EXPECT_EQ(seats.seat_for(join(v1(9, "cat")))->who.client, client(3));
}

TEST(Participants, WhoTakesTheHostsSeatIsTheHost) {
    Participants seats = three();
    seats.take_over(*seats.find(client(1)), v2(9));
    EXPECT_TRUE(seats.is_host(client(9)));
    EXPECT_FALSE(seats.is_host(client(1)));
    EXPECT_TRUE(seats.listed()[0].is_host);
}

TEST(Participants, APlayWaitsForWhoIsConnectedAndNotReady) {
    Participants seats = three();
    EXPECT_EQ(seats.delaying_play(), (std::vector{client(2), client(3)}));
    seats.find(client(2))->reported = ParticipantStatus::away;
    seats.find(client(3))->excused = true;
    EXPECT_TRUE(seats.delaying_play().empty());
}

TEST(Participants, LeadsCountMembersThatCanAct) {
    Participants seats = three();
    EXPECT_EQ(seats.listeners().size(), 2u) << "the ready host, and v1 whatever it says";
    seats.find(client(2))->ready = true;
    EXPECT_EQ(seats.listeners().size(), 3u);
}

} // namespace
} // namespace owp::core
