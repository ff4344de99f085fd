// Jellyfin's access tokens, judged by what Jellyfin answers to `GET /Users/Me`: an answer in, who
// it is or why not out.
#pragma once

#include "edge/session.hpp"

#include <string>
#include <string_view>

namespace owp::auth {

/// Could it be one at all? 1 to 128 letters, digits, '-', '_' and '.': it goes into a header.
[[nodiscard]] bool is_jellyfin_token(std::string_view token);
/// Three parts between two dots, as a JWT has and no token of Jellyfin.
[[nodiscard]] bool is_jwt(std::string_view token);

/// The value of the header Authorization with which Jellyfin 10.10 to 12 knows the user. No device
/// is named: Jellyfin would note it down as the token's.
[[nodiscard]] std::string jellyfin_authorization(std::string_view token);
/// SHA-256: under which a token's verdict is remembered, so that the token itself is not.
[[nodiscard]] std::string token_digest(std::string_view token);

/// `status` and `body` of the answer to GET /Users/Me; status 0: there was none. Never throws.
/// Invalid verdicts carry invalid_token, user_not_allowed or auth_unavailable.
[[nodiscard]] edge::TokenVerdict read_jellyfin_user(unsigned status, std::string_view body,
                                                    ServerTime now);

} // namespace owp::auth
