// Any bytes as a frame. What decodes is within its limits, and what the server would relay of it
// encodes in both dialects to valid JSON of at most 64 KiB that says the same.
#include "protocol/codec.hpp"
#include "protocol/json.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace owp;
namespace bj = boost::json;

constexpr ServerTime now{Duration{1'767'225'600'123'456}};

void require(bool holds) {
    if (!holds)
        std::abort();
}

bj::value encoded(const ServerMessage& message, Dialect dialect) {
    const std::string frame = encode(message, dialect, now);
    require(!frame.empty() && frame.size() <= message_bytes_max);
    std::optional<bj::value> value = json::parse(frame, {});
    require(value.has_value());
    return *std::move(value);
}

void require_text(const std::string& text, std::size_t code_points_max) {
    require(count_code_points(text) <= code_points_max);
    require(clean_text(text, code_points_max) == text);
}

/// As somebody else would hear it.
void require_relayed(const std::string& text) {
    const ServerMessage message = to_client::ChatMessage{{}, {}, text, text};
    for (const Dialect dialect : {Dialect::v1, Dialect::v2}) {
        const bj::value value = encoded(message, dialect);
        require(value.at("payload").at("text").as_string() == text);
        require(value.at("payload").at("username").as_string() == text);
    }
}

void require_position(double seconds) {
    require(seconds >= 0 && seconds <= position_seconds_max);
    for (const Dialect dialect : {Dialect::v1, Dialect::v2}) {
        const bj::value value =
            encoded(to_client::StateUpdate{.position_seconds = seconds}, dialect);
        require(value.at("payload").at("position").to_number<double>() == seconds);
    }
}

struct Check {
    void operator()(const from_client::Invalid& m) const {
        require(name_of(m.code) != "UNKNOWN");
        encoded(to_client::Error{m.code, m.message}, Dialect::v1);
    }
    void operator()(const from_client::Auth& m) const {
        require(!m.token || !m.token->empty());
        require_text(m.user_name, user_name_code_points_max);
        require_text(m.user_id, user_id_code_points_max);
        require_relayed(m.user_name);
    }
    void operator()(const from_client::CreateRoom& m) const {
        require_position(m.start_position_seconds);
        require_text(m.user_name, user_name_code_points_max);
    }
    void operator()(const from_client::JoinRoom& m) const {
        require_text(m.user_name, user_name_code_points_max);
    }
    void operator()(const from_client::PlayerEvent& m) const {
        require(m.ts >= 0 && m.ts < ts_max);
        require_position(m.position_seconds);
    }
    void operator()(const from_client::StateUpdate& m) const {
        require(m.ts >= 0 && m.ts < ts_max);
        require_position(m.position_seconds);
    }
    void operator()(const from_client::Ping& m) const {
        const to_client::Pong pong{m.room, m.payload_json, now};
        const std::optional<bj::value> payload = json::parse(m.payload_json, {});
        require(payload && payload->is_object());
        require(encoded(pong, Dialect::v1).at("payload") == *payload);
        // v2 adds two members: what fills the limit of members is then one too many for our own
        // parser, not for a client's. The parser counts those of the same name, too.
        if (std::ranges::count(m.payload_json, ':') + 2 <= std::ptrdiff_t{json_object_members_max})
            require(encoded(pong, Dialect::v2)
                        .at("payload")
                        .get_object()
                        .contains("server_transmit_ts"));
    }
    void operator()(const from_client::ChatMessage& m) const {
        require(!m.text.empty());
        require_text(m.text, chat_code_points_max);
        require_relayed(m.text);
    }
    void operator()(const from_client::ClientLog& m) const {
        require_text(m.category, log_category_code_points_max);
        require_text(m.message, log_message_code_points_max);
    }
    void operator()(const from_client::StatusReport& m) const {
        require(!m.offset_ms || std::abs(*m.offset_ms) <= offset_ms_max);
        require(!m.delay_ms || (*m.delay_ms >= 0 && *m.delay_ms <= delay_ms_max));
    }
    template <class Other>
    void operator()(const Other&) const {} // ids alone, or nothing
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::visit(Check{}, decode(text));

    // A name may come from elsewhere (a token), as any bytes.
    const std::string name = clean_text(text, user_name_code_points_max);
    require_text(name, user_name_code_points_max);
    require_relayed(name);
    return 0;
}
