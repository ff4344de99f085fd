// Appends JSON to one string, without a tree in between: every broadcast passes here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace owp::json {

/// Commas come by themselves: whatever follows neither an opening bracket nor a key gets one.
class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    void begin_object() { open('{'); }
    void end_object() { out_ += '}'; }
    void begin_array() { open('['); }
    void end_array() { out_ += ']'; }

    /// `name` is one of ours: it holds nothing to escape.
    void key(std::string_view name);
    /// A text that holds nothing to escape.
    template <std::size_t Size>
    void plain(const std::array<char, Size>& value) {
        separate();
        out_ += '"';
        out_.append(value.data(), Size);
        out_ += '"';
    }
    /// Valid UTF-8 in, valid JSON out.
    void text(std::string_view value);
    /// The shortest digits that read back as the same double. Finite.
    void number(double value);
    void integer(std::int64_t value);
    /// Microseconds written as milliseconds with up to three decimals.
    void milliseconds(std::int64_t microseconds);
    void boolean(bool value);
    void null();
    /// A JSON value as it stands.
    void raw(std::string_view json);

private:
    void separate();
    void open(char bracket);

    std::string& out_;
};

} // namespace owp::json
