// JSON Web Tokens (RFC 7519) as verdicts: a token and a time in, who it is or why not out.
//
// The signature is cpp-jwt's (HMAC, RSA and ECDSA over OpenSSL). The claims are read here, after
// the signature held: `aud` and `iss` may be a string or an array, which cpp-jwt's own checks do
// not know, and its parser asserts on bytes outside ASCII. The algorithm is the operator's choice;
// a token that names another one, `none` included, is refused before anything is computed.
#pragma once

#include "auth/secret.hpp"
#include "edge/session.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace owp::auth {

enum class Algorithm : std::uint8_t { hs256, rs256, es256 };

/// What a token must be to be believed.
struct TokenPolicy {
    Algorithm algorithm = Algorithm::hs256;
    Secret key; // HS256: the shared secret; else a public key in PEM
    std::string audience;
    std::string issuer;
    Secret previous_key{}; // likewise, of before the last change: its tokens still count
    std::set<std::string, std::less<>> revoked{}; // the `jti` of tokens that count no more
};

/// A clock that is off by a minute still agrees (wire-v1, Token).
inline constexpr Duration leeway = std::chrono::seconds{60};
/// Ten times what the plugin makes; a bigger one is refused unread.
inline constexpr std::size_t token_bytes_max = 8192;
/// RFC 7518 §3.2: a key of at least the hash's size, 256 bits.
inline constexpr std::size_t strong_secret_bytes = 32;

/// The name such as "HS256", as a token's header has it.
[[nodiscard]] std::string_view name_of(Algorithm algorithm);

/// Empty if this key suits the algorithm, else a sentence that says what is wrong with it (never
/// the key). ES256 means the curve P-256, RS256 a modulus of at least 2,048 bits.
[[nodiscard]] std::string key_problem(Algorithm algorithm, const Secret& key);

/// Never throws. Invalid verdicts carry invalid_token or token_expired.
[[nodiscard]] edge::TokenVerdict verify(const TokenPolicy& policy, std::string_view token,
                                        ServerTime now);

/// A token for `user_id`, signed with the shared secret (HS256), valid from `now` for `ttl`.
/// `token_id` becomes its `jti`.
[[nodiscard]] std::string mint(const TokenPolicy& policy, std::string_view user_id,
                               std::string_view name, std::string_view token_id, ServerTime now,
                               Duration ttl);

} // namespace owp::auth
