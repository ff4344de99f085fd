#include "app/jellyfin_desk.hpp"

#include "auth/jellyfin.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace owp::app {

void JellyfinDesk::sign_in(const std::string& token, const std::string& address, Verdict answer) {
    if (!auth::is_jellyfin_token(token))
        return answer(edge::TokenVerdict::refused(ErrorCode::invalid_token));
    const std::string digest = auth::token_digest(token);
    Standing standing;
    {
        const std::lock_guard lock{mutex_};
        standing = known_or_wait(digest, address, answer);
    }
    if (standing.known)
        return answer(*standing.known);
    if (!standing.must_ask)
        return;
    jellyfin_.get("/Users/Me", auth::jellyfin_authorization(token),
                  [this, digest](const net::HttpAnswer& heard) {
                      if (heard.status == 0)
                          spdlog::warn("jellyfin-url: {}", heard.problem);
                      answered(digest, auth::read_jellyfin_user(heard.status, heard.body, now_()));
                  });
}

JellyfinDesk::Standing JellyfinDesk::known_or_wait(const std::string& digest,
                                                   const std::string& address, Verdict& answer) {
    const ServerTime now = now_();
    const auto found = entries_.find(digest);
    if (found != entries_.end() && found->second.verdict && now < found->second.until)
        return {found->second.verdict, false};
    if (found == entries_.end()) {
        if (!may_try(address, now))
            return {edge::TokenVerdict::refused(ErrorCode::rate_limited), false};
        make_room(now);
        if (entries_.size() >= sign_ins_max)
            return {edge::TokenVerdict::refused(ErrorCode::auth_unavailable), false};
    }
    Entry& entry = entries_[digest];
    const bool under_way = !entry.waiting.empty();
    entry.verdict.reset();
    entry.waiting.push_back(std::move(answer));
    return {std::nullopt, !under_way};
}

bool JellyfinDesk::may_try(const std::string& address, ServerTime now) {
    if (address.empty())
        return true;
    if (minute_ends_ <= now) {
        minute_ends_ = now + std::chrono::minutes{1};
        tried_.clear();
    }
    return (tried_.size() < sign_ins_max || tried_.contains(address)) &&
           ++tried_[address] <= unknown_tokens_per_minute;
}

void JellyfinDesk::make_room(ServerTime now) {
    if (entries_.size() >= sign_ins_max)
        std::erase_if(entries_, [&](const auto& item) {
            return item.second.verdict && item.second.until <= now;
        });
}

void JellyfinDesk::answered(const std::string& digest, const edge::TokenVerdict& verdict) {
    std::vector<Verdict> waiting;
    {
        const std::lock_guard lock{mutex_};
        Entry& entry = entries_[digest];
        entry.verdict = verdict;
        entry.until = now_() + (verdict.code == ErrorCode::auth_unavailable && !verdict.valid
                                    ? sign_in_trouble_kept
                                    : sign_in_kept);
        waiting = std::exchange(entry.waiting, {});
    }
    for (const Verdict& answer : waiting)
        answer(verdict);
}

void JellyfinDesk::ask(AccessQuestion question, std::function<void(bool)> answer) {
    if (!auth::is_jellyfin_token(question.credential.reveal()))
        return answer(false);
    jellyfin_.get("/Items/" + to_hex_string(question.media.bytes),
                  auth::jellyfin_authorization(question.credential.reveal()),
                  [answer = std::move(answer)](const net::HttpAnswer& heard) {
                      answer(heard.status == 200);
                  });
}

} // namespace owp::app
