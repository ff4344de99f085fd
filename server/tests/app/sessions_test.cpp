#include "app/sessions.hpp"

#include "tests/app/fake_jellyfin.hpp"
#include "tests/app/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <future>
#include <mutex>

namespace owp::app {
namespace {

using test::client;
using test::room;
using test::text_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class FakeConnection final : public net::Connection {
public:
    void send(const net::Frame& frame, net::SendOptions given) override {
        sent.push_back(*frame.wire());
        options.push_back(given);
    }
    void ping() override { ++pings; }
    void close(CloseCode code, std::string_view) override { closed = code; }
    void hold_reads(Duration time) override { held = time; }
    [[nodiscard]] std::uint64_t id() const override { return 1; }
    [[nodiscard]] std::string remote_address() const override { return "127.0.0.1"; }

    std::vector<std::string> take() { return std::exchange(sent, {}); }
    std::vector<std::string> sent;
    std::vector<net::SendOptions> options;
    int pings = 0;
    std::optional<CloseCode> closed;
    std::optional<Duration> held;
};

class SessionsTest : public testing::Test {
protected:
    void open(FakeConnection& peer) {
        sessions.opened(peer);
        shards.forget_all();
        peer.take();
    }
    void say(FakeConnection& peer, const std::string& type, const std::string& payload = "{}",
             std::optional<RoomId> where = std::nullopt) {
        const std::string target =
            where ? R"("room":")" + to_uuid_string(where->bytes) + R"(",)" : "";
        sessions.text(
            peer, R"({"type":")" + type + R"(",)" + target + R"("ts":1,"payload":)" + payload + "}",
            clock.now());
    }
    void become_v2(FakeConnection& peer) {
        say(peer, "auth", R"({"protocol_version":1,"features":["owp.v2"],"user_name":"V"})");
        peer.take();
    }
    /// Joins; answers by what name the room knows the connection.
    ClientId enter(FakeConnection& peer, const RoomId& where) {
        say(peer, "join_room", "{}", where);
        const auto joins = shards.take<RoomCommand>();
        EXPECT_EQ(joins.size(), 1U);
        sessions.on(ToSession{joins.at(0).sender.client, edge::RoomAdmitted{where}});
        peer.take();
        return joins.at(0).sender.client;
    }

