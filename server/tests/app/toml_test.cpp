#include "app/toml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace owp::app {
namespace {

using testing::HasSubstr;

std::string value_of(std::string_view text) {
    const TomlFile file = parse_toml(text);
    EXPECT_EQ(file.error, "") << text;
    return file.entries.size() == 1 ? file.entries.front().value : "not one entry";
}

TEST(Toml, ReadsTheKindsOfValueThatSettingsHave) {
    EXPECT_EQ(value_of("port = 3000"), "3000");
    EXPECT_EQ(value_of("a = -5\n"), "-5");
    EXPECT_EQ(value_of("a=true"), "true");
    EXPECT_EQ(value_of("a = \"x # y\" # comment"), "x # y");
    EXPECT_EQ(value_of("a = 'C:\\x'"), "C:\\x");
    EXPECT_EQ(value_of("a = \"q\\\"\\\\\\t\\n\""), "q\"\\\t\n");
    EXPECT_EQ(value_of("\"a-b\" = 'x'\r\n"), "x");
    EXPECT_EQ(value_of("a = []"), "");
    EXPECT_EQ(value_of("a = ['x', \"y\", 3,]"), "x,y,3");
    EXPECT_EQ(value_of("a = [ # one\n 'x', # two\n\n 'y'\n]"), "x,y");
}

TEST(Toml, KnowsTheLineOfEachEntry) {
    const TomlFile file = parse_toml("# head\n\na = 1\nb = [\n1,\n2]\nc = 3");
    ASSERT_EQ(file.entries.size(), 3U);
    EXPECT_EQ(file.entries[0].line, 3);
    EXPECT_EQ(file.entries[1].line, 4);
    EXPECT_EQ(file.entries[2].line, 7);
}

TEST(Toml, NamesTheLineOfWhatItDoesNotUnderstand) {
    for (const char* text :
         {"ok = 1\n[table]", "ok = 1\njust words", "ok = 1\na = ", "ok = 1\na", "ok = 1\na = words",
          "ok = 1\na = \"open", "ok = 1\na = 'x' y", "ok = 1\na = [1, 2", "ok = 1\na = [[1]]",
          "ok = 1\na = \"\\x\"", "ok = 1\na = 1.5", "ok = 1\n= 1", "ok = 1\na = ['x,y']",
          "ok = 1\na = \"\"\"x\"\"\"", "ok = 1\na.b = 1"}) {
        const TomlFile file = parse_toml(text);
        EXPECT_THAT(file.error, HasSubstr("line 2:")) << text;
        EXPECT_EQ(file.entries.size(), 1U) << text;
    }
}

TEST(Toml, RefusesAFileThatIsTooLarge) {
    EXPECT_NE(parse_toml(std::string(toml_bytes_max + 1, '\n')).error, "");
}

RC_GTEST_PROP(Toml, EndsOnAnyText, (const std::string& text)) {
    (void)parse_toml(text);
    (void)parse_toml("a = " + text);
    (void)parse_toml("a = [" + text);
}

} // namespace
} // namespace owp::app
