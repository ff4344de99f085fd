#include "app/access_cache.hpp"

#include <algorithm>
#include <iterator>

namespace owp::app {

AccessCache::AccessCache(AccessAuthority& authority, Post post,
                         std::function<void(const std::string& user_id)> on_news)
    : authority_{authority}, on_news_{std::move(on_news)}, door_{std::make_shared<Door>()} {
    door_->post = std::move(post);
}

AccessCache::~AccessCache() {
    const std::lock_guard lock{door_->mutex};
    door_->post = nullptr;
}

std::optional<bool> AccessCache::known(const std::string& user_id, const MediaId& media,
                                       ServerTime now) const {
    const auto found = entries_.find({user_id, media});
    return found != entries_.end() && now < found->second.until ? found->second.allowed
                                                                : std::nullopt;
}

void AccessCache::ask(AccessQuestion question, ServerTime now, const Answer& answer) {
    const auto tell = [&](bool allowed) {
        if (answer)
            answer(allowed);
    };
    if (question.user_id.empty())
        return tell(false);
    if (const std::optional<bool> allowed = known(question.user_id, question.media, now))
        return tell(*allowed);
    const Key key{question.user_id, question.media};
    const auto found = entries_.find(key);
    if (found != entries_.end() && !found->second.allowed) { // asked already
        if (answer)
            found->second.waiting.push_back(answer);
        return;
    }
    if (entries_.size() >= access_entries_max)
        std::erase_if(entries_, [](const auto& one) { return one.second.allowed.has_value(); });
    if (entries_.size() >= access_entries_max)
        return tell(false);
    Entry& entry = entries_[key];
    entry = {.allowed = {}, .until = now + access_wait_max, .waiting = {}};
    if (answer)
        entry.waiting.push_back(answer);
    authority_.ask(std::move(question), [this, key, door = door_](bool allowed) {
        const std::lock_guard lock{door->mutex};
        if (door->post)
            door->post([this, key, allowed] { answered(key, allowed); });
    });
}

void AccessCache::answered(const Key& key, bool allowed) {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.allowed)
        return; // too late
    found->second.allowed = allowed;
    found->second.until += access_kept - access_wait_max; // counted from the question
    for (const Answer& answer : std::exchange(found->second.waiting, {}))
        answer(allowed);
    on_news_(key.first);
}

void AccessCache::expire(ServerTime now) {
    std::vector<Answer> unanswered;
    for (auto one = entries_.begin(); one != entries_.end();) {
        if (now < one->second.until) {
            ++one;
            continue;
        }
        std::ranges::move(one->second.waiting, std::back_inserter(unanswered));
        one = entries_.erase(one);
    }
    for (const Answer& answer : unanswered)
        answer(false);
}

} // namespace owp::app
