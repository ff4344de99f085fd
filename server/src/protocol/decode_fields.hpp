// The fields of one message, read with the forgiveness the protocol asks for and no more: null is
// absent, "" as a room is absent, every other wrong type is the message's fault.
#pragma once

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/wire_names.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace owp {

class Fields {
public:
    /// Reads the envelope: `ts` and the kind of `payload` and `room`. Both must outlive this.
    Fields(std::string_view text, const boost::json::object& message);

    /// Notes what the message gets for an answer; the first fault counts.
    void fail(ErrorCode code, std::string sentence);
    /// The message, or the first fault.
    template <class Message>
    [[nodiscard]] ClientMessage finish(Message message) {
        if (fault_)
            return *std::move(fault_);
        return message;
    }

    [[nodiscard]] double ts() const { return ts_; }

    /// The room of the envelope. Absent: `absent` is the answer. No UUID: no such room exists.
    [[nodiscard]] RoomId room(ErrorCode absent);
    [[nodiscard]] RoomId room_here_or_in_payload();
    [[nodiscard]] std::optional<RoomId> optional_room() const;

    // Fields of the payload.
    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    [[nodiscard]] std::string_view required_text(std::string_view name);
    /// clean_text of an optional text; empty if absent.
    [[nodiscard]] std::string cleaned(std::string_view name, std::size_t code_points_max);
    /// Required, 0 to 86,400.
    [[nodiscard]] double position(std::string_view name);
    [[nodiscard]] double position_or_zero(std::string_view name) const;
    /// An optional number; out of its range it is as good as not sent.
    [[nodiscard]] std::optional<double> measurement(std::string_view name, double min, double max);
    /// 32 hex digits, else as good as not sent.
    template <class Id>
    [[nodiscard]] std::optional<Id> hex_id(std::string_view name) const {
        const std::optional<std::string_view> digits = string_at(payload_, name);
        const auto bytes = parse_hex(digits.value_or(std::string_view{}));
        return bytes ? std::optional<Id>{Id{*bytes}} : std::nullopt;
    }
    /// 0 stands for whatever is no version number at all.
    [[nodiscard]] std::optional<int> protocol_version() const;
    [[nodiscard]] bool has_feature(std::string_view feature) const;

    template <class Enum, std::size_t N>
    [[nodiscard]] std::optional<Enum> name(std::string_view field,
                                           const std::pair<Enum, std::string_view> (&table)[N]) {
        const boost::json::value* const value = find(payload_, field);
        if (value == nullptr)
            return std::nullopt;
        const std::optional<Enum> known =
            from_wire_name(table, string_at(payload_, field).value_or(std::string_view{}));
        if (!known)
            fail_field(field);
        return known;
    }
    template <class Enum, std::size_t N>
    [[nodiscard]] Enum required_name(std::string_view field,
                                     const std::pair<Enum, std::string_view> (&table)[N]) {
        const std::optional<Enum> value = name(field, table);
        if (!value)
            fail_field(field);
        return value.value_or(table[0].first);
    }

    /// An optional truth value; false if absent.
    [[nodiscard]] bool yes(std::string_view name);
    /// 32 hex digits, and required.
    [[nodiscard]] MediaId media(std::string_view name) {
        const auto id = hex_id<MediaId>(name);
        if (!id)
            fail_field(name);
        return id.value_or(MediaId{});
    }

    /// The payload as it was sent, byte for byte; "{}" if none was.
    [[nodiscard]] std::string payload_text() const;

private:
    /// A member that is there and not null.
    static const boost::json::value* find(const boost::json::object* object, std::string_view name);
    static std::optional<std::string_view> string_at(const boost::json::object* object,
                                                     std::string_view name);
    static std::optional<double> number_at(const boost::json::object* object,
                                           std::string_view name);
    void fail_field(std::string_view name);
    [[nodiscard]] RoomId parse_room(std::string_view text, ErrorCode absent);

    std::string_view text_;
    const boost::json::object* payload_ = nullptr;
    std::string_view room_; // empty: absent
    double ts_ = 0;
    std::optional<from_client::Invalid> fault_;
};

} // namespace owp