    test::TwoShards shards;
    Clock clock;
    Metrics metrics;
    Wire wire{shards.bus, 0};
    Directory directory;
    auth::TokenPolicy policy{.algorithm = auth::Algorithm::hs256,
                             .key = auth::Secret{std::string(32, 'k')},
                             .audience = "A",
                             .issuer = "I"};
    Sessions sessions{{}, std::nullopt, clock, wire, directory, metrics};
    FakeConnection connection;
};

TEST_F(SessionsTest, GreetsWithHelloAndList) {
    sessions.opened(connection);
    ASSERT_THAT(connection.sent, SizeIs(2));
    EXPECT_THAT(connection.sent[0], HasSubstr("client_hello"));
    EXPECT_THAT(connection.sent[1], HasSubstr("room_list"));
    EXPECT_EQ(metrics.value(Metric::sessions), 1);
    sessions.closed(connection, {.code = 1006, .by_peer = true, .reason = {}});
    EXPECT_EQ(metrics.value(Metric::sessions), 0);
    EXPECT_EQ(sessions.wake_at(), std::nullopt);
}

TEST_F(SessionsTest, SendsAPongBeforeAnythingElseCouldDelayIt) {
    open(connection);
    connection.options.clear();
    say(connection, "ping", R"({"client_ts":1})");
    EXPECT_THAT(connection.sent, ElementsAre(HasSubstr("pong")));
    EXPECT_TRUE(connection.options.at(0).at_once);
}

TEST_F(SessionsTest, LeavesUnreadWhatAFloodSaysTooMuch) {
    open(connection);
    for (int i = 0; i < 4 * 30; ++i)
        say(connection, "ping");
    ASSERT_TRUE(connection.held);
    EXPECT_GT(*connection.held, Duration::zero());
}

TEST_F(SessionsTest, LetsOnlyMembersHearARoom) {
    open(connection);
    const ClientId id = enter(connection, room(1));
    const net::Frame frame = net::Frame::text(R"({"to":"v1"})");
    const auto deliver = [&](const RoomId& from, bool superseding) {
        sessions.on(Deliver{.to = test::receivers({id, client(99)}),
                            .room = from,
                            .frames = {frame, std::nullopt},
                            .superseding = superseding});
    };
    connection.options.clear();
    deliver(room(1), false);
    deliver(room(1), true);
    EXPECT_THAT(connection.take(), SizeIs(2));
    EXPECT_EQ(connection.options[0].supersede_key, 0U);
    EXPECT_NE(connection.options[1].supersede_key, 0U);
    deliver(room(2), false);
    EXPECT_THAT(connection.take(), IsEmpty());
    say(connection, "leave_room");
    connection.take();
    deliver(room(1), false);
    EXPECT_THAT(connection.take(), IsEmpty());
}

TEST_F(SessionsTest, GivesNobodyWhatWasForWhoHadItsPlace) {
    open(connection);
    const ClientId gone = enter(connection, room(1));
    sessions.closed(connection, {});
    FakeConnection next;
    open(next);
    const ClientId here = enter(next, room(1));
    const net::Frame frame = net::Frame::text(R"({"to":"v1"})");
    sessions.on(Deliver{.to = test::receivers({gone}), .room = room(1), .frames = {frame, {}}});
    EXPECT_THAT(next.take(), IsEmpty());
    sessions.on(Deliver{.to = test::receivers({here}), .room = room(1), .frames = {frame, {}}});
    EXPECT_THAT(next.take(), SizeIs(1)) << "the place is taken again";
    sessions.closed(next, {});
}

TEST_F(SessionsTest, GivesAConnectionItsDialectOrWhatV1Gets) {
    FakeConnection second;
    open(connection);
    open(second);
    become_v2(second);
    const ClientId old_id = enter(connection, room(1));
    const ClientId new_id = enter(second, room(1));
    const net::Frame v1 = net::Frame::text(R"({"to":"v1"})");
    const net::Frame v2 = net::Frame::text(R"({"to":"v2"})");
    sessions.on(
        Deliver{.to = test::receivers({old_id, new_id}), .room = room(1), .frames = {v1, v2}});
    EXPECT_THAT(connection.take(), ElementsAre(HasSubstr("v1")));
    EXPECT_THAT(second.take(), ElementsAre(HasSubstr("v2")));
    sessions.on(Deliver{
        .to = test::receivers({old_id, new_id}), .room = room(1), .frames = {v1, std::nullopt}});
    EXPECT_THAT(connection.take(), ElementsAre(HasSubstr("v1")));
    EXPECT_THAT(second.take(), ElementsAre(HasSubstr("v1")));
    sessions.on(
        Deliver{.to = test::receivers({old_id}), .room = room(1), .frames = {std::nullopt, v2}});
    EXPECT_THAT(connection.take(), IsEmpty());
}

TEST_F(SessionsTest, GivesARoomBackWhoseCreatorHasGone) {
    open(connection);
    say(connection, "create_room", R"({"start_pos":0})");
    const auto asked = shards.take<ReserveRoom>();
    ASSERT_THAT(asked, SizeIs(1));
    sessions.closed(connection, {});
    sessions.on(RoomAnswer{asked[0].sender.client, asked[0].user_id, room(1)});
    EXPECT_THAT(shards.take<CreateRoom>(), IsEmpty());
    const auto released = shards.take<ReleaseRoom>();
    ASSERT_THAT(released, SizeIs(1));
    EXPECT_EQ(released[0].user_id, asked[0].user_id);
}

TEST_F(SessionsTest, TellsTheRoomOfAConnectionThatIsLost) {
    open(connection);
    const ClientId id = enter(connection, room(1));
    sessions.closed(connection, {.code = 1006, .by_peer = true, .reason = {}});
    const auto commands = shards.take<RoomCommand>();
    ASSERT_THAT(commands, SizeIs(1));
    EXPECT_TRUE(std::holds_alternative<core::Disconnect>(commands[0].event));
    EXPECT_EQ(commands[0].sender.client, id);
}

TEST_F(SessionsTest, TellsChangesOfTheDirectoryToWhoeverWantsThem) {
    FakeConnection subscriber, member;
    open(connection);
    open(subscriber);
    open(member);
    become_v2(subscriber);
    say(subscriber, "subscribe_rooms");
    EXPECT_THAT(subscriber.take(), ElementsAre(HasSubstr("room_list")));
    (void)enter(member, room(2));

    RoomSummary summary;
    summary.id = room(1);
    summary.name = "Ann";
    directory.put(summary, clock.now());
    sessions.flush_directory(clock.now());
    EXPECT_THAT(connection.take(), ElementsAre(HasSubstr("\"room_list\"")));
    EXPECT_THAT(subscriber.take(), ElementsAre(HasSubstr("room_list_delta")));
    EXPECT_THAT(member.take(), IsEmpty());

    say(subscriber, "unsubscribe_rooms");
    subscriber.take();
    say(member, "leave_room", "{}", room(2));
    member.take();
    sessions.closed(connection, {});
    directory.remove(room(1), clock.now());
    sessions.flush_directory(clock.now() + std::chrono::hours{1});
    EXPECT_THAT(connection.take(), IsEmpty()) << "it is gone";
    EXPECT_THAT(subscriber.take(), IsEmpty()) << "it wants them no more";
    EXPECT_THAT(member.take(), ElementsAre(HasSubstr("\"room_list\""))) << "it is outside again";
}

TEST_F(SessionsTest, SendsListsThatNobodyAskedForInTurn) {
    std::vector<std::unique_ptr<FakeConnection>> crowd;
    const auto come = [&]() -> FakeConnection& {
        crowd.push_back(std::make_unique<FakeConnection>());
        sessions.opened(*crowd.back());
        return *crowd.back();
    };
    const auto lists = [](const FakeConnection& peer) {
        return std::ranges::count_if(peer.sent, [](const std::string& text) {
            return text.find(R"("room_list")") != text.npos;
        });
    };
    for (int i = 0; i < 60; ++i) {
        EXPECT_EQ(lists(come()), 1) << "at once, while it is short and nobody waits";
        crowd.back()->take();
    }
    shards.forget_all();
    RoomSummary summary;
    summary.name = std::string(100, 'n');
    for (int i = 0; i < 255; ++i) {
        summary.id = room(i);
        directory.put(summary, clock.now());
    }
    // So far ahead of the clock that new connections meet a shard that has sent enough.
    ServerTime now = clock.now() + std::chrono::hours{1};
    sessions.flush_directory(now);
    const auto served = std::ranges::count_if(crowd, [&](auto& peer) { return lists(*peer) == 1; });
    EXPECT_GT(served, 0);
    EXPECT_LT(served, 20) << "ten milliseconds' worth";

    FakeConnection& newcomer = come();
    EXPECT_EQ(lists(newcomer), 0);
    say(newcomer, "list_rooms");
    EXPECT_EQ(lists(newcomer), 1) << "who asks does not wait";
    newcomer.take();
    FakeConnection& member = come();
    (void)enter(member, room(1));

    directory.put({.id = room(255), .name = "The newest"}, clock.now());
    sessions.flush_directory(now);
    int turns = 0;
    for (; sessions.lists_at(); ++turns) {
        now = std::max(now, *sessions.lists_at());
        sessions.wake(now);
    }
    EXPECT_GT(turns, 3);
    for (const auto& peer : crowd) {
        if (peer.get() == &member) {
            EXPECT_EQ(lists(*peer), 0) << "who is in a room needs none";
            continue;
        }
        EXPECT_THAT(peer->sent.back(), HasSubstr("The newest"));
    }
    EXPECT_EQ(std::ranges::count_if(crowd, [&](auto& peer) { return lists(*peer) == 2; }), served)
        << "one each, and another for those who had the older one";
    for (const auto& peer : crowd)
        sessions.closed(*peer, {});
}

TEST_F(SessionsTest, JudgesTokensAndCountsThem) {
    Sessions guarded{{.auth_required = true}, policy, clock, wire, directory, metrics};
    guarded.opened(connection);
    connection.take();
    const auto auth = [&](const std::string& token) {
        guarded.text(connection, R"({"type":"auth","ts":1,"payload":{"token":")" + token + "\"}}",
                     clock.now());
    };
    auth("a.b.c");
    EXPECT_THAT(connection.take(), ElementsAre(HasSubstr("INVALID_TOKEN")));
    auth(auth::mint(policy, "u1", "Ann", "t1", clock.now(), std::chrono::hours{1}));
    EXPECT_THAT(connection.take(), ElementsAre(HasSubstr("auth_success"), HasSubstr("room_list")));
    EXPECT_EQ(metrics.value(Metric::tokens_refused), 1);
    EXPECT_EQ(metrics.value(Metric::tokens_accepted), 1);
    EXPECT_EQ(metrics.errors(ErrorCode::invalid_token), 1);
    guarded.closed(connection, {});
}

TEST_F(SessionsTest, SignsOutWhoseTokenIsNotBelievedAnyMore) {
    Sessions guarded{{.auth_required = true}, policy, clock, wire, directory, metrics};
    FakeConnection stays;
    FakeConnection waits; // has shown nothing yet
    for (FakeConnection* each : {&connection, &stays, &waits})
        guarded.opened(*each);
    const auto sign_in = [&](FakeConnection& peer, const std::string& token_id, Duration lasts) {
        guarded.text(peer,
                     R"({"type":"auth","ts":1,"payload":{"token":")" +
                         auth::mint(policy, "u1", "Ann", token_id, clock.now(), lasts) + "\"}}",
                     clock.now());
    };
    sign_in(connection, "stolen", std::chrono::hours{1});
    sign_in(stays, "mine", std::chrono::hours{1});
    auth::TokenPolicy wary = policy;
    wary.revoked = {"stolen"};
    guarded.believe(wary, clock.now());
    EXPECT_EQ(connection.closed, CloseCode::signed_out);
    EXPECT_EQ(stays.closed, std::nullopt);
    EXPECT_EQ(waits.closed, std::nullopt);
    guarded.believe(wary, clock.now() + std::chrono::hours{2});
    EXPECT_EQ(stays.closed, std::nullopt) << "that it has run out ends no party";

