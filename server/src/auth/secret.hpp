// Text that must never be printed. It has no stream operator and no formatter, so writing one into
// a log does not compile; whoever needs the bytes says reveal(), which is easy to search for.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace owp::auth {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    [[nodiscard]] std::string_view reveal() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }
    [[nodiscard]] std::size_t size() const { return text_.size(); }
    bool operator==(const Secret&) const = default;

private:
    std::string text_;
};

} // namespace owp::auth
