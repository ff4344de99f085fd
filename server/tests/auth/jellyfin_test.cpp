#include "auth/jellyfin.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace owp::auth {
namespace {

constexpr ServerTime now{std::chrono::seconds{1'800'000'000}};

constexpr std::string_view ann =
    R"({"Name":"Ann","ServerId":"5d0f","Id":"0123456789ABCDEF0123456789abcdef","HasPassword":true,)"
    R"("Configuration":{"PlayDefaultAudioTrack":true},)"
    R"("Policy":{"IsAdministrator":false,"IsDisabled":false,"EnableMediaPlayback":true}})";

std::string user_with(std::string_view id, std::string_view name, std::string_view policy) {
    return R"({"Id":)" + std::string{id} + R"(,"Name":)" + std::string{name} + R"(,"Policy":)" +
           std::string{policy} + "}";
}
const std::string id = R"("0123456789abcdef0123456789abcdef")";
const std::string name = R"("Ann")";

TEST(Jellyfin, SaysWhoATokenIs) {
    const edge::TokenVerdict verdict = read_jellyfin_user(200, ann, now);
    EXPECT_TRUE(verdict.valid);
    EXPECT_EQ(verdict.user_id, "0123456789abcdef0123456789abcdef") << "as the plugin has it";
    EXPECT_EQ(verdict.user_name, "Ann");
    EXPECT_GT(verdict.expires, now + std::chrono::hours{24 * 300});
}

TEST(Jellyfin, HasItsNamesCleaned) {
    const auto named = [](const std::string& text) {
        return read_jellyfin_user(200, user_with(id, '"' + text + '"', "{}"), now).user_name;
    };
    EXPECT_EQ(named(R"(  A\u0007da\n)"), "Ada");
    EXPECT_EQ(named(std::string(500, 'n')), std::string(100, 'n'));
}

TEST(Jellyfin, RefusalsTellWhoIsRefusedFromJellyfinBeingAway) {
    struct Case {
        const char* what;
        unsigned status;
        std::string body;
        ErrorCode code;
    };
    const auto unavailable = ErrorCode::auth_unavailable;
    const auto not_allowed = ErrorCode::user_not_allowed;
    const Case cases[] = {
        {"unknown token", 401, "", ErrorCode::invalid_token},
        {"API key", 400, "\"Value cannot be null.\"", ErrorCode::invalid_token},
        {"not at this hour", 403, "", not_allowed},
        {"disabled", 200, user_with(id, name, R"({"IsDisabled":true})"), not_allowed},
        {"no playback", 200, user_with(id, name, R"({"EnableMediaPlayback":false})"), not_allowed},
        {"no answer", 0, "", unavailable},
        {"no answer but a body", 0, std::string{ann}, unavailable},
        {"starting", 503, std::string{ann}, unavailable},
        {"moved", 302, std::string{ann}, unavailable},
        {"created", 201, std::string{ann}, unavailable},
        {"no such page", 404, "", unavailable},
        {"a sign-in page", 200, "<html>Sign in</html>", unavailable},
        {"nothing", 200, "", unavailable},
        {"cut off", 200, std::string{ann.substr(0, ann.size() - 1)}, unavailable},
        {"more behind", 200, std::string{ann} + "x", unavailable},
        {"a list", 200, "[" + std::string{ann} + "]", unavailable},
        {"too deep", 200, std::string(100'000, '['), unavailable},
        {"no UTF-8", 200, user_with(id, "\"\xff\"", "{}"), unavailable},
        {"no id", 200, R"({"Name":"Ann","Policy":{}})", unavailable},
        {"id is a number", 200, user_with("7", name, "{}"), unavailable},
        {"id too short", 200, user_with(R"("0123")", name, "{}"), unavailable},
        {"id with dashes", 200, user_with(R"("01234567-89ab-cdef-0123-456789abcdef")", name, "{}"),
         unavailable},
        {"id of other letters", 200, user_with(R"("0123456789abcdef0123456789abcdeg")", name, "{}"),
         unavailable},
        {"no name", 200, "{\"Id\":" + id + ",\"Policy\":{}}", unavailable},
        {"name is null", 200, user_with(id, "null", "{}"), unavailable},
        {"name is blank", 200, user_with(id, R"(" \u0007")", "{}"), unavailable},
        {"no policy", 200, "{\"Id\":" + id + ",\"Name\":\"Ann\"}", unavailable},
        {"policy is a text", 200, user_with(id, name, R"("all")"), unavailable},
    };
    for (const Case& each : cases) {
        const edge::TokenVerdict verdict = read_jellyfin_user(each.status, each.body, now);
        EXPECT_FALSE(verdict.valid) << each.what;
        EXPECT_EQ(verdict.code, each.code) << each.what;
        EXPECT_EQ(verdict.user_id + verdict.user_name, "") << each.what;
    }
}

TEST(Jellyfin, APolicyThatSaysNothingAllows) {
    EXPECT_TRUE(read_jellyfin_user(200, user_with(id, name, "{}"), now).valid);
}

TEST(Jellyfin, TokensAreWhatMayStandInAHeader) {
    for (const std::string& good :
         {std::string{"0123456789abcdef0123456789abcdef"}, std::string{"x"}, std::string{"A-b_c.9"},
          std::string(128, 'x')})
        EXPECT_TRUE(is_jellyfin_token(good)) << good;
    for (const std::string& bad :
         {std::string{}, std::string(129, 'x'), std::string{"a b"}, std::string{"a\"b"},
          std::string{"a\r\nX: y"}, std::string{"a,b"}, std::string{"a\\b"}, std::string{"a/b"},
          std::string{"ä"}, std::string("a\0b", 3)})
        EXPECT_FALSE(is_jellyfin_token(bad)) << bad;
}

TEST(Jellyfin, NoTokenOfItsOwnIsTakenForAJwt) {
    EXPECT_FALSE(is_jwt("0123456789abcdef0123456789abcdef"));
    EXPECT_FALSE(is_jwt("a.b"));
    EXPECT_FALSE(is_jwt("a.b.c.d"));
    EXPECT_TRUE(is_jwt("a.b.c"));
}

TEST(Jellyfin, IsAskedWithTheTokenAndNoDevice) {
    EXPECT_EQ(jellyfin_authorization("abc"), "MediaBrowser Token=\"abc\"");
}

TEST(Jellyfin, ATokenIsRememberedByItsSha256) {
    // FIPS 180-2, B.1.
    EXPECT_EQ(token_digest("abc"),
              std::string("\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
                          "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad",
                          32));
    EXPECT_NE(token_digest("abc"), token_digest("abd"));
}

RC_GTEST_PROP(Jellyfin, BelievesNoNoise, (unsigned status, const std::string& body)) {
    RC_ASSERT(!read_jellyfin_user(status, body, now).valid);
}

} // namespace
} // namespace owp::auth
