// The source text of one member, for what must go back byte for byte (a ping's payload).
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace owp::json {

/// The text of the last member called `name` in the object `text`, which parse() has accepted and
/// in which that member is `value`. Should some key be written with escapes, `value` serialised.
[[nodiscard]] std::string member_slice(std::string_view text, std::string_view name,
                                       const boost::json::object& value);

} // namespace owp::json
