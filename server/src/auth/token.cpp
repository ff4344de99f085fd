#include "auth/token.hpp"

#include "auth/base64url.hpp"
#include "protocol/codec.hpp"

#include <boost/json.hpp>
#include <jwt/algorithm.hpp>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <cmath>
#include <exception>
#include <memory>
#include <optional>

namespace owp::auth {
namespace {

namespace json = boost::json;

constexpr std::size_t name_code_points_max = 100;    // P-TEXT: a user's name
constexpr std::size_t user_id_code_points_max = 128; // longer than any user id in use
constexpr double seconds_max = 253402300799.0;       // the end of the year 9999

struct Parts {
    std::string_view signed_text; // header.payload
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
};

std::optional<Parts> split(std::string_view token) {
    const std::size_t first = token.find('.');
    const std::size_t second = token.find('.', first == token.npos ? first : first + 1);
    if (second == token.npos || token.find('.', second + 1) != token.npos)
        return std::nullopt;
    return Parts{.signed_text = token.substr(0, second),
                 .header = token.substr(0, first),
                 .payload = token.substr(first + 1, second - first - 1),
                 .signature = token.substr(second + 1)};
}

std::optional<json::object> parse_object(std::string_view base64) {
    const std::optional<std::string> text = decode_base64url(base64);
    if (!text)
        return std::nullopt;
    json::error_code error;
    json::parse_options options;
    options.max_depth = 8;
    json::value value = json::parse(*text, error, {}, options);
    if (error || !value.is_object())
        return std::nullopt;
    return std::move(value.get_object());
}

jwt::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

bool signature_holds(Algorithm algorithm, const Secret& signer, const Parts& parts) {
    if (signer.empty())
        return false;
    const std::optional<std::string> signature = decode_base64url(parts.signature);
    if (!signature)
        return false;
    const jwt::string_view key = view(signer.reveal());
    const jwt::string_view text = view(parts.signed_text);
    switch (algorithm) {
    case Algorithm::hs256: {
        // Signed anew and compared in constant time: cpp-jwt's own comparison is not.
        const jwt::sign_result_t expected = jwt::HMACSign<jwt::algo::HS256>::sign(key, text);
        return !expected.second && expected.first.size() == signature->size() &&
               CRYPTO_memcmp(expected.first.data(), signature->data(), signature->size()) == 0;
    }
    case Algorithm::rs256:
        return jwt::PEMSign<jwt::algo::RS256>::verify(key, text, view(parts.signature)).first;
    case Algorithm::es256:
        return jwt::PEMSign<jwt::algo::ES256>::verify(key, text, view(parts.signature)).first;
    }
    return false;
}

/// The claim is `wanted`, or an array that holds it.
bool names(const json::object& claims, std::string_view claim, std::string_view wanted) {
    const json::value* value = claims.if_contains(claim);
    if (value == nullptr)
        return false;
    if (const json::string* text = value->if_string())
        return std::string_view{*text} == wanted;
    if (const json::array* list = value->if_array()) {
        for (const json::value& item : *list)
            if (item.is_string() && std::string_view{item.get_string()} == wanted)
                return true;
    }
    return false;
}

/// A NumericDate: seconds since the epoch, whole or not.
std::optional<ServerTime> time_of(const json::object& claims, std::string_view claim) {
    const json::value* value = claims.if_contains(claim);
    if (value == nullptr || !value->is_number())
        return std::nullopt;
    const double seconds = value->to_number<double>();
    if (!std::isfinite(seconds) || seconds < 0 || seconds > seconds_max)
        return std::nullopt;
    return ServerTime{Duration{static_cast<std::int64_t>(seconds * 1e6)}};
}

std::string text_of(const json::object& claims, std::string_view claim) {
    const json::value* value = claims.if_contains(claim);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : "";
}

edge::TokenVerdict judge(const TokenPolicy& policy, std::string_view token, ServerTime now) {
    if (token.size() > token_bytes_max)
        return edge::TokenVerdict::refused();
    const std::optional<Parts> parts = split(token);
    if (!parts)
        return edge::TokenVerdict::refused();
    const std::optional<json::object> header = parse_object(parts->header);
    // RFC 7515 §4.1.11: what `crit` lists must be understood, and nothing is.
    if (!header || text_of(*header, "alg") != name_of(policy.algorithm) || header->contains("crit"))
        return edge::TokenVerdict::refused();
    if (!signature_holds(policy.algorithm, policy.key, *parts) &&
        !signature_holds(policy.algorithm, policy.previous_key, *parts))
        return edge::TokenVerdict::refused();

    // From here on the issuer said it; now whether it was said to us, and still holds.
    const std::optional<json::object> claims = parse_object(parts->payload);
    if (!claims || !names(*claims, "aud", policy.audience) || !names(*claims, "iss", policy.issuer))
        return edge::TokenVerdict::refused();
    if (policy.revoked.contains(text_of(*claims, "jti")))
        return edge::TokenVerdict::refused();
    const std::optional<ServerTime> expires = time_of(*claims, "exp");
    if (!expires)
        return edge::TokenVerdict::refused();
    if (claims->contains("nbf")) {
        const std::optional<ServerTime> not_before = time_of(*claims, "nbf");
        if (!not_before || now + leeway < *not_before)
            return edge::TokenVerdict::refused();
    }
    // An id that cleaning would change is refused: two users must not become one.
    const std::string user_id = text_of(*claims, "sub");
    const std::string name = clean_text(text_of(*claims, "name"), name_code_points_max);
    if (user_id.empty() || clean_text(user_id, user_id_code_points_max) != user_id || name.empty())
        return edge::TokenVerdict::refused();
    if (now >= *expires + leeway)
        return edge::TokenVerdict::refused(ErrorCode::token_expired);
    return {.valid = true, .code = {}, .user_id = user_id, .user_name = name, .expires = *expires};
}

} // namespace

std::string_view name_of(Algorithm algorithm) {
    constexpr std::array<std::string_view, 3> algorithm_names{"HS256", "RS256", "ES256"};
    return algorithm_names.at(static_cast<std::size_t>(algorithm));
}

std::string key_problem(Algorithm algorithm, const Secret& secret_or_pem) {
    if (algorithm == Algorithm::hs256)
        return secret_or_pem.empty() ? "there is no secret" : "";
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio{
        BIO_new_mem_buf(secret_or_pem.reveal().data(), static_cast<int>(secret_or_pem.size())),
        &BIO_free_all};
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
        PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
    ERR_clear_error();
    if (!key)
        return "it is not a public key in PEM form (BEGIN PUBLIC KEY)";
    if (algorithm == Algorithm::rs256) {
        if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
            return "RS256 needs an RSA key";
        return EVP_PKEY_get_bits(key.get()) < 2048 ? "RS256 needs at least 2048 bits" : "";
    }
    std::array<char, 64> group{};
    const bool named = EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_EC &&
                       EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), nullptr) == 1;
    return named && std::string_view{group.data()} == SN_X9_62_prime256v1
               ? ""
               : "ES256 needs a key on the curve P-256";
}