    auth::TokenPolicy other = policy;
    other.key = auth::Secret{std::string(32, 'o')};
    guarded.believe(other, clock.now());
    EXPECT_EQ(stays.closed, CloseCode::signed_out) << "its key is gone";
    for (FakeConnection* each : {&connection, &stays, &waits})
        guarded.closed(*each, {});
}

TEST_F(SessionsTest, SignsInWhomTheGatewayNames) {
    Sessions guarded{{.auth_required = true}, std::nullopt, clock, wire, directory, metrics};
    connection.user = {"u1", "Ann"};
    guarded.opened(connection);
    EXPECT_THAT(connection.take(), ElementsAre(HasSubstr("client_hello"), HasSubstr("room_list")));
    guarded.text(connection, R"({"type":"auth","ts":1,"payload":{}})", clock.now());
    EXPECT_THAT(connection.take(), ElementsAre(HasSubstr(R"("user_name":"Ann")")));
    guarded.closed(connection, {});
}

TEST_F(SessionsTest, WakesWhoMustPingOrEnd) {
    Sessions guarded{{.auth_required = true}, policy, clock, wire, directory, metrics};
    guarded.opened(connection);
    const auto when = guarded.wake_at();
    ASSERT_TRUE(when);
    guarded.wake(*when);
    EXPECT_EQ(connection.closed, CloseCode::authentication_timeout);
    guarded.closed(connection, {});

    FakeConnection idle;
    open(idle);
    const int at_first = idle.pings;
    sessions.wake(*sessions.wake_at());
    EXPECT_EQ(idle.pings, at_first + 1);
}

