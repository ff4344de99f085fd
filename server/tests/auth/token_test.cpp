#include "auth/token.hpp"

#include "auth/base64url.hpp"
#include "tests/auth/keys.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <jwt/algorithm.hpp>
#include <openssl/err.h>
#include <rapidcheck/gtest.h>

namespace owp::auth {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr ServerTime now{seconds{1'800'000'000}};
constexpr std::int64_t now_seconds = 1'800'000'000;
const std::string secret = "0123456789abcdef0123456789abcdef";

TokenPolicy policy_with(Algorithm algorithm, const std::string& key) {
    return {.algorithm = algorithm,
            .key = Secret{key},
            .audience = "OpenWatchParty",
            .issuer = "Jellyfin"};
}
const TokenPolicy policy = policy_with(Algorithm::hs256, secret);

json::object good_claims() {
    return {{"sub", "user-1"},
            {"name", "Ada"},
            {"aud", "OpenWatchParty"},
            {"iss", "Jellyfin"},
            {"exp", now_seconds + 3600}};
}

jwt::string_view view(const std::string& text) {
    return {text.data(), text.size()};
}

using Sign = jwt::sign_result_t (*)(jwt::string_view, jwt::string_view);

std::string signed_text(const std::string& header, const std::string& payload,
                        const std::string& key = secret,
                        Sign sign = &jwt::HMACSign<jwt::algo::HS256>::sign) {
    const std::string text = encode_base64url(header) + "." + encode_base64url(payload);
    return text + "." + encode_base64url(sign(view(key), view(text)).first);
}
std::string token_of(const json::object& claims, const std::string& key = secret,
                     const std::string& algorithm = "HS256",
                     Sign sign = &jwt::HMACSign<jwt::algo::HS256>::sign) {
    return signed_text(json::serialize(json::object{{"alg", algorithm}, {"typ", "JWT"}}),
                       json::serialize(claims), key, sign);
}
/// The good claims with one of them changed; null removes it.
std::string token_with(std::string_view claim, const json::value& value) {
    json::object claims = good_claims();
    if (value.is_null())
        claims.erase(claim);
    else
        claims[claim] = value;
    return token_of(claims);
}
bool accepted(const std::string& token, const TokenPolicy& by = policy) {
    return verify(by, token, now).valid;
}

TEST(Token, TellsWhoAGoodOneIs) {
    const edge::TokenVerdict verdict = verify(policy, token_of(good_claims()), now);
    EXPECT_TRUE(verdict.valid);
    EXPECT_EQ(verdict.user_id, "user-1");
    EXPECT_EQ(verdict.user_name, "Ada");
    EXPECT_EQ(verdict.expires, now + seconds{3600});
}

TEST(Token, IsReadAsAnIndependentImplementationMadeIt) {
    // RFC 7515 A.1: header and payload with line breaks inside, its key and signature.
    const std::string rfc_token =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0"
        "dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const std::optional<std::string> key = decode_base64url(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
    // It has no audience, so it is refused; with its signature broken it is refused no later.
    EXPECT_FALSE(accepted(rfc_token, policy_with(Algorithm::hs256, *key)));
    const std::string text = rfc_token.substr(0, rfc_token.rfind('.'));
    EXPECT_EQ(encode_base64url(jwt::HMACSign<jwt::algo::HS256>::sign(view(*key), view(text)).first),
              rfc_token.substr(rfc_token.rfind('.') + 1));
}

TEST(Token, TakesAudienceAndIssuerAsStringOrArray) {
    EXPECT_TRUE(accepted(token_with("aud", json::array{"OpenWatchParty", "Jellyfin"})));
    EXPECT_TRUE(accepted(token_with("aud", json::array{"Jellyfin", "OpenWatchParty"})));
    EXPECT_TRUE(accepted(token_with("iss", json::array{"Jellyfin", "OpenWatchParty"})));
    for (const char* claim : {"aud", "iss"}) {
        EXPECT_FALSE(accepted(token_with(claim, "somebody else"))) << claim;
        EXPECT_FALSE(accepted(token_with(claim, json::array{}))) << claim;
        EXPECT_FALSE(accepted(token_with(claim, json::array{1, nullptr, json::array{}}))) << claim;
        EXPECT_FALSE(accepted(token_with(claim, json::object{}))) << claim;
        EXPECT_FALSE(accepted(token_with(claim, nullptr))) << claim;
    }
}

TEST(Token, LastsAMinuteBeyondItsEndAndNoLonger) {
    EXPECT_TRUE(accepted(token_with("exp", now_seconds - 59)));
    EXPECT_EQ(verify(policy, token_with("exp", now_seconds - 60), now).code,
              ErrorCode::token_expired);
    EXPECT_TRUE(accepted(token_with("exp", static_cast<double>(now_seconds) - 59.5)));
}

TEST(Token, NeedsAnEndThatIsATime) {
    for (const json::value& value :
         {json::value{nullptr}, json::value{"tomorrow"}, json::value{-1}, json::value{1e300},
          json::value{std::numeric_limits<std::uint64_t>::max()}, json::value{true}})
        EXPECT_FALSE(accepted(token_with("exp", value))) << json::serialize(value);
}

TEST(Token, MayNotComeBeforeItsTime) {
    EXPECT_TRUE(accepted(token_with("nbf", now_seconds + 60)));
    EXPECT_FALSE(accepted(token_with("nbf", now_seconds + 61)));
    EXPECT_FALSE(accepted(token_with("nbf", "soon")));
}

TEST(Token, NeedsAUserWithAName) {
    for (const char* claim : {"sub", "name"})
        for (const json::value& value :
             {json::value{nullptr}, json::value{""}, json::value{"\x01 "}, json::value{7},
              json::value{json::array{"x"}}})
            EXPECT_FALSE(accepted(token_with(claim, value))) << claim << json::serialize(value);
    EXPECT_FALSE(accepted(token_with("sub", json::string(129, 'x'))));
    EXPECT_FALSE(accepted(token_with("sub", "a\x07"
                                            "b")));
}

TEST(Token, HasItsNameCleaned) {
    EXPECT_EQ(verify(policy,
                     token_with("name", "  A\x07"
                                        "da\n"),
                     now)
                  .user_name,
              "Ada");
    EXPECT_EQ(verify(policy, token_with("name", json::string(500, 'n')), now).user_name,
              std::string(100, 'n'));
}

TEST(Token, IsRefusedUnderAnyOtherAlgorithm) {
    for (const char* algorithm : {"none", "None", "NONE", "HS384", "RS256", "ES256", "hs256", ""})
        EXPECT_FALSE(accepted(token_of(good_claims(), secret, algorithm))) << algorithm;
    const std::string unsigned_token = encode_base64url(R"({"alg":"none"})") + "." +
                                       encode_base64url(json::serialize(good_claims())) + ".";
    EXPECT_FALSE(accepted(unsigned_token));
}

TEST(Token, IsRefusedWithExtensionsThatMustBeUnderstood) {
    EXPECT_FALSE(accepted(signed_text(R"({"alg":"HS256","crit":["b64"],"b64":false})",
                                      json::serialize(good_claims()))));
}

TEST(Token, IsRefusedIfAnyOfItsBytesWasChanged) {
    const std::string token = token_of(good_claims());
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(accepted(changed)) << i;
    }
}

TEST(Token, IsRefusedWithAnotherSecretOrNone) {
    EXPECT_FALSE(accepted(token_of(good_claims(), "another secret that is long enough")));
    EXPECT_FALSE(accepted(token_of(good_claims()), policy_with(Algorithm::hs256, "")));
}

TEST(Token, IsRefusedWhenMalformed) {
    const std::string token = token_of(good_claims());
    for (const std::string& bad :
         {std::string{}, std::string{"."}, std::string{".."}, std::string{"..."}, "." + token,
          token + ".", token + ".x", token + "=", " " + token, std::string{"\xff.\xff.\xff"},
          std::string{"a.b.c"}, std::string(100'000, 'A'), std::string(8000, '.'),
          token.substr(0, token.rfind('.') + 1)})
        EXPECT_FALSE(accepted(bad)) << bad.substr(0, 40);
}

TEST(Token, IsRefusedWhenItsJsonIsNoObjectOrTooDeep) {
    for (const std::string& payload :
         {std::string{"[]"}, std::string{"7"}, std::string{"null"}, std::string{"{"}, std::string{},
          std::string{"{\"a\":\xff}"}, std::string(4000, '[')}) {
        EXPECT_FALSE(accepted(signed_text(R"({"alg":"HS256"})", payload))) << payload.substr(0, 20);
        EXPECT_FALSE(accepted(signed_text(payload, json::serialize(good_claims()))));
    }
}

TEST(Token, MintedOnesAreAccepted) {
    const std::string token = mint(policy, "u", "N\"ämé", "id-1", now, seconds{90});
    const edge::TokenVerdict verdict = verify(policy, token, now);
    EXPECT_TRUE(verdict.valid);
    EXPECT_EQ(verdict.user_name, "N\"ämé");
    EXPECT_EQ(verdict.expires, now + seconds{90});
}

TEST(Token, RsaOnesAreCheckedByThePublicKey) {
    const testing::KeyPair keys = testing::make_rsa();
    const TokenPolicy rsa = policy_with(Algorithm::rs256, keys.public_pem);
    const std::string token =
        token_of(good_claims(), keys.private_pem, "RS256", &jwt::PEMSign<jwt::algo::RS256>::sign);
    EXPECT_TRUE(accepted(token, rsa));
    EXPECT_FALSE(accepted(token, policy_with(Algorithm::rs256, testing::make_rsa().public_pem)));
    EXPECT_FALSE(accepted(token.substr(0, token.size() - 4) + "AAAA", rsa));
}

TEST(Token, EllipticOnesAreCheckedByThePublicKey) {
    const testing::KeyPair keys = testing::make_ec();
    const TokenPolicy ec = policy_with(Algorithm::es256, keys.public_pem);
    const std::string token =
        token_of(good_claims(), keys.private_pem, "ES256", &jwt::PEMSign<jwt::algo::ES256>::sign);
    EXPECT_TRUE(accepted(token, ec));
    EXPECT_FALSE(accepted(token, policy_with(Algorithm::es256, testing::make_ec().public_pem)));
    for (const char* signature : {"", "AAAA",
                                  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                                  "AAAAAAAAAAAAAAAAAAAAAAAAAAA"})
        EXPECT_FALSE(accepted(token.substr(0, token.rfind('.') + 1) + signature, ec)) << signature;
}

TEST(Token, ThePublicKeyIsNoSecret) {
    // The classic confusion: a token signed by HMAC with the text of the public key.
    const testing::KeyPair keys = testing::make_rsa();
    const TokenPolicy rsa = policy_with(Algorithm::rs256, keys.public_pem);
    EXPECT_FALSE(accepted(token_of(good_claims(), keys.public_pem, "HS256"), rsa));
    EXPECT_FALSE(accepted(token_of(good_claims(), keys.public_pem, "RS256"), rsa));
}

TEST(Token, LeavesNothingInTheErrorQueueOfOpenssl) {
    EXPECT_FALSE(accepted(token_of(good_claims(), secret, "RS256"),
                          policy_with(Algorithm::rs256, testing::make_rsa().public_pem)));
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(Token, TwoKeysAreBelievedWhileOneTakesTheOthersPlace) {
    const std::string newer = "another secret that is long enough";
    const std::string old_token = token_of(good_claims());
    const std::string new_token = token_of(good_claims(), newer);
    TokenPolicy changing = policy_with(Algorithm::hs256, newer);
    changing.previous_key = Secret{secret};
    EXPECT_TRUE(accepted(old_token, changing));
    EXPECT_TRUE(accepted(new_token, changing));
    EXPECT_FALSE(accepted(token_of(good_claims(), "a third secret that is long enough"), changing));
    EXPECT_FALSE(accepted(old_token, policy_with(Algorithm::hs256, newer)));

    const testing::KeyPair before = testing::make_rsa();
    TokenPolicy rsa = policy_with(Algorithm::rs256, testing::make_rsa().public_pem);
    rsa.previous_key = Secret{before.public_pem};
    EXPECT_TRUE(accepted(
        token_of(good_claims(), before.private_pem, "RS256", &jwt::PEMSign<jwt::algo::RS256>::sign),
        rsa));
}

TEST(Token, NoKeyOfBeforeMeansNoneAndNotAnEmptyOne) {
    EXPECT_FALSE(accepted(token_of(good_claims(), ""), policy));
}

TEST(Token, IsRefusedOnceItsIdHasBeenRevoked) {
    TokenPolicy wary = policy;
    wary.revoked = {"stolen"};
    EXPECT_FALSE(accepted(token_with("jti", "stolen"), wary));
    EXPECT_EQ(verify(wary, token_with("jti", "stolen"), now + seconds{7200}).code,
              ErrorCode::invalid_token)
        << "also when it has run out besides";
    EXPECT_TRUE(accepted(token_with("jti", "mine"), wary));
    EXPECT_TRUE(accepted(token_of(good_claims()), wary)) << "an id is not demanded";
}

TEST(Token, KeysThatDoNotSuitTheAlgorithmAreNamed) {
    const std::string rsa = testing::make_rsa().public_pem;
    const std::string ec = testing::make_ec().public_pem;
    EXPECT_EQ(key_problem(Algorithm::hs256, Secret{secret}), "");
    EXPECT_EQ(key_problem(Algorithm::rs256, Secret{rsa}), "");
    EXPECT_EQ(key_problem(Algorithm::es256, Secret{ec}), "");
    EXPECT_NE(key_problem(Algorithm::hs256, Secret{""}), "");
    EXPECT_NE(key_problem(Algorithm::rs256, Secret{ec}), "");
    EXPECT_NE(key_problem(Algorithm::rs256, Secret{testing::make_rsa(1024).public_pem}), "");
    EXPECT_NE(key_problem(Algorithm::es256, Secret{rsa}), "");
    EXPECT_NE(key_problem(Algorithm::es256, Secret{testing::make_ec("P-384").public_pem}), "");
    EXPECT_NE(key_problem(Algorithm::rs256, Secret{"no key"}), "");
}

RC_GTEST_PROP(Token, NoiseIsNeverAcceptedAndNeverThrows, (const std::string& noise)) {
    RC_ASSERT(!accepted(noise));
    RC_ASSERT(!accepted(signed_text(noise, noise)));
    RC_ASSERT(!accepted(signed_text(R"({"alg":"HS256"})", noise)));
}

} // namespace
} // namespace owp::auth
