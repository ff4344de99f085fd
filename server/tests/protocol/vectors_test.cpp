// Runs protocol/vectors: what this file accepts, client/tests/protocol/vectors.test.ts accepts too.
#include "tests/protocol/message_json.hpp"

#include <cmath>

namespace owp::test {
namespace {

bj::array vectors(const char* file) {
    return load_vectors(file).at("vectors").as_array();
}

TEST(CodecVectors, what_a_client_may_send_is_decoded_to_its_value) {
    for (const bj::value& each : vectors("codec/from_client.json")) {
        const bj::object& vector = each.as_object();
        const bj::value got = picture_of(decode(wire_text(vector)));
        EXPECT_TRUE(same(got, vector.at("value"))) << vector.at("name") << ": " << got;
    }
}

TEST(CodecVectors, what_a_client_must_not_send_is_refused_with_its_code) {
    for (const bj::value& each : vectors("codec/from_client_refused.json")) {
        const bj::object& vector = each.as_object();
        const ClientMessage message = decode(wire_text(vector));
        const auto* const refused = std::get_if<from_client::Invalid>(&message);
        ASSERT_NE(refused, nullptr) << vector.at("name");
        EXPECT_EQ(name_of(refused->code), std::string_view(vector.at("refused").as_string()))
            << vector.at("name");
    }
}

TEST(CodecVectors, what_the_server_means_is_encoded_for_each_dialect) {
    for (const bj::value& each : vectors("codec/to_client.json")) {
        const bj::object& vector = each.as_object();
        const Dialect dialect =
            vector.at("dialect").as_string() == "v1" ? Dialect::v1 : Dialect::v2;
        const ServerTime now = Source(each).time("now_us");
        const std::string frame = encode(server_message_of(vector.at("message")), dialect, now);
        if (vector.at("wire").is_null()) {
            EXPECT_TRUE(frame.empty()) << vector.at("name") << ": " << frame;
            continue;
        }
        const std::optional<bj::value> got = json::parse(frame, {});
        ASSERT_TRUE(got) << vector.at("name") << ": " << frame;
        EXPECT_TRUE(same(*got, vector.at("wire"))) << vector.at("name") << ": " << frame;
    }
}

TEST(MathVectors, a_timeline_says_where_the_picture_is) {
    const bj::value file = load_vectors("math/timeline.json");
    const double tolerance = Source(file).number("tolerance_seconds");
    const auto time = [](double ms) { return ServerTime{Duration{std::llround(ms * 1000)}}; };
    for (const bj::value& each : file.at("vectors").as_array()) {
        const Source in(each.at("timeline"));
        const Timeline line{.media_id = std::nullopt,
                            .position_seconds = in.number("position"),
                            .rate = in.number("rate"),
                            .playing = in.flag("playing"),
                            .at = time(in.number("at")),
                            .seq = in.count("seq")};
        for (const bj::value& pair : each.at("at_time").as_array()) {
            const Source expected(pair);
            EXPECT_NEAR(line.position_at(time(expected.number("time"))),
                        expected.number("position"), tolerance)
                << each.at("name");
        }
    }
}

} // namespace
} // namespace owp::test
