// One shard's memory of who may see what: asks the authority nothing twice at a time, remembers
// answers for a while, and takes silence for a no.
#pragma once

#include "app/access.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace owp::app {

/// How long an answer holds.
inline constexpr Duration access_kept = std::chrono::seconds{60};
/// Questions and answers of one shard; whoever asks more gets a no.
inline constexpr std::size_t access_entries_max = 4096;

class AccessCache {
public:
    using Task = std::function<void()>;
    /// Has a task run on the shard's thread; called on any.
    using Post = std::function<void(Task)>;
    using Answer = std::function<void(bool allowed)>;

    /// `on_news` is called with the user whenever an answer came.
    AccessCache(AccessAuthority& authority, Post post,
                std::function<void(const std::string& user_id)> on_news);
    /// Answers that come later go nowhere.
    ~AccessCache();
    AccessCache(const AccessCache&) = delete;
    AccessCache& operator=(const AccessCache&) = delete;

    /// An answer that still holds.
    [[nodiscard]] std::optional<bool> known(const std::string& user_id, const MediaId& media,
                                            ServerTime now) const;
    /// `answer` is called once, at once if it is known. Who needs no more than the news has none.
    void ask(AccessQuestion question, ServerTime now, const Answer& answer = {});
    /// Forgets answers that hold no more; what was asked too long ago is a no.
    void expire(ServerTime now);

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
    using Key = std::pair<std::string, MediaId>;
    struct Entry {
        std::optional<bool> allowed; // none: asked
        ServerTime until{};          // of the answer, or of the wait for it
        std::vector<Answer> waiting;
    };
    /// Where answers come in, as long as the shard is there.
    struct Door {
        std::mutex mutex;
        Post post;
    };

    void answered(const Key& key, bool allowed);

    AccessAuthority& authority_;
    std::function<void(const std::string& user_id)> on_news_;
    std::shared_ptr<Door> door_;
    std::map<Key, Entry> entries_;
};

} // namespace owp::app
