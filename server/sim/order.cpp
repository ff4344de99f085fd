#include "order.hpp"

#include <charconv>

namespace owp::sim {

std::string number_text(double value) {
    char buffer[32];
    const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value).ptr;
    return {buffer, end};
}

Order::Order(std::string_view type, double ts)
    : head_{"\"type\":\"" + std::string{type} + "\",\"ts\":" + number_text(ts)} {}

Order& Order::room(const RoomId& room) {
    head_ += ",\"room\":\"" + to_uuid_string(room.bytes) + '"';
    return *this;
}

Order& Order::no_room() {
    head_ += ",\"room\":\"\"";
    return *this;
}

Order& Order::field(std::string_view name, std::string_view value) {
    std::string quoted{'"'};
    for (const char c : value) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return raw(name, quoted + '"');
}

Order& Order::field(std::string_view name, double value) {
    return raw(name, number_text(value));
}

Order& Order::raw(std::string_view name, std::string_view json) {
    payload_ += payload_.empty() ? "\"" : ",\"";
    payload_ += name;
    payload_ += "\":";
    payload_ += json;
    return *this;
}

std::string Order::text() const {
    return "{" + head_ + ",\"payload\":{" + payload_ + "}}";
}

} // namespace owp::sim