edge::TokenVerdict verify(const TokenPolicy& policy, std::string_view token, ServerTime now) {
    edge::TokenVerdict verdict = edge::TokenVerdict::refused();
    try {
        verdict = judge(policy, token, now);
    } catch (const std::exception&) {
        // Out of memory, in cpp-jwt or here: this token is refused, the server goes on.
    }
    ERR_clear_error(); // what OpenSSL noted about a forged token must not surface in a TLS read
    return verdict;
}

std::string mint(const TokenPolicy& policy, std::string_view user_id, std::string_view name,
                 std::string_view token_id, ServerTime now, Duration ttl) {
    const auto seconds = [](ServerTime time) { return to_whole_milliseconds(time) / 1000; };
    const json::object header{{"alg", name_of(Algorithm::hs256)}, {"typ", "JWT"}};
    const json::object claims{{"sub", user_id},           {"name", name},
                              {"aud", policy.audience},   {"iss", policy.issuer},
                              {"jti", token_id},          {"iat", seconds(now)},
                              {"exp", seconds(now + ttl)}};
    const std::string text =
        encode_base64url(json::serialize(header)) + "." + encode_base64url(json::serialize(claims));
    const jwt::sign_result_t signature =
        jwt::HMACSign<jwt::algo::HS256>::sign(view(policy.key.reveal()), view(text));
    return text + "." + encode_base64url(signature.first);
}

} // namespace owp::auth
