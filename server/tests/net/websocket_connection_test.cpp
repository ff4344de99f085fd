#include "tests/net/support.hpp"

#include <vector>

namespace owp::net::test {
namespace {

struct Session {
    explicit Session(ListenOptions options = quick_options()) : server{std::move(options)} {
        EXPECT_EQ(status_of(client.upgrade()), "101");
        EXPECT_EQ(server.next(), "open:127.0.0.1");
    }
    /// On the server's thread, with the connection.
    void with_connection(std::function<void(Connection&)> work) {
        server.run([&] {
            ASSERT_EQ(server.connections.size(), 1u);
            work(*server.connections.front());
        });
    }
    TestServer server;
    RawClient client{server};
};

TEST(WebSocketConnection, AnswersTheHandshake) {
    TestServer server;
    RawClient client{server};
    const std::string head = client.upgrade("Origin: http://localhost:8096\r\n");
    EXPECT_EQ(status_of(head), "101");
    EXPECT_EQ(header_of(head, "Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(header_of(head, "Sec-WebSocket-Extensions"), "");
}

TEST(WebSocketConnection, DeliversText) {
    Session session;
    session.client.send_frame(1, "hello");
    EXPECT_EQ(session.server.next(), "text:hello");
    session.client.send_frame(1, "");
    EXPECT_EQ(session.server.next(), "text:");
}

TEST(WebSocketConnection, DeliversManyMessagesOfOneSegmentInOrder) {
    Session session;
    std::string bytes;
    for (int i = 0; i < 500; ++i)
        bytes += RawClient::masked_frame(1, "message " + std::to_string(i));
    session.client.send(bytes);
    for (int i = 0; i < 500; ++i)
        ASSERT_EQ(session.server.next(), "text:message " + std::to_string(i));
}

TEST(WebSocketConnection, DeliversMessagesUpToTheLimitWhole) {
    Session session;
    for (const std::size_t size : {255U, 256U, 257U, 1535U, 1536U, 1537U, 65'536U}) {
        const std::string text(size, 'x');
        session.client.send_frame(1, text);
        EXPECT_EQ(session.server.next(), "text:" + text) << size;
    }
}

TEST(WebSocketConnection, JoinsFragmentsAndAnswersThePingBetweenThem) {
    Session session;
    session.client.send_frame(1, "one ", false);
    session.client.send_frame(9, "are you there");
    session.client.send_frame(0, "", false);
    session.client.send_frame(0, "two", true);
    EXPECT_EQ(session.server.next(), "text:one two");
    const WireFrame pong = session.client.read_frame();
    EXPECT_EQ(pong.opcode, 10);
    EXPECT_EQ(pong.payload, "are you there");
}

TEST(WebSocketConnection, HearsAFloodOfPingsMoreSlowlyAndAnswersAllOfIt) {
    Session session;
    constexpr int pings = 200;
    std::string flood;
    for (int i = 0; i < pings; ++i)
        flood += RawClient::masked_frame(9, std::string(100, 'p'));
    const auto since = std::chrono::steady_clock::now();
    session.client.send(flood + RawClient::masked_frame(1, "behind"));
    for (int i = 0; i < pings; ++i)
        ASSERT_EQ(session.client.read_frame().opcode, 10);
    EXPECT_EQ(session.server.next(), "text:behind");
    EXPECT_GE(std::chrono::steady_clock::now() - since, std::chrono::seconds{1});
}

TEST(WebSocketConnection, ReadsNothingForAsLongAsItIsToldTo) {
    Session session;
    constexpr std::chrono::milliseconds held{300};
    session.server.run([&] {
        session.server.on_text = [&](Connection& connection, std::string_view text) {
            if (text == "too much")
                connection.hold_reads(held);
        };
    });
    const auto since = std::chrono::steady_clock::now();
    session.client.send_frame(1, "too much");
    EXPECT_EQ(session.server.next(), "text:too much");
    session.client.send_frame(1, "more");
    EXPECT_EQ(session.server.next(), "text:more");
    EXPECT_GE(std::chrono::steady_clock::now() - since, held);
}

TEST(WebSocketConnection, LetsTheKernelTakeLittleOfWhoIsNotRead) {
    Session session;
    session.server.run([&] {
        session.server.on_text = [](Connection& connection, std::string_view) {
            connection.hold_reads(std::chrono::hours{1});
        };
    });
    session.client.send_frame(1, "too much");
    EXPECT_EQ(session.server.next(), "text:too much");
    EXPECT_LT(session.client.pour(std::size_t{1024} * 1024), std::size_t{256} * 1024);
}

TEST(WebSocketConnection, SurvivesBytesThatComeOneByOne) {
    Session session;
    for (const char byte : RawClient::masked_frame(1, "drop by drop"))
        ASSERT_TRUE(session.client.send({&byte, 1}));
    EXPECT_EQ(session.server.next(), "text:drop by drop");
}

TEST(WebSocketConnection, TellsOfBinary) {
    Session session;
    session.client.send_frame(2, std::string(1000, '\0'));
    EXPECT_EQ(session.server.next(), "binary");
    session.client.send_frame(1, "still here");
    EXPECT_EQ(session.server.next(), "text:still here");
}

struct Violation {
    std::string name;
    std::string bytes;
    std::string close_code;
};

TEST(WebSocketConnection, ClosesOnViolationsWithTheirCode) {
    std::string unmasked = RawClient::masked_frame(1, "hi");
    unmasked = std::string{unmasked[0]} + '\x02' + "hi";
    const std::vector<Violation> violations{
        {"too large", RawClient::masked_frame(1, std::string(65'537, 'x')), "1009"},
        {"too large in fragments",
         RawClient::masked_frame(1, std::string(40'000, 'x'), false) +
             RawClient::masked_frame(0, std::string(40'000, 'x')),
         "1009"},
        {"length beyond 63 bits",
         std::string{"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff"} + std::string(4, '\0'), "1009"},
        {"not UTF-8", RawClient::masked_frame(1, "\xc3\x28"), "1007"},
        {"UTF-8 cut off", RawClient::masked_frame(1, "\xe2\x82"), "1007"},
        {"UTF-8 cut off by an empty last fragment",
         RawClient::masked_frame(1, "\xe2\x82", false) + RawClient::masked_frame(0, ""), "1007"},
        {"not masked", unmasked, "1002"},
        {"reserved bit", std::string{"\xc1\x80"} + std::string(4, '\0'), "1002"},
        {"reserved opcode", RawClient::masked_frame(3, "x"), "1002"},
        {"fragmented ping", RawClient::masked_frame(9, "x", false), "1002"},
        {"long ping", RawClient::masked_frame(9, std::string(126, 'x')), "1002"},
        {"continues nothing", RawClient::masked_frame(0, "x"), "1002"},
        {"new message inside another",
         RawClient::masked_frame(1, "x", false) + RawClient::masked_frame(1, "y"), "1002"},
        {"close code 1005", RawClient::masked_frame(8, std::string{"\x03\xed"}), "1002"},
        {"close of one byte", RawClient::masked_frame(8, "x"), "1002"},
    };
    for (const Violation& violation : violations) {
        SCOPED_TRACE(violation.name);
        Session session;
        session.client.send(violation.bytes);
        EXPECT_EQ(session.client.read_close(), violation.close_code);
        EXPECT_EQ(session.server.next(), "close:" + violation.close_code + ":us");
        session.client.finish_sending();
        EXPECT_TRUE(session.client.ended_cleanly());
        EXPECT_TRUE(session.server.settles_at(0));
    }
}

TEST(WebSocketConnection, EchoesThePeersClose) {
    Session session;
    session.client.send_frame(8, std::string{"\x03\xe8"} + "bye");
    EXPECT_EQ(session.server.next(), "close:1000:peer");
    EXPECT_EQ(session.client.read_close(), "1000");
    session.client.finish_sending();
    EXPECT_TRUE(session.client.ended_cleanly());
    EXPECT_TRUE(session.server.settles_at(0));
}

TEST(WebSocketConnection, TellsOfACloseWithoutCode) {
    Session session;
    session.client.send_frame(8, "");
    EXPECT_EQ(session.server.next(), "close:1005:peer");
}

TEST(WebSocketConnection, TellsOfAConnectionThatBreaks) {
    TestServer server;
    {
        RawClient client{server};
        EXPECT_EQ(status_of(client.upgrade()), "101");
        EXPECT_EQ(server.next(), "open:127.0.0.1");
    }
    EXPECT_EQ(server.next(), "close:1006:peer");
    EXPECT_TRUE(server.settles_at(0));
    EXPECT_EQ(server.shared->counters().open_websockets, 0u);
    EXPECT_EQ(server.shared->counters().open_connections, 0u);
}

TEST(WebSocketConnection, SendsFramesOfEveryLengthForm) {
    Session session;
    for (const std::size_t size : {0U, 125U, 126U, 65'535U, 65'536U}) {
        const std::string text(size, 'x');
        session.with_connection([&](Connection& c) { c.send(Frame::text(text)); });
        const WireFrame frame = session.client.read_frame();
        EXPECT_EQ(frame.opcode, 1);
        EXPECT_TRUE(frame.final);
        EXPECT_EQ(frame.payload, text);
    }
}

TEST(WebSocketConnection, KeepsTheOrderOfFramesPingsAndAtOnce) {
    Session session;
    session.with_connection([](Connection& c) {
        c.send(Frame::text("first"));
        c.ping();
        c.send(Frame::text("second"), {.at_once = true});
        c.send(Frame::text("third"));
    });
    EXPECT_EQ(session.client.read_frame().payload, "first");
    EXPECT_EQ(session.client.read_frame().opcode, 9);
    EXPECT_EQ(session.client.read_frame().payload, "second");
    EXPECT_EQ(session.client.read_frame().payload, "third");
}

TEST(WebSocketConnection, AnswersWhatCameInOneReadInOneWrite) {
    Session session;
    std::vector<std::size_t> queued;
    session.server.run([&] {
        session.server.on_text = [&](Connection& connection, std::string_view text) {
            connection.send(Frame::text("answer"), {.at_once = text == "at once"});
            queued.push_back(session.server.server->queued_bytes());
        };
    });
    session.client.send(RawClient::masked_frame(1, "any time") +
                        RawClient::masked_frame(1, "at once") +
                        RawClient::masked_frame(1, "any time"));
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(session.client.read_frame().payload, "answer");
    session.server.run([&] {
        EXPECT_EQ(queued, (std::vector<std::size_t>{8, 16, 24}));
        EXPECT_EQ(session.server.server->queued_bytes(), 0u);
    });
}

TEST(WebSocketConnection, SupersedesWhatHasNotLeft) {
    Session session;
    session.with_connection([](Connection& c) {
        c.send(Frame::text("position 1"), {.supersede_key = 7});
        c.send(Frame::text("chat"));
        c.send(Frame::text("other 1"), {.supersede_key = 8});
        c.send(Frame::text("position 2"), {.supersede_key = 7});
    });
    EXPECT_EQ(session.client.read_frame().payload, "chat");
    EXPECT_EQ(session.client.read_frame().payload, "other 1");
    EXPECT_EQ(session.client.read_frame().payload, "position 2");
    EXPECT_EQ(session.server.shared->counters().superseded_frames, 1u);
}

TEST(WebSocketConnection, MeasuresTheRoundTripOfItsOwnPingOnly) {
    Session session;
    session.with_connection([](Connection& c) { c.ping(); });
    const WireFrame ping = session.client.read_frame();
    ASSERT_EQ(ping.opcode, 9);
    session.client.send_frame(10, "unasked");
    session.client.send_frame(10, ping.payload);
    session.client.send_frame(10, ping.payload); // a second answer counts for nothing
    session.client.send_frame(1, "end");
    EXPECT_EQ(session.server.next(), "pong");
    EXPECT_EQ(session.server.next(), "text:end");
}

TEST(WebSocketConnection, ClosesAfterWhatIsQueuedAndTellsTheOwnerOnce) {
    Session session;
    session.with_connection([](Connection& c) {
        c.send(Frame::text("last words"));
        c.close(CloseCode::policy_violation, "enough");
        c.send(Frame::text("too late"));
        c.close(CloseCode::internal_error, "twice");
    });
    EXPECT_EQ(session.server.next(), "close:1008:us");
    session.client.send_frame(1, "unheard");
    EXPECT_EQ(session.client.read_frame().payload, "last words");
    EXPECT_EQ(session.client.read_close(), "1008");
    session.client.send_frame(8, std::string{"\x03\xf0"});
    session.client.finish_sending();
    EXPECT_EQ(session.client.read_all(), "");
    EXPECT_TRUE(session.server.settles_at(0));
}

TEST(WebSocketConnection, CutsALongReasonBetweenCharacters) {
    Session session;
    std::string reason;
    while (reason.size() < 200)
        reason += "\xe2\x82\xac"; // €
    session.with_connection([&](Connection& c) { c.close(CloseCode::going_away, reason); });
    const WireFrame close = session.client.read_frame();
    ASSERT_EQ(close.opcode, 8);
    EXPECT_EQ(close.payload.substr(2), reason.substr(0, 123)); // 41 characters of 3 bytes
}

TEST(WebSocketConnection, CutsOffAPeerThatDoesNotAnswerTheClose) {
    Session session; // close_timeout: 300 ms
    session.with_connection([](Connection& c) { c.close(CloseCode::policy_violation, ""); });
    EXPECT_EQ(session.server.next(), "close:1008:us");
    EXPECT_TRUE(session.server.settles_at(0)); // though the client neither answers nor ends
}

TEST(WebSocketConnection, CutsOffAPeerThatStaysAfterAViolation) {
    Session session;
    session.client.send(RawClient::masked_frame(3, "x"));
    EXPECT_EQ(session.server.next(), "close:1002:us");
    EXPECT_TRUE(session.server.settles_at(0));
}

TEST(WebSocketConnection, BoundsTheQueueOfASlowReceiver) {
    ListenOptions options = quick_options();
    options.send_queue_bytes_max = 100'000;
    TestServer server{options};
    RawClient client{server, 4096};
    ASSERT_EQ(status_of(client.upgrade()), "101");
    EXPECT_EQ(server.next(), "open:127.0.0.1");
    const Frame frame = Frame::text(std::string(2000, 'x'));
    std::size_t queued_max = 0;
    std::size_t sent = 0;
    // What the kernel takes is bounded as well: the notsent mark and what is on its way.
    bool open = true;
    while (open && sent < 10'000'000) {
        server.run([&] {
            open = !server.connections.empty();
            if (!open)
                return;
            server.connections.front()->send(frame);
            queued_max = std::max(queued_max, server.server->queued_bytes());
            sent += frame.size();
        });
    }
    EXPECT_EQ(server.next(), "close:4001:us");
    EXPECT_LE(queued_max, 100'000u);
    EXPECT_LT(sent, 500'000u);
    EXPECT_EQ(server.shared->counters().too_slow, 1u);
    EXPECT_TRUE(server.settles_at(0)); // without its having read anything
}

TEST(WebSocketConnection, ASlowReceiverThatWakesUpReadsWholeFramesAndTheReason) {
    ListenOptions options = quick_options();
    options.send_queue_bytes_max = 50'000;
    options.close_timeout = 5s;
    TestServer server{options};
    RawClient client{server, 4096};
    ASSERT_EQ(status_of(client.upgrade()), "101");
    EXPECT_EQ(server.next(), "open:127.0.0.1");
    const Frame frame = Frame::text(std::string(2000, 'x'));
    for (bool gone = false; !gone;)
        server.run([&] {
            gone = server.connections.empty();
            if (!gone)
                server.connections.front()->send(frame);
        });
    EXPECT_EQ(server.next(), "close:4001:us");
    WireFrame last;
    while ((last = client.read_frame()).opcode == 1)
        ASSERT_EQ(last.payload.size(), 2000u);
    EXPECT_EQ(last.opcode, 8);
    EXPECT_EQ(last.payload.substr(0, 2), "\x0f\xa1"); // 4001
}

TEST(WebSocketConnection, KeepsOnlyTheLatestStateForASlowReceiver) {
    ListenOptions options = quick_options();
    options.send_queue_bytes_max = 50'000;
    TestServer server{options};
    RawClient client{server, 4096};
    ASSERT_EQ(status_of(client.upgrade()), "101");
    EXPECT_EQ(server.next(), "open:127.0.0.1");
    std::string state;
    for (int i = 0; i < 2000; ++i) { // 4 MB, were none dropped
        state = std::to_string(i) + std::string(2000, ' ');
        const Frame frame = Frame::text(state);
        server.run([&] {
            ASSERT_EQ(server.connections.size(), 1u);
            server.connections.front()->send(frame, {.supersede_key = 1});
        });
    }
    std::string last;
    while (last != state) {
        const WireFrame frame = client.read_frame();
        ASSERT_EQ(frame.opcode, 1);
        last = frame.payload;
    }
    EXPECT_GT(server.shared->counters().superseded_frames, 1000u);
}

TEST(WebSocketConnection, ClosesOnPingsWhoseAnswersNobodyReads) {
    ListenOptions options = quick_options();
    options.send_queue_bytes_max = 2'000;
    options.notsent_lowat_bytes = 1'000;
    TestServer server{options};
    RawClient client{server, 4096};
    ASSERT_EQ(status_of(client.upgrade()), "101");
    EXPECT_EQ(server.next(), "open:127.0.0.1");
    std::string pings;
    for (int i = 0; i < 100; ++i)
        pings += RawClient::masked_frame(9, std::string(125, 'x'));
    for (int i = 0; i < 1000 && client.send(pings); ++i) {
    }
    EXPECT_EQ(server.next(), "close:4001:us");
}

TEST(WebSocketConnection, BoundsTheTimeOfAnUnfinishedMessage) {
    ListenOptions options = quick_options();
    options.http_idle_timeout = 200ms;
    Session session{options};
    session.client.send_frame(1, std::string(1000, 'x'), false);
    EXPECT_EQ(session.server.next(), "close:1008:us");
    EXPECT_EQ(session.client.read_close(), "1008");
}

TEST(WebSocketConnection, LetsTheOwnerSendAndCloseFromItsCallbacks) {
    TestServer server;
    server.on_open = [](Connection& c) { c.send(Frame::text("hello")); };
    server.on_text = [](Connection& c, std::string_view) {
        c.send(Frame::text("bye"), {.at_once = true});
        c.close(CloseCode::going_away, "");
    };
    RawClient client{server};
    EXPECT_EQ(status_of(client.upgrade()), "101");
    EXPECT_EQ(client.read_frame().payload, "hello");
    client.send(RawClient::masked_frame(1, "1") + RawClient::masked_frame(1, "2"));
    EXPECT_EQ(client.read_frame().payload, "bye");
    EXPECT_EQ(client.read_close(), "1001");
    EXPECT_EQ(server.next(), "open:127.0.0.1");
    EXPECT_EQ(server.next(), "text:1");
    EXPECT_EQ(server.next(), "close:1001:us"); // and never "text:2"
}

} // namespace
} // namespace owp::net::test
