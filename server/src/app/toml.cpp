#include "app/toml.hpp"

#include <algorithm>
#include <optional>

namespace owp::app {
namespace {

constexpr std::string_view bare_key_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view bare_value_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+.";

class Parser {
public:
    explicit Parser(std::string_view text) : rest_{text} {}

    TomlFile parse() {
        TomlFile file;
        while (skip_blank_lines(), !rest_.empty() && error_.empty()) {
            TomlEntry entry;
            entry.line = line_;
            entry.key = key();
            if (error_.empty())
                entry.value = value(true);
            if (error_.empty())
                end_of_line();
            if (error_.empty())
                file.entries.push_back(std::move(entry));
        }
        file.error = error_;
        return file;
    }

private:
    void fail(std::string_view what) {
        if (error_.empty())
            error_ = "line " + std::to_string(line_) + ": " + std::string{what};
    }
    bool take(char wanted) {
        if (rest_.empty() || rest_.front() != wanted)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    std::string_view take_while(std::string_view characters) {
        const std::size_t length = std::min(rest_.find_first_not_of(characters), rest_.size());
        const std::string_view taken = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return taken;
    }
    void skip_spaces_and_comment() {
        (void)take_while(" \t\r");
        if (!rest_.empty() && rest_.front() == '#')
            rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    }
    void skip_blank_lines() {
        while (skip_spaces_and_comment(), take('\n'))
            ++line_;
    }
    void end_of_line() {
        skip_spaces_and_comment();
        if (!rest_.empty() && rest_.front() != '\n')
            fail("one setting a line: something follows the value");
    }

    std::string key() {
        if (rest_.front() == '[') {
            fail("tables are not used here: write `name = value`");
            return {};
        }
        std::string name;
        if (rest_.front() == '"' || rest_.front() == '\'')
            name = string();
        else
            name = take_while(bare_key_characters);
        (void)take_while(" \t");
        if (name.empty() || !take('='))
            fail("expected `name = value`");
        return name;
    }

    std::string value(bool array_allowed) {
        (void)take_while(" \t");
        if (rest_.empty()) {
            fail("the value is missing");
            return {};
        }
        if (rest_.front() == '"' || rest_.front() == '\'')
            return string();
        if (rest_.front() == '[' && array_allowed)
            return array();
        std::string bare{take_while(bare_value_characters)};
        const bool number = !bare.empty() && bare.find_first_not_of("+-0123456789") == bare.npos;
        if (!number && bare != "true" && bare != "false")
            fail("the value is neither a string in quotes, a whole number, true, false nor a list");
        return bare;
    }

    std::string array() {
        std::string joined;
        rest_.remove_prefix(1);
        for (skip_blank_lines(); error_.empty() && !take(']'); skip_blank_lines()) {
            const std::string item = value(false);
            if (item.find(',') != item.npos)
                fail("an item of a list must not contain a comma");
            joined += (joined.empty() ? "" : ",") + item;
            skip_blank_lines();
            if (!take(',') && (rest_.empty() || rest_.front() != ']'))
                fail("the list is not closed");
        }
        return joined;
    }

    std::string string() {
        const char quote = rest_.front();
        std::string text;
        for (rest_.remove_prefix(1); !take(quote);) {
            if (rest_.empty() || rest_.front() == '\n') {
                fail("the string is not closed");
                return {};
            }
            const char character = rest_.front();
            rest_.remove_prefix(1);
            if (character == '\\' && quote == '"')
                text += escape();
            else
                text += character;
        }
        return text;
    }

    char escape() {
        constexpr std::string_view names = "\"\\tnr", meanings = "\"\\\t\n\r";
        const std::size_t found = rest_.empty() ? names.npos : names.find(rest_.front());
        if (found == names.npos) {
            fail("unknown escape in a string: only \\\" \\\\ \\t \\n \\r");
            return ' ';
        }
        rest_.remove_prefix(1);
        return meanings[found];
    }

    std::string_view rest_;
    int line_ = 1;
    std::string error_;
};

} // namespace

TomlFile parse_toml(std::string_view text) {
    if (text.size() > toml_bytes_max)
        return {.entries = {}, .error = "line 1: the file is larger than 256 KiB"};
    return Parser{text}.parse();
}

} // namespace owp::app
