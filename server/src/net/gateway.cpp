#include "net/gateway.hpp"

#include "net/http.hpp"
#include "protocol/text.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace owp::net {
namespace {

constexpr std::size_t user_id_bytes_max = 64;
constexpr std::size_t name_bytes_max = 1024; // far above what is shown of it

bool is_user_id(std::string_view id) {
    return !id.empty() && id.size() <= user_id_bytes_max &&
           std::ranges::all_of(id, [](char c) { return c >= ' ' && c <= '~'; });
}

/// The name that the header stands for; none if it is no plain text.
std::optional<std::string> read_name(std::string_view header) {
    std::optional<std::string> name = percent_decode(header);
    const auto is_control = [](unsigned char c) { return c < ' ' || c == '\x7f'; };
    if (!name || name->empty() || name->size() > name_bytes_max || !is_utf8(*name) ||
        std::ranges::any_of(*name, is_control))
        return std::nullopt;
    return name;
}

} // namespace

std::variant<GatewayRefused, GatewayPassed> judge_gateway(const Head& head,
                                                          std::string_view secret) {
    const auto secrets = head.all("X-OpenWatchParty-Secret");
    if (secret.empty() || secrets.size() != 1 || secrets.front().size() != secret.size() ||
        CRYPTO_memcmp(secrets.front().data(), secret.data(), secret.size()) != 0)
        return GatewayRefused{403, "X-OpenWatchParty-Secret is missing or wrong."};

    const auto addresses = head.all("X-Forwarded-For");
    std::optional<Address> client;
    if (addresses.size() == 1)
        client = parse_forwarded(addresses.front());
    if (head.all("Upgrade").empty())
        return GatewayPassed{std::nullopt, client};

    const auto users = head.all("X-OpenWatchParty-User");
    if (users.size() != 1 || !is_user_id(users.front()))
        return GatewayRefused{
            400, "X-OpenWatchParty-User must be 1 to 64 printable ASCII characters, once."};
    const auto names = head.all("X-OpenWatchParty-Name");
    std::optional<std::string> name;
    if (names.size() == 1)
        name = read_name(names.front());
    if (!name)
        return GatewayRefused{400, "X-OpenWatchParty-Name must be UTF-8 text of at most 1024 bytes "
                                   "without control characters, percent-encoded, once."};
    if (!client)
        return GatewayRefused{400, "X-Forwarded-For must be the client's address, once."};
    return GatewayPassed{GatewayUser{std::string{users.front()}, std::move(*name)}, client};
}

} // namespace owp::net
