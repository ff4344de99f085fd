// Who may see a title: the one question that the server asks about its users, and whom it asks. A
// server without an authority shows every title to everybody.
#pragma once

#include "auth/secret.hpp"
#include "protocol/types.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace owp::app {

/// What is not answered within this time is a no.
inline constexpr Duration access_wait_max = std::chrono::seconds{5};

/// May this user see this title?
struct AccessQuestion {
    std::string user_id;     // never empty
    auth::Secret credential; // the token that the user came in with; empty: a gateway vouches
    MediaId media;
};

/// Whoever knows what users may see. Outlives the shards that ask it.
class AccessAuthority {
public:
    AccessAuthority() = default;
    AccessAuthority(const AccessAuthority&) = delete;
    AccessAuthority& operator=(const AccessAuthority&) = delete;
    virtual ~AccessAuthority() = default;

    /// On any thread, and never waits. `answer` may be called on any thread, before this returns
    /// too, at most once. Whoever asks remembers answers and asks nothing twice at a time.
    virtual void ask(AccessQuestion question, std::function<void(bool allowed)> answer) = 0;
};

} // namespace owp::app
