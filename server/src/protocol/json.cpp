#include "protocol/json.hpp"

#include "protocol/limits.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/value_stack.hpp>

#include <charconv>
#include <cmath>
#include <span>
#include <utility>

namespace owp::json {
namespace {

namespace bj = boost::json;
using bj::error_code;

/// Builds the value, as boost::json::parser does, with two differences. Objects are small: their
/// hash is not salted, so that a large one could be made to collide on every key. And doubles are
/// read exactly: Boost 1.81 may be off by a last digit, which would come back to the sender.
struct Handler {
    /// `memory` for what is being built; what does not fit comes from the heap.
    explicit Handler(std::span<unsigned char> memory) : stack({}, memory.data(), memory.size()) {}

    static constexpr std::size_t max_object_size = json_object_members_max;
    static constexpr std::size_t max_array_size = bj::array::max_size();
    static constexpr std::size_t max_key_size = bj::string::max_size();
    static constexpr std::size_t max_string_size = bj::string::max_size();

    bj::value_stack stack;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t members, error_code&) {
        stack.push_object(members);
        return true;
    }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t elements, error_code&) {
        stack.push_array(elements);
        return true;
    }
    bool on_key_part(bj::string_view part, std::size_t, error_code&) {
        stack.push_chars(part);
        return true;
    }
    bool on_key(bj::string_view rest, std::size_t, error_code&) {
        stack.push_key(rest);
        return true;
    }
    bool on_string_part(bj::string_view part, std::size_t, error_code&) {
        stack.push_chars(part);
        return true;
    }
    bool on_string(bj::string_view rest, std::size_t, error_code&) {
        stack.push_string(rest);
        return true;
    }
    // Parts come only of a text fed in pieces; here the whole text is fed at once.
    bool on_number_part(bj::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t number, bj::string_view, error_code&) {
        stack.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, bj::string_view, error_code&) {
        stack.push_uint64(number);
        return true;
    }
    bool on_double(double approximate, bj::string_view text, error_code& error) {
        double exact = approximate;
        const std::from_chars_result result =
            std::from_chars(text.data(), text.data() + text.size(), exact);
        if (result.ec != std::errc{})
            exact =
                std::abs(approximate) < 1 ? 0.0 : HUGE_VAL; // below or above what a double holds
        if (!std::isfinite(exact)) {
            error = bj::error::exponent_overflow;
            return false;
        }
        stack.push_double(exact);
        return true;
    }
    bool on_bool(bool flag, error_code&) {
        stack.push_bool(flag);
        return true;
    }
    bool on_null(error_code&) {
        stack.push_null();
        return true;
    }
    bool on_comment_part(bj::string_view, error_code&) { return true; }
    bool on_comment(bj::string_view, error_code&) { return true; }
};

} // namespace

std::optional<bj::value> parse(std::string_view text, bj::storage_ptr storage) {
    bj::parse_options options; // strict by default: no comments, commas or invalid UTF-8
    options.max_depth = json_depth_max;
    unsigned char memory[4096]; // enough for every message but a long chat
    bj::basic_parser<Handler> parser(options, std::span(memory));
    parser.handler().stack.reset(std::move(storage));
    error_code error;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
    if (error || used < text.size())
        return std::nullopt;
    return parser.handler().stack.release();
}

} // namespace owp::json
