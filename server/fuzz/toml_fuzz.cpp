// A configuration file of any bytes: the parser ends, says where it stopped, and what the loader
// makes of it is either an error that fits on a line or settings that print back to themselves.
#include "app/config.hpp"
#include "app/toml.hpp"

#include <cstdio>
#include <cstdlib>

namespace {

using namespace owp::app;

void require(bool held, const char* what) {
    if (held)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

void require_line(const std::string& text) {
    require(!text.empty() && text.size() < 1000, "a message is short");
    for (const char character : text)
        require(static_cast<unsigned char>(character) >= ' ', "a message is one printable line");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const TomlFile file = parse_toml(text);
    int line = 0;
    for (const TomlEntry& entry : file.entries) {
        require(entry.line > line, "one setting a line, in order");
        line = entry.line;
        require(!entry.key.empty() && entry.key.size() + entry.value.size() <= size,
                "entries are made of the text");
    }
    const LoadedConfig loaded = load_config({}, {}, text);
    for (const std::string& error : loaded.errors)
        require_line(error);
    for (const std::string& warning : loaded.warnings)
        require_line(warning);
    require(file.error.empty() || !loaded.errors.empty(), "bad TOML is an error");
    if (!loaded.errors.empty() || !loaded.config.jwt_secret.empty())
        return 0; // a secret is printed masked
    const std::string printed = print_config(loaded);
    const LoadedConfig again = load_config({}, {}, printed);
    require(again.errors.empty() && again.sources.size() == settings().size(),
            "what is printed is read again");
    for (const Setting& setting : settings())
        require(setting.show(again.config) == setting.show(loaded.config),
                "a setting is printed as it is");
    return 0;
}
