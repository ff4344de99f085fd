#include "protocol/decode_fields.hpp"

#include "protocol/json_slice.hpp"

#include <cmath>

namespace owp {

namespace bj = boost::json;

Fields::Fields(std::string_view text, const bj::object& message) : text_(text) {
    const std::optional<double> ts = number_at(&message, "ts");
    if (ts && *ts >= 0 && *ts < ts_max)
        ts_ = *ts;
    else
        fail_field("ts");
    const bj::value* const room = find(&message, "room");
    if (room != nullptr && !room->is_string())
        fail_field("room");
    room_ = string_at(&message, "room").value_or(std::string_view{});
    const bj::value* const payload = find(&message, "payload");
    if (payload == nullptr)
        return;
    payload_ = payload->if_object();
    if (payload_ == nullptr)
        fail_field("payload");
}

void Fields::fail(ErrorCode code, std::string sentence) {
    if (!fault_)
        fault_ = from_client::Invalid{code, std::move(sentence)};
}

void Fields::fail_field(std::string_view name) {
    fail(ErrorCode::invalid_message,
         "The field '" + std::string(name) + "' is missing or not what it should be.");
}

const bj::value* Fields::find(const bj::object* object, std::string_view name) {
    const bj::value* const value =
        object == nullptr ? nullptr : object->if_contains({name.data(), name.size()});
    return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string_view> Fields::string_at(const bj::object* object, std::string_view name) {
    const bj::value* const value = find(object, name);
    if (value == nullptr || !value->is_string())
        return std::nullopt;
    return std::string_view(value->get_string());
}

std::optional<double> Fields::number_at(const bj::object* object, std::string_view name) {
    const bj::value* const value = find(object, name);
    if (value == nullptr || !value->is_number())
        return std::nullopt;
    return value->to_number<double>();
}

RoomId Fields::parse_room(std::string_view text, ErrorCode absent) {
    const auto bytes = parse_uuid(text);
    if (text.empty())
        absent == ErrorCode::invalid_message ? fail_field("room") : fail(absent, {});
    else if (!bytes)
        fail(ErrorCode::room_not_found, {});
    return bytes ? RoomId{*bytes} : RoomId{};
}

RoomId Fields::room(ErrorCode absent) {
    return parse_room(room_, absent);
}

RoomId Fields::room_here_or_in_payload() {
    const std::string_view inner = string_at(payload_, "room").value_or(std::string_view{});
    return parse_room(room_.empty() ? inner : room_, ErrorCode::not_in_room);
}

std::optional<RoomId> Fields::optional_room() const {
    const auto bytes = parse_uuid(room_);
    return bytes ? std::optional<RoomId>{RoomId{*bytes}} : std::nullopt;
}

std::optional<std::string> Fields::text(std::string_view name) {
    const bj::value* const value = find(payload_, name);
    if (value == nullptr)
        return std::nullopt;
    const std::optional<std::string_view> text = string_at(payload_, name);
    if (!text)
        fail_field(name);
    return std::string(text.value_or(std::string_view{}));
}

std::string_view Fields::required_text(std::string_view name) {
    const std::optional<std::string_view> text = string_at(payload_, name);
    if (!text)
        fail_field(name);
    return text.value_or(std::string_view{});
}

bool Fields::yes(std::string_view name) {
    const bj::value* const value = find(payload_, name);
    if (value != nullptr && !value->is_bool())
        fail_field(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::string Fields::cleaned(std::string_view name, std::size_t code_points_max) {
    return clean_text(text(name).value_or(std::string{}), code_points_max);
}

double Fields::position(std::string_view name) {
    const std::optional<double> value = number_at(payload_, name);
    if (!value)
        fail_field(name);
    else if (!(*value >= 0 && *value <= position_seconds_max))
        fail(ErrorCode::invalid_position, {});
    return value.value_or(0) + 0.0; // -0 becomes 0
}

double Fields::position_or_zero(std::string_view name) const {
    const double value = number_at(payload_, name).value_or(0);
    return value > 0 && value <= position_seconds_max ? value : 0;
}

std::optional<double> Fields::measurement(std::string_view name, double min, double max) {
    const std::optional<double> value = number_at(payload_, name);
    if (!value && find(payload_, name) != nullptr)
        fail_field(name);
    return value && *value >= min && *value <= max ? value : std::nullopt;
}

std::optional<int> Fields::protocol_version() const {
    if (find(payload_, "protocol_version") == nullptr)
        return std::nullopt;
    const double version = number_at(payload_, "protocol_version").value_or(0);
    const bool whole = version >= 1 && version <= 1000 && std::floor(version) == version;
    return whole ? static_cast<int>(version) : 0;
}

bool Fields::has_feature(std::string_view feature) const {
    const bj::value* const features = find(payload_, "features");
    if (features == nullptr || !features->is_array())
        return false;
    for (const bj::value& each : features->get_array())
        if (each.is_string() && std::string_view(each.get_string()) == feature)
            return true;
    return false;
}

std::string Fields::payload_text() const {
    return payload_ == nullptr ? "{}" : json::member_slice(text_, "payload", *payload_);
}

} // namespace owp
