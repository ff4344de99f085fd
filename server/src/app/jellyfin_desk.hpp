// Asks a Jellyfin elsewhere who somebody is and what they may see, with that person's own token.
// One for the server; its answers are remembered for a while, so that Jellyfin is asked little,
// also by those who try tokens.
#pragma once

#include "app/access.hpp"
#include "edge/session.hpp"
#include "net/http_client.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace owp::app {

/// A verdict holds for so long; a connection is asked about again as often.
inline constexpr Duration sign_in_kept = std::chrono::seconds{60};
/// That Jellyfin gave no answer holds for so long.
inline constexpr Duration sign_in_trouble_kept = std::chrono::seconds{2};
inline constexpr std::size_t sign_ins_max = 65'536;
/// Tokens that are not known yet, from one address in a minute: whoever guesses gets no further.
inline constexpr std::uint32_t unknown_tokens_per_minute = 60;

class JellyfinDesk final : public AccessAuthority {
public:
    using Verdict = std::function<void(edge::TokenVerdict)>;
    using Now = std::function<ServerTime()>; // from any thread

    /// What the client still has under way must end before the desk does.
    JellyfinDesk(net::HttpClient& jellyfin, Now now) : jellyfin_{jellyfin}, now_{std::move(now)} {}

    /// Who holds this token? From any thread; `answer` on any, at once if it is known.
    /// `address` is whose limit a token that is not known counts against; empty: nobody's.
    void sign_in(const std::string& token, const std::string& address, Verdict answer);
    void ask(AccessQuestion question, std::function<void(bool)> answer) override;

private:
    struct Entry {
        std::optional<edge::TokenVerdict> verdict; // none: asked
        ServerTime until{};
        std::vector<Verdict> waiting;
    };

    struct Standing {
        std::optional<edge::TokenVerdict> known;
        bool must_ask = false; // not known, and nobody has asked yet
    };

    /// Under the lock. If it is not known, `answer` waits.
    Standing known_or_wait(const std::string& digest, const std::string& address, Verdict& answer);
    bool may_try(const std::string& address, ServerTime now);
    void make_room(ServerTime now);
    void answered(const std::string& digest, const edge::TokenVerdict& verdict);

    net::HttpClient& jellyfin_;
    Now now_;
    std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;       // by the token's digest
    std::unordered_map<std::string, std::uint32_t> tried_; // by address, in this minute
    ServerTime minute_ends_{};
};

} // namespace owp::app
