#include "app/gateway_access.hpp"

#include "protocol/json.hpp"
#include "protocol/json_writer.hpp"

#include <boost/json/object.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace owp::app {

std::optional<GatewayAnswer> parse_gateway_answer(std::string_view line) {
    const std::optional<boost::json::value> value = json::parse(line, {});
    const boost::json::object* object = value ? value->if_object() : nullptr;
    if (object == nullptr)
        return std::nullopt;
    const boost::json::value* kind = object->if_contains("answer");
    const boost::json::value* id = object->if_contains("id");
    const boost::json::value* allowed = object->if_contains("allowed");
    if (kind == nullptr || id == nullptr || allowed == nullptr || !kind->is_string() ||
        kind->get_string() != "access" || !allowed->is_bool())
        return std::nullopt;
    boost::json::error_code failed;
    const auto number = id->to_number<std::uint64_t>(failed);
    if (failed)
        return std::nullopt;
    return GatewayAnswer{number, allowed->get_bool()};
}

void GatewayAccess::ask(AccessQuestion question, std::function<void(bool allowed)> answer) {
    const auto now = std::chrono::steady_clock::now();
    std::string line;
    json::Writer out{line};
    {
        const std::lock_guard lock{mutex_};
        // Whoever asked has taken the silence for a no long since.
        while (!asked_.empty() && asked_.begin()->second.until <= now)
            asked_.erase(asked_.begin());
        if (asked_.size() < gateway_questions_max) {
            out.begin_object();
            out.key("ask");
            out.text("access");
            out.key("id");
            out.integer(static_cast<std::int64_t>(++last_id_));
            out.key("user");
            out.text(question.user_id);
            out.key("media");
            out.text(to_hex_string(question.media.bytes));
            out.end_object();
            line += '\n';
            if (write_(std::move(line))) {
                asked_.emplace(last_id_, Asked{now + access_wait_max, std::move(answer)});
                return;
            }
        }
    }
    answer(false);
}

void GatewayAccess::received(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        const bool complete = end < bytes.size();
        line_is_too_long_ = line_is_too_long_ || line_.size() + end > gateway_line_bytes_max;
        if (!line_is_too_long_)
            line_.append(bytes.substr(0, end));
        if (complete) {
            take(line_is_too_long_ ? std::string_view{} : line_);
            line_.clear();
            line_is_too_long_ = false;
        }
        bytes.remove_prefix(complete ? end + 1 : end);
    }
}

void GatewayAccess::take(std::string_view line) {
    const std::optional<GatewayAnswer> answer = parse_gateway_answer(line);
    if (!answer) {
        if (!std::exchange(garbage_told_, true))
            spdlog::warn("embedded: a line on standard input is no answer; such lines are ignored");
        return;
    }
    std::function<void(bool allowed)> tell;
    {
        const std::lock_guard lock{mutex_};
        if (const auto asked = asked_.find(answer->id); asked != asked_.end()) {
            tell = std::move(asked->second.answer);
            asked_.erase(asked);
        }
    }
    if (tell)
        tell(answer->allowed);
}

} // namespace owp::app
