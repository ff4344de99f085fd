// What a member says, as text. Written apart from the server's codec on purpose: the two must
// agree.
#pragma once

#include "protocol/types.hpp"

#include <string>

namespace owp::sim {

/// Builds one client frame: Order{"ping", ts}.field("id", 3).text().
class Order {
public:
    Order(std::string_view type, double ts);
    Order& room(const RoomId& room);
    Order& no_room(); // `room: ""`, as v1 clients send it while in no room
    Order& field(std::string_view name, std::string_view value);
    Order& field(std::string_view name, double value);
    Order& raw(std::string_view name, std::string_view json);
    [[nodiscard]] std::string text() const;

private:
    std::string head_;
    std::string payload_;
};

/// The shortest text that reads back as the same number.
[[nodiscard]] std::string number_text(double value);

} // namespace owp::sim
