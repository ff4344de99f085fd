// Text to value and back, for the messages that a party is made of.
#include "micro/paths.hpp"

#include "protocol/codec.hpp"

#include <iterator>
#include <utility>

namespace owp::micro {
namespace {

ClientId client(std::uint8_t number) {
    return {{0xc1, 0x1e, 0x47, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, number}};
}
RoomId room(std::uint8_t number) {
    return {{0x40, 0x0a, 0x35, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, number}};
}
const MediaId media{{0x5f, 0x3b, 0x11, 0x09, 0xaa, 0xc4, 0x0d, 0x7e, 1, 2, 3, 4, 5, 6, 7, 8}};
const ServerTime now{Duration{1'764'372'000'123'456}};
const Timeline timeline{
    .media_id = media, .position_seconds = 1834.217, .playing = true, .at = now, .seq = 117};

std::vector<Participant> participants() {
    std::vector<Participant> all;
    for (std::uint8_t i = 0; i < 20; ++i)
        all.push_back({.id = client(i),
                       .name = "Somebody " + std::to_string(i),
                       .is_host = i == 0,
                       .status = ParticipantStatus::playing,
                       .offset_ms = -3.25,
                       .delay_ms = 17.5});
    return all;
}

to_client::RoomList list() {
    to_client::RoomList list;
    for (std::uint8_t i = 0; i < 100; ++i)
        list.rooms.push_back({.id = room(i),
                              .name = "A room of somebody",
                              .host_name = "Somebody",
                              .count = i % 20U,
                              .media_id = media,
                              .playing = true});
    return list;
}

/// Frames as the clients of both dialects send them.
const std::pair<const char*, const char*> frames[] = {
    {"ping/v1",
     R"({"type":"ping","room":"400a3500-0000-4000-8000-000000000001","ts":1764372000123,)"
     R"("payload":{"client_ts":1764372000123}})"},
    {"state_update/v1",
     R"({"type":"state_update","room":"400a3500-0000-4000-8000-000000000001","ts":1764372000123,)"
     R"("payload":{"position":1834.217,"play_state":"playing"}})"},
    {"player_event/v1",
     R"({"type":"player_event","room":"400a3500-0000-4000-8000-000000000001","ts":1764372000123,)"
     R"("payload":{"action":"seek","position":1834.217,"play_state":"playing"}})"},
    {"chat_message/v1",
     R"({"type":"chat_message","room":"400a3500-0000-4000-8000-000000000001","ts":1764372000123,)"
     R"("payload":{"text":"Did you see that? He was behind the door all the time!"}})"},
    {"join_room/v1",
     R"({"type":"join_room","room":"400a3500-0000-4000-8000-000000000001","ts":1764372000123,)"
     R"("payload":{"user_name":"Somebody"}})"},
    {"auth/v2", R"({"type":"auth","ts":1764372000123.5,"payload":{"protocol_version":1,)"
                R"("features":["owp.v2"],"user_name":"Somebody","user_id":"aac40d7e"}})"},
    {"participant_status/v2",
     R"({"type":"participant_status","room":"400a3500-0000-4000-8000-000000000001",)"
     R"("ts":1764372000123.5,"payload":{"status":"playing","offset_ms":-3.25,"delay_ms":17.5}})"},
};

std::pair<const char*, ServerMessage> messages[] = {
    {"pong", to_client::Pong{.room = room(1),
                             .payload_json = R"({"client_ts":1764372000123})",
                             .received = now}},
    {"state_update", to_client::StateUpdate{.room = room(1),
                                            .client = client(1),
                                            .position_seconds = 1834.217,
                                            .play_state = PlayState::playing,
                                            .ts = 1764372000123,
                                            .timeline = timeline}},
    {"player_event", to_client::PlayerEvent{.room = room(1),
                                            .client = client(1),
                                            .action = PlayerAction::seek,
                                            .position_seconds = 1834.217,
                                            .play_state = PlayState::playing,
                                            .ts = 1764372000123,
                                            .target = now,
                                            .timeline = timeline}},
    {"chat_message",
     to_client::ChatMessage{.room = room(1),
                            .client = client(1),
                            .user_name = "Somebody",
                            .text = "Did you see that? He was behind the door all the time!"}},
    {"participants_update", to_client::ParticipantsUpdate{.room = room(1),
                                                          .participant_count = 20,
                                                          .participants = participants()}},
    {"room_state", to_client::RoomState{.room = room(1),
                                        .client = client(1),
                                        .name = "A room of somebody",
                                        .host = client(0),
                                        .participant_count = 20,
                                        .timeline = timeline,
                                        .participants = participants(),
                                        .waiting = std::nullopt}},
    {"room_list_of_100", list()},
};

} // namespace

std::vector<Path> codec_paths() {
    std::vector<Path> paths;
    for (const auto& [name, text] : frames)
        paths.push_back({std::string{"decode/"} + name, [text = std::string{text}](std::size_t n) {
                             for (std::size_t i = 0; i < n; ++i)
                                 keep(decode(text));
                         }});
    for (const auto& [name, message] : messages)
        for (const Dialect dialect : {Dialect::v1, Dialect::v2})
            paths.push_back(
                {std::string{"encode/"} + name + (dialect == Dialect::v1 ? "/v1" : "/v2"),
                 [&message = message, dialect](std::size_t n) {
                     for (std::size_t i = 0; i < n; ++i)
                         keep(encode(message, dialect, now));
                 }});
    return paths;
}

} // namespace owp::micro
