#include "auth/jellyfin.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <boost/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace owp::auth {

namespace json = boost::json;

namespace {

constexpr std::size_t token_characters_max = 128;
constexpr std::size_t user_id_digits = 32;
/// Jellyfin's tokens have no end of their own: they are asked about again and again.
constexpr Duration good_for = std::chrono::hours{24 * 365};

bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

const json::string* text_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value == nullptr ? nullptr : value->if_string();
}

/// Of a policy that does not say it: what Jellyfin takes for granted.
bool flag_in(const json::object& object, std::string_view name, bool absent) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_bool() ? value->get_bool() : absent;
}

} // namespace

bool is_jellyfin_token(std::string_view token) {
    return !token.empty() && token.size() <= token_characters_max &&
           std::ranges::all_of(token, is_token_character);
}

bool is_jwt(std::string_view token) {
    return std::ranges::count(token, '.') == 2;
}

std::string jellyfin_authorization(std::string_view token) {
    return "MediaBrowser Token=\"" + std::string{token} + "\"";
}

std::string token_digest(std::string_view token) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(token.data(), token.size(), digest.data(), &length, EVP_sha256(), nullptr);
    return {reinterpret_cast<const char*>(digest.data()), length};
}

edge::TokenVerdict read_jellyfin_user(unsigned status, std::string_view body, ServerTime now) {
    if (status == 401 || status == 400) // 400: an API key, which is nobody
        return edge::TokenVerdict::refused(ErrorCode::invalid_token);
    if (status == 403) // not at this hour, or not from here
        return edge::TokenVerdict::refused(ErrorCode::user_not_allowed);
    if (status != 200)
        return edge::TokenVerdict::refused(ErrorCode::auth_unavailable);
    boost::system::error_code failed;
    const json::value value = json::parse(body, failed, {}, {.max_depth = 32});
    if (failed || !value.is_object())
        return edge::TokenVerdict::refused(ErrorCode::auth_unavailable);
    const json::object& user = value.get_object();
    const json::string* id = text_in(user, "Id");
    const json::string* name = text_in(user, "Name");
    const json::value* policy = user.if_contains("Policy");
    if (id == nullptr || name == nullptr || id->size() != user_id_digits || !is_hex(*id) ||
        policy == nullptr || !policy->is_object())
        return edge::TokenVerdict::refused(
            ErrorCode::auth_unavailable); // another program than Jellyfin answers
    if (flag_in(policy->get_object(), "IsDisabled", false) ||
        !flag_in(policy->get_object(), "EnableMediaPlayback", true))
        return edge::TokenVerdict::refused(ErrorCode::user_not_allowed);
    edge::TokenVerdict verdict{.valid = true,
                               .code = {},
                               .user_id = std::string{*id},
                               .user_name = clean_text(*name, user_name_code_points_max),
                               .expires = now + good_for};
    if (verdict.user_name.empty()) // else they could call themselves what they like
        return edge::TokenVerdict::refused(ErrorCode::auth_unavailable);
    std::ranges::transform(verdict.user_id, verdict.user_id.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return verdict;
}

} // namespace owp::auth