TEST_F(SessionsTest, SaysFarewellToAllWhenTheServerStops) {
    FakeConnection second;
    open(connection);
    open(second);
    sessions.stop();
    EXPECT_EQ(connection.closed, CloseCode::service_restart);
    EXPECT_EQ(second.closed, CloseCode::service_restart);
}

TEST_F(SessionsTest, EndsAConnectionThatSpeaksBinary) {
    open(connection);
    sessions.binary(connection, clock.now());
    EXPECT_EQ(connection.closed, CloseCode::unsupported_data);
}

/// Says yes to one user, and no to all others, at once.
class FakeAuthority final : public AccessAuthority {
public:
    void ask(AccessQuestion question, std::function<void(bool)> answer) override {
        credentials.emplace_back(question.credential.reveal());
        answer(question.user_id == "ann");
    }
    std::vector<std::string> credentials;
};

class SessionsWithAccessTest : public SessionsTest {
protected:
    SessionsWithAccessTest() {
        sessions.check_access(authority,
                              [this](AccessCache::Task task) { tasks.push_back(std::move(task)); });
    }
    void come_in(FakeConnection& peer, const std::string& user) {
        peer.user = net::GatewayUser{user, user};
        open(peer);
    }
    void settle() {
        for (; !tasks.empty(); tasks.pop_front())
            tasks.front()();
    }

