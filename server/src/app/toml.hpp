// The part of TOML 1.0 that settings need: `key = value` lines with strings, whole numbers, true,
// false and arrays of those, and comments. Tables, dates and multi-line strings are refused by
// line, never skipped: a setting that is silently ignored is worse than a server that won't start.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace owp::app {

struct TomlEntry {
    std::string key;
    std::string value; // arrays: the items, joined by commas
    int line = 0;
};

struct TomlFile {
    std::vector<TomlEntry> entries;
    std::string error; // "line 3: …"; empty if the text was understood to its end
};

inline constexpr std::size_t toml_bytes_max = std::size_t{256} * 1024;

[[nodiscard]] TomlFile parse_toml(std::string_view text);

} // namespace owp::app
