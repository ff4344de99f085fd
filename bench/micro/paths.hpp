// What the server does with one message, path by path. The same paths are timed (time.cpp) and have
// their instructions counted (count.cpp), so that a budget and a time speak of the same thing.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace owp::micro {

struct Path {
    std::string name; // folder, message, dialect: "encode/room_state/v2"
    /// Takes so many messages, one after the other. What it needs for that was made before.
    std::function<void(std::size_t messages)> take;
};

[[nodiscard]] std::vector<Path> codec_paths();
[[nodiscard]] std::vector<Path> machine_paths();

/// All of them.
[[nodiscard]] std::vector<Path> all_paths();

/// The compiler must not find out that nobody reads the value.
template <class Value>
void keep(Value&& value) {
    asm volatile("" : : "g"(&value) : "memory");
}

} // namespace owp::micro