    FakeAuthority authority;
    std::deque<AccessCache::Task> tasks;
    FakeConnection outsider;
    const MediaId film{{1}};
};

TEST_F(SessionsWithAccessTest, ListsOnlyRoomsWhoseTitleTheUserMaySee) {
    come_in(connection, "ann");
    come_in(outsider, "bob");
    become_v2(outsider);
    say(outsider, "subscribe_rooms");
    outsider.take();
    directory.put({.id = room(1), .name = "Film", .host_name = "Ann", .media_id = film},
                  clock.now());
    sessions.flush_directory(clock.now());
    EXPECT_THAT(connection.take(), ElementsAre(testing::Not(HasSubstr("Film")))) << "not known yet";
    EXPECT_THAT(outsider.take(), IsEmpty());
    settle();
    EXPECT_TRUE(directory.flush_at());
    sessions.flush_directory(clock.now());
    EXPECT_THAT(connection.take(), ElementsAre(HasSubstr("Film")));
    EXPECT_THAT(outsider.take(), IsEmpty());
    say(outsider, "list_rooms");
    EXPECT_THAT(outsider.take(), ElementsAre(testing::Not(HasSubstr("Film"))));
}

TEST_F(SessionsWithAccessTest, AnswersARoomForTheUserThatItAsksAbout) {
    come_in(connection, "ann");
    say(connection, "join_room", "{}", room(1));
    const ClientId id = shards.take<RoomCommand>().at(0).sender.client;
    const auto verdict = [&](const std::string& user) {
        sessions.on(AskAccess{room(1), {id, user, film}});
        settle();
        return std::get<core::AccessVerdict>(shards.take<RoomCommand>().at(0).event).allowed;
    };
    EXPECT_TRUE(verdict("ann"));
    EXPECT_FALSE(verdict("bob")) << "another than who is connected";
    sessions.on(AskAccess{room(1), {client(99), "ann", film}});
    EXPECT_THAT(shards.take<RoomCommand>(), IsEmpty()) << "who has gone";
}

// ---- who they are in a Jellyfin elsewhere ------------------------------------------------------

class SessionsWithJellyfinTest : public SessionsTest {
protected:
    SessionsWithJellyfinTest() {
        guarded.ask_jellyfin(desk, [this](AccessCache::Task task) {
            const std::lock_guard lock{mutex};
            tasks.push_back(std::move(task));
        });
        guarded.opened(connection);
        connection.take();
    }
    void show(const std::string& token) {
        guarded.text(connection, R"({"type":"auth","ts":1,"payload":{"token":")" + token + "\"}}",
                     clock.now());
    }
    /// Runs what came of the questions about this token, which Jellyfin has been asked.
    void settle(const std::string& token) {
        std::promise<void> answered;
        desk.sign_in(token, {}, [&](const edge::TokenVerdict&) { answered.set_value(); });
        ASSERT_EQ(answered.get_future().wait_for(net::test::patience), std::future_status::ready);
        const std::lock_guard lock{mutex};
        for (; !tasks.empty(); tasks.pop_front())
            tasks.front()();
    }
    void sign_in(const std::string& token) {
        show(token);
        settle(token);
        ASSERT_THAT(connection.take(),
                    ElementsAre(HasSubstr("auth_success"), HasSubstr("room_list")));
        jellyfin.take_asked();
    }
    /// As much later as the answer is good for.
    void ask_again() {
        later = later.load() + sign_in_kept;
        guarded.ask_again(clock.now() + sign_in_kept);
    }

    std::atomic<Duration> later{Duration{0}};
    std::mutex mutex;
    std::deque<AccessCache::Task> tasks;
    test::FakeJellyfin jellyfin;
    JellyfinDesk desk{jellyfin.client(), [this] { return clock.now() + later.load(); }};
    Sessions guarded{{.auth_required = true}, policy, clock, wire, directory, metrics};
};

