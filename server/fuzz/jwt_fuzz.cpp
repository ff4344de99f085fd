// Tokens, in two ways: bytes as they come, which must never be believed, and claims of any bytes
// under a good signature, which are believed only with an audience, an issuer, an end and a user.
// The first byte chooses.
#include "auth/base64url.hpp"
#include "auth/token.hpp"
#include "protocol/codec.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace owp;
using namespace owp::auth;

const ServerTime now{std::chrono::hours{24 * 365 * 50}};
const TokenPolicy policy{.algorithm = Algorithm::hs256,
                         .key = Secret{"0123456789abcdef0123456789abcdef"},
                         .audience = "A",
                         .issuer = "I"};

void require(bool held, const char* what) {
    if (held)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

void require_sound(const edge::TokenVerdict& verdict) {
    if (!verdict.valid) {
        require(verdict.code == ErrorCode::invalid_token ||
                    verdict.code == ErrorCode::token_expired,
                "a refusal has one of two codes");
        return;
    }
    require(verdict.expires + leeway > now, "a token that is believed has not ended");
    require(!verdict.user_id.empty() && clean_text(verdict.user_id, 128) == verdict.user_id,
            "who is let in has an id");
    require(!verdict.user_name.empty() && clean_text(verdict.user_name, 100) == verdict.user_name,
            "who is let in has a name");
}

std::string signed_token(std::string_view header, std::string_view claims) {
    const std::string text = encode_base64url(header) + "." + encode_base64url(claims);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    HMAC(EVP_sha256(), policy.key.reveal().data(), static_cast<int>(policy.key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
    return text + "." + encode_base64url({reinterpret_cast<const char*>(digest.data()), length});
}

void require_one_text_for_each_value(std::string_view text) {
    if (const auto bytes = decode_base64url(text))
        require(encode_base64url(*bytes) == text, "base64url has one text for each value");
    require(decode_base64url(encode_base64url(text)) == text, "base64url comes back");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    constexpr std::string_view good_header = R"({"alg":"HS256","typ":"JWT"})";
    constexpr std::string_view good_claims =
        R"({"sub":"u","name":"Ann","aud":"A","iss":"I","exp":4000000000})";
    switch (data[0] % 4) {
    case 0:
        require_one_text_for_each_value(bytes);
        require(!verify(policy, bytes, now).valid, "noise is never believed");
        break;
    case 1:
        require_sound(verify(policy, signed_token(good_header, bytes), now));
        break;
    case 2: {
        const edge::TokenVerdict verdict = verify(policy, signed_token(bytes, good_claims), now);
        require_sound(verdict);
        if (verdict.valid)
            require(bytes.find("HS256") != bytes.npos || bytes.find('\\') != bytes.npos,
                    "the header names the algorithm");
        break;
    }
    default: { // a good token with some of its bytes changed
        std::string token = signed_token(good_header, good_claims);
        const std::string good = token;
        require(verify(policy, token, now).valid, "a good token is believed");
        for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
            token[static_cast<unsigned char>(bytes[i]) % token.size()] = bytes[i + 1];
        require(verify(policy, token, now).valid == (token == good),
                "a token is believed as it was signed");
    }
    }
    return 0;
}
