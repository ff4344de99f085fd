#include "net/http.hpp"

#include <algorithm>

namespace owp::net {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

std::optional<std::string> percent_decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i]);
            continue;
        }
        const int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0)
            return std::nullopt;
        decoded.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return decoded;
}

// Two nets: the text must consist of plain names only, and what it names, links resolved, must
// still lie in the folder.
std::optional<std::filesystem::path> resolve_under(const std::filesystem::path& root,
                                                   std::string_view url_path) {
    auto decoded = percent_decode(url_path);
    if (!decoded)
        return std::nullopt;
    std::string_view rest = *decoded;
    if (rest.find('\0') != std::string_view::npos || rest.find('\\') != std::string_view::npos)
        return std::nullopt;
    if (rest.starts_with('/'))
        rest.remove_prefix(1);

    std::error_code error;
    const std::filesystem::path base = std::filesystem::canonical(root, error);
    if (error)
        return std::nullopt;
    std::filesystem::path wanted = base;
    while (!rest.empty()) {
        const auto slash = rest.find('/');
        const std::string_view name = rest.substr(0, slash);
        if (name.empty() || name == "." || name == "..")
            return std::nullopt;
        wanted /= name;
        rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    }
    const std::filesystem::path found = std::filesystem::canonical(wanted, error);
    if (error)
        return std::nullopt;
    const auto [base_end, found_at] =
        std::mismatch(base.begin(), base.end(), found.begin(), found.end());
    if (base_end != base.end())
        return std::nullopt;
    return found;
}

} // namespace owp::net