TEST_F(SessionsWithJellyfinTest, SignsInWhoJellyfinSaysTheyAre) {
    jellyfin.let_in("t", "Ann");
    show("t");
    settle("t");
    EXPECT_THAT(connection.take(), ElementsAre(AllOf(HasSubstr("auth_success"), HasSubstr("Ann")),
                                               HasSubstr("room_list")));
    EXPECT_EQ(metrics.value(Metric::tokens_accepted), 1);
}

TEST_F(SessionsWithJellyfinTest, RefusesWhomJellyfinDoesNotKnow) {
    show("t");
    settle("t");
    EXPECT_THAT(connection.take(), ElementsAre(HasSubstr("INVALID_TOKEN")));
    EXPECT_EQ(metrics.value(Metric::tokens_refused), 1);
}

TEST_F(SessionsWithJellyfinTest, TheTokenThatCameLastCounts) {
    jellyfin.let_in("a", "Ann");
    jellyfin.let_in("b", "Bob");
    jellyfin.hold();
    show("a");
    show("b");
    jellyfin.release();
    settle("a");
    settle("b");
    EXPECT_THAT(connection.take(), ElementsAre(AllOf(HasSubstr("auth_success"), HasSubstr("Bob")),
                                               HasSubstr("room_list")));
}

TEST_F(SessionsWithJellyfinTest, AJwtIsJudgedWithoutJellyfin) {
    show(auth::mint(policy, "u1", "Ann", "t1", clock.now(), std::chrono::hours{1}));
    EXPECT_THAT(connection.take(), ElementsAre(HasSubstr("auth_success"), HasSubstr("room_list")));
    show("a.b.c");
    EXPECT_THAT(connection.take(), ElementsAre(HasSubstr("INVALID_TOKEN")));
    ask_again();
    EXPECT_THAT(jellyfin.take_asked(), IsEmpty());
}

TEST_F(SessionsWithJellyfinTest, WhoHasGoneIsToldNothing) {
    jellyfin.let_in("t", "Ann");
    jellyfin.hold();
    show("t");
    guarded.closed(connection, {.code = 1006, .by_peer = true, .reason = {}});
    jellyfin.release();
    settle("t");
    EXPECT_THAT(connection.take(), IsEmpty());
}

TEST_F(SessionsWithJellyfinTest, ClosesWhoIsRemovedInMidParty) {
    jellyfin.let_in("t", "Ann");
    sign_in("t");
    ask_again();
    settle("t");
    EXPECT_EQ(connection.closed, std::nullopt) << "still there";
    EXPECT_THAT(jellyfin.take_asked(), ElementsAre("/Users/Me"));
    jellyfin.throw_out("t");
    guarded.ask_again(clock.now() + sign_in_kept);
    settle("t");
    EXPECT_EQ(connection.closed, std::nullopt) << "its minute is not over";
    later = later.load() + sign_in_kept;
    guarded.ask_again(clock.now() + 2 * sign_in_kept);
    settle("t");
    EXPECT_EQ(connection.closed, CloseCode::signed_out);
}

TEST_F(SessionsWithJellyfinTest, ClosesWhoMayWatchNoMore) {
    jellyfin.let_in("t", "Ann");
    sign_in("t");
    jellyfin.let_in("t", "Ann", R"({"IsDisabled":true})");
    ask_again();
    settle("t");
    EXPECT_EQ(connection.closed, CloseCode::signed_out);
}

TEST_F(SessionsWithJellyfinTest, APartyOutlivesAJellyfinThatIsAway) {
    jellyfin.let_in("t", "Ann");
    sign_in("t");
    jellyfin.set("t", "503 Service Unavailable");
    ask_again();
    settle("t");
    EXPECT_THAT(jellyfin.take_asked(), ElementsAre("/Users/Me"));
    EXPECT_EQ(connection.closed, std::nullopt);
    EXPECT_THAT(connection.take(), IsEmpty());
}

} // namespace
} // namespace owp::app
