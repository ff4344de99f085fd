#include "load/wire.hpp"

#include <gtest/gtest.h>

namespace owp::load {
namespace {

/// As a server sends it.
std::string frame_of(std::size_t size) {
    std::string frame{'\x81'};
    if (size < 126) {
        frame.push_back(static_cast<char>(size));
    } else if (size <= 0xffff) {
        frame += {126, static_cast<char>(size >> 8), static_cast<char>(size & 0xff)};
    } else {
        frame += std::string{127, 0, 0, 0, 0, 0, static_cast<char>(size >> 16)};
        frame += {static_cast<char>(size >> 8 & 0xff), static_cast<char>(size & 0xff)};
    }
    return frame + std::string(size, 'x');
}

TEST(Wire, TakesFramesOfEveryLengthOneByOne) {
    for (const std::size_t size : {0U, 1U, 125U, 126U, 65'535U, 65'536U}) {
        const std::string two = frame_of(size) + frame_of(3);
        std::string_view bytes = two;
        const auto first = take_frame(bytes);
        ASSERT_TRUE(first) << size;
        EXPECT_EQ(first->opcode, Opcode::text);
        EXPECT_EQ(first->payload.size(), size);
        ASSERT_TRUE(take_frame(bytes));
        EXPECT_TRUE(bytes.empty());
    }
}

TEST(Wire, WaitsForTheRestOfAFrame) {
    const std::string whole = frame_of(200);
    for (std::size_t part = 0; part < whole.size(); ++part) {
        std::string_view bytes = std::string_view{whole}.substr(0, part);
        EXPECT_FALSE(take_frame(bytes)) << part;
        EXPECT_EQ(bytes.size(), part);
    }
}

TEST(Wire, MasksWithZeros) {
    std::string frame;
    append_frame(frame, Opcode::text, "abc");
    EXPECT_EQ(frame, std::string("\x81\x83\0\0\0\0abc", 9));
}

TEST(Wire, FindsTheNumberOfWhatAServerRelays) {
    EXPECT_EQ(number_of(chat_text("r", 42), "chat_message"), 42U);
    EXPECT_EQ(number_of(playback_text("r", 43, "seek", 1.5, true), "player_event"), 43U);
    EXPECT_EQ(number_of(playback_text("r", 44, "", 1.5, true), "state_update"), 44U);
}

TEST(Wire, TakesNothingElseForAMessageOfOurs) {
    // A state_update of the server's own carries its clock
    EXPECT_FALSE(
        number_of(R"({"type":"state_update","ts":1790000000000,"server_ts":1})", "state_update"));
    EXPECT_FALSE(number_of(R"({"type":"state_update","server_ts":1000000000001})", "state_update"));
    EXPECT_FALSE(number_of(chat_text("r", 42), "room_state"));
}

TEST(Wire, ReadsTextFieldsWhereverTheyStand) {
    constexpr std::string_view message = R"({"room":"abc","payload":{},"type":"room_state"})";
    EXPECT_EQ(type_of(message), "room_state");
    EXPECT_EQ(text_field(message, "room"), "abc");
    EXPECT_EQ(text_field(message, "client"), "");
}

TEST(Wire, GetsBackWhatAPingCarried) {
    EXPECT_EQ(pong_nanoseconds(ping_text(123'456'789)), 123'456'789);
}

} // namespace
} // namespace owp::load
