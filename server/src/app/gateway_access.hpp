// The gateway of an embedded server as the authority on access: questions go to it as lines, and
// answers come back as lines.
//
//     {"ask":"access","id":17,"user":"…","media":"…"}  → {"answer":"access","id":17,"allowed":true}
#pragma once

#include "app/access.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace owp::app {

struct GatewayAnswer {
    std::uint64_t id = 0;
    bool allowed = false;
};
/// None: the line is no answer about access.
[[nodiscard]] std::optional<GatewayAnswer> parse_gateway_answer(std::string_view line);

/// An answer has less; a longer line is none.
inline constexpr std::size_t gateway_line_bytes_max = 1024;
/// Questions under way; further ones are a no.
inline constexpr std::size_t gateway_questions_max = 1024;

class GatewayAccess final : public AccessAuthority {
public:
    /// `write` takes a line with its break, on any thread and without waiting; false: it could not.
    explicit GatewayAccess(std::function<bool(std::string line)> write)
        : write_{std::move(write)} {}

    void ask(AccessQuestion question, std::function<void(bool allowed)> answer) override;
    /// What the gateway says, in whatever pieces it comes. On one thread.
    void received(std::string_view bytes);

private:
    struct Asked {
        std::chrono::steady_clock::time_point until;
        std::function<void(bool allowed)> answer;
    };
    void take(std::string_view line);

    std::function<bool(std::string line)> write_;
    std::mutex mutex_; // for what follows
    std::uint64_t last_id_ = 0;
    std::map<std::uint64_t, Asked> asked_; // the oldest first

    // On the thread of received().
    std::string line_;
    bool line_is_too_long_ = false;
    bool garbage_told_ = false;
};

} // namespace owp::app
