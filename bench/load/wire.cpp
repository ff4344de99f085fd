#include "load/wire.hpp"

#include <charconv>
#include <cstdio>

namespace owp::load {
namespace {

// A server relays the sender's own `ts` of commands and reports unchanged: it carries the message's
// number. Far from now, so that a server's own time is never taken for one.
constexpr std::int64_t number_base_ms = 1'000'000'000'000; // September 2001
constexpr std::int64_t numbers_max = 100'000'000'000;
constexpr std::string_view chat_mark = "number ";

std::string envelope(std::string_view type, std::string_view room, std::int64_t ts,
                     std::string_view payload) {
    std::string text = R"({"type":")";
    text.append(type).append("\",");
    if (!room.empty())
        text.append(R"("room":")").append(room).append("\",");
    text.append(R"("payload":)").append(payload);
    return text.append(R"(,"ts":)").append(std::to_string(ts)).append("}");
}

template <class Number>
std::optional<Number> number_after(std::string_view message, std::string_view mark) {
    const std::size_t at = message.find(mark);
    if (at == message.npos)
        return std::nullopt;
    Number number = 0;
    const char* from = message.data() + at + mark.size();
    const auto [end, error] = std::from_chars(from, message.data() + message.size(), number);
    return error == std::errc{} ? std::optional{number} : std::nullopt;
}

} // namespace

std::string upgrade_request() {
    return "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
    out.push_back(static_cast<char>(0x80 | static_cast<int>(opcode)));
    if (payload.size() < 126) {
        out.push_back(static_cast<char>(0x80 | payload.size()));
    } else {
        out.push_back(static_cast<char>(0x80 | 126));
        out.push_back(static_cast<char>(payload.size() >> 8));
        out.push_back(static_cast<char>(payload.size() & 0xff));
    }
    out.append(4, '\0');
    out.append(payload);
}

std::optional<ReceivedFrame> take_frame(std::string_view& bytes) {
    if (bytes.size() < 2)
        return std::nullopt;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    std::size_t head = 2;
    std::uint64_t size = byte(1) & 0x7f;
    if (size >= 126) {
        const std::size_t length_bytes = size == 126 ? 2 : 8;
        head += length_bytes;
        if (bytes.size() < head)
            return std::nullopt;
        size = 0;
        for (std::size_t i = 2; i < head; ++i)
            size = size << 8 | byte(i);
    }
    if (bytes.size() - head < size)
        return std::nullopt;
    const ReceivedFrame frame{static_cast<Opcode>(byte(0) & 0x0f), bytes.substr(head, size)};
    bytes.remove_prefix(head + size);
    return frame;
}

std::string create_room_text() {
    return envelope("create_room", {}, number_base_ms, R"({"start_pos":0,"user_name":"Host"})");
}
std::string join_room_text(std::string_view room) {
    return envelope("join_room", room, number_base_ms, R"({"user_name":"Guest"})");
}
std::string leave_room_text(std::string_view room) {
    return envelope("leave_room", room, number_base_ms, "{}");
}
std::string ready_text(std::string_view room) {
    return envelope("ready", room, number_base_ms,
                    std::string{R"({"room":")"}.append(room).append("\"}"));
}
std::string ping_text(std::int64_t nanoseconds) {
    return envelope("ping", {}, number_base_ms,
                    R"({"client_ts":)" + std::to_string(nanoseconds) + "}");
}
std::string chat_text(std::string_view room, std::size_t number) {
    return envelope("chat_message", room, number_base_ms,
                    std::string{R"({"text":")"}
                        .append(chat_mark)
                        .append(std::to_string(number))
                        .append(R"( of a load"})"));
}

std::string playback_text(std::string_view room, std::size_t number, std::string_view action,
                          double position_seconds, bool playing) {
    char position[32];
    static_cast<void>(std::snprintf(position, sizeof position, "%.3f", position_seconds));
    std::string payload = "{";
    if (!action.empty())
        payload.append(R"("action":")").append(action).append("\",");
    payload.append(R"("position":)").append(position);
    payload.append(R"(,"play_state":")").append(playing ? "playing" : "paused").append("\"}");
    return envelope(action.empty() ? "state_update" : "player_event", room,
                    number_base_ms + static_cast<std::int64_t>(number), payload);
}

std::string_view text_field(std::string_view message, std::string_view name) {
    std::string mark;
    mark.reserve(name.size() + 4);
    mark.append("\"").append(name).append("\":\"");
    const std::size_t at = message.find(mark);
    if (at == message.npos)
        return {};
    message.remove_prefix(at + mark.size());
    return message.substr(0, message.find('"'));
}

std::string_view type_of(std::string_view message) {
    return text_field(message, "type");
}

std::optional<std::size_t> number_of(std::string_view message, std::string_view type) {
    if (type == "chat_message")
        return number_after<std::size_t>(message, chat_mark);
    if (type != "player_event" && type != "state_update")
        return std::nullopt;
    const auto ts = number_after<std::int64_t>(message, R"("ts":)");
    if (!ts || *ts < number_base_ms || *ts >= number_base_ms + numbers_max)
        return std::nullopt;
    return static_cast<std::size_t>(*ts - number_base_ms);
}

std::optional<std::int64_t> pong_nanoseconds(std::string_view message) {
    return number_after<std::int64_t>(message, R"("client_ts":)");
}

} // namespace owp::load
