#include "app/config.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace owp::app {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Config, HasTheDefaultsThatDeploymentsOfTheOriginalRelyOn) {
    const LoadedConfig loaded = load_config({}, {}, "");
    EXPECT_THAT(loaded.errors, IsEmpty());
    EXPECT_THAT(loaded.warnings, IsEmpty());
    EXPECT_EQ(loaded.config.host, "0.0.0.0");
    EXPECT_EQ(loaded.config.port, 3000);
    EXPECT_THAT(loaded.config.allowed_origins,
                ElementsAre("http://localhost:8096", "https://localhost:8096"));
    EXPECT_TRUE(loaded.config.jwt_secret.empty());
    EXPECT_EQ(loaded.config.jwt_audience, "OpenWatchParty");
    EXPECT_EQ(loaded.config.jwt_issuer, "Jellyfin");
}

TEST(Config, PingsTwiceInTheMinuteThatProxiesLeaveAnIdleSocketOpen) {
    EXPECT_LT(2 * Config{}.ping_interval, std::chrono::seconds{60});
}

TEST(Config, TakesTheEnvironmentOfTheOriginal) {
    const Config c = load_config({},
                                 {{"PORT", "4000"},
                                  {"HOST", "127.0.0.1"},
                                  {"ALLOWED_ORIGINS", " http://a , https://b:1,"},
                                  {"JWT_SECRET", "s"},
                                  {"JWT_AUDIENCE", "A"},
                                  {"JWT_ISSUER", "I"},
                                  {"LOG_LEVEL", "debug"}},
                                 "")
                         .config;
    EXPECT_EQ(c.port, 4000);
    EXPECT_EQ(c.host, "127.0.0.1");
    EXPECT_THAT(c.allowed_origins, ElementsAre("http://a", "https://b:1"));
    EXPECT_EQ(c.jwt_secret.reveal(), "s");
    EXPECT_EQ(c.jwt_audience, "A");
    EXPECT_EQ(c.jwt_issuer, "I");
    EXPECT_EQ(c.log_level, "debug");
}

TEST(Config, LetsTheStrongerSourceWin) {
    const Texts flag{{"port", "1"}};
    const Texts variable{{"PORT", "2"}};
    const std::string_view file = "port = 3";
    struct Case {
        LoadedConfig loaded;
        int port;
    };
    EXPECT_EQ(load_config(flag, variable, file).config.port, 1);
    EXPECT_EQ(load_config({}, variable, file).config.port, 2);
    EXPECT_EQ(load_config({}, {}, file).config.port, 3);
    EXPECT_EQ(load_config(flag, variable, file).sources.at("port"), Source::flag);
    EXPECT_EQ(load_config({}, variable, file).sources.at("port"), Source::environment);
    EXPECT_EQ(load_config({}, {}, file).sources.at("port"), Source::file);
    EXPECT_EQ(load_config({}, {{"PORT", ""}}, "").config.port, 3000); // empty is unset
}

TEST(Config, EverySettingGoesByFlagEnvironmentAndFile) {
    for (const Setting& setting : settings()) {
        const std::string name{setting.name};
        // The default is a value that each setting takes; an empty one is given as text.
        std::string value = setting.show(Config{});
        if (value.empty())
            value = "x";
        const std::string file = name + " = \"" + value + "\"";
        EXPECT_EQ(load_config({{name, value}}, {}, "").sources.at(name), Source::flag) << name;
        EXPECT_EQ(load_config({}, {{std::string{setting.environment}, value}}, "").sources.at(name),
                  Source::environment)
            << name;
        EXPECT_EQ(load_config({}, {}, file).sources.at(name), Source::file) << name;
    }
}

TEST(Config, EveryNameIsUniqueAndEverySettingExplained) {
    std::set<std::string_view> names, variables;
    for (const Setting& setting : settings()) {
        EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
        EXPECT_TRUE(variables.insert(setting.environment).second) << setting.environment;
        EXPECT_FALSE(setting.help.empty()) << setting.name;
        EXPECT_FALSE(setting.help.ends_with('.')) << setting.name;
    }
}

struct Bad {
    const char* name;
    const char* value;
};
class BadValue : public testing::TestWithParam<Bad> {};

TEST_P(BadValue, IsOneLineThatNamesItsSettingAndChangesNothing) {
    const auto& [name, value] = GetParam();
    const LoadedConfig loaded = load_config({{name, value}}, {}, "");
    ASSERT_EQ(loaded.errors.size(), 1U);
    EXPECT_TRUE(loaded.errors.front().starts_with(std::string{name} + ": "))
        << loaded.errors.front();
    EXPECT_EQ(loaded.errors.front().find('\n'), std::string::npos);
}
INSTANTIATE_TEST_SUITE_P(
    Config, BadValue,
    testing::Values(Bad{"port", "65536"}, Bad{"port", "-1"}, Bad{"port", "80x"}, Bad{"port", " 80"},
                    Bad{"port", ""}, Bad{"port", "1e3"}, Bad{"threads", "257"},
                    Bad{"max-connections", "0"}, Bad{"max-connections", "99999999999999999999"},
                    Bad{"members-per-room", "0"}, Bad{"rooms-per-user", "0"},
                    Bad{"messages-per-second", "0"}, Bad{"lead", "long"}, Bad{"ready-wait", "2"},
                    Bad{"ready-wait", "2 s"}, Bad{"ready-wait", "61s"}, Bad{"ready-wait", "-1s"},
                    Bad{"ready-wait", "4294967296s"}, Bad{"log-level", "loud\n\x1b[31m"},
                    Bad{"log-format", "xml"}, Bad{"watch-page", "maybe"}, Bad{"media", "a\nb"},
                    Bad{"allowed-origins", "http://a\r\nX: 1"}, Bad{"host", "here"},
                    Bad{"host", ""}, Bad{"trusted-proxies", "10.0.0.0/33"},
                    Bad{"trusted-proxies", "proxy.example"}, Bad{"jwt-audience", ""},
                    Bad{"jwt-issuer", ""}, Bad{"tls-cert", "x"}, Bad{"tls-key", "x"},
                    Bad{"jwt-public-key-file", "x"}, Bad{"dead-after", "1s"},
                    Bad{"jwt-previous-key-file", "x"}, Bad{"jwt-revoked-file", "x"},
                    Bad{"embedded", "maybe"}, Bad{"embedded", "on"}, Bad{"unix-socket", "x"}));

TEST(Config, RefusesSettingsThatContradictEachOther) {
    const auto errors = [](const Texts& flags) { return load_config(flags, {}, "").errors; };
    EXPECT_THAT(errors({{"jwt-secret", "s"}, {"jwt-secret-file", "f"}}),
                ElementsAre(HasSubstr("jwt-secret-file")));
    EXPECT_THAT(errors({{"jwt-algorithm", "RS256"}}),
                ElementsAre(HasSubstr("jwt-public-key-file")));
    EXPECT_THAT(
        errors({{"jwt-algorithm", "ES256"}, {"jwt-public-key-file", "f"}, {"jwt-secret", "s"}}),
        ElementsAre(HasSubstr("jwt-secret")));
    EXPECT_THAT(errors({{"jwt-algorithm", "ES256"}, {"jwt-public-key-file", "f"}}), IsEmpty());
    EXPECT_THAT(errors({{"tls-cert", "c"}, {"tls-key", "k"}}), IsEmpty());
}

TEST(Config, RefusesWhatHasNoMeaningWhenEmbedded) {
    const Texts embedded{{"embedded", "on"}, {"unix-socket", "s"}};
    EXPECT_THAT(load_config(embedded, {}, "").errors, IsEmpty());
    for (const auto& [name, value] : {std::pair{"host", "127.0.0.1"},
                                      {"port", "1"},
                                      {"allowed-origins", "http://a"},
                                      {"trusted-proxies", "10.0.0.0/8"},
                                      {"jwt-secret", "s"},
                                      {"jwt-audience", "A"}}) {
        Texts more = embedded;
        more.emplace(name, value);
        EXPECT_THAT(load_config(more, {}, "").errors,
                    ElementsAre(HasSubstr("has no meaning with embedded")))
            << name;
        EXPECT_THAT(load_config(embedded, {}, fmt::format("{} = '{}'", name, value)).errors,
                    ElementsAre(HasSubstr("has no meaning with embedded")))
            << name;
    }
    // The parent's, not meant for us.
    EXPECT_THAT(
        load_config(embedded, {{"HOST", "127.0.0.1"}, {"PORT", "1"}, {"JWT_SECRET", "s"}}, "")
            .errors,
        IsEmpty());
}

TEST(Config, ReportsUnknownKeysWithTheNearestKnownName) {
    EXPECT_THAT(
        load_config({}, {}, "prot = 1").errors,
        ElementsAre("configuration file, line 1: unknown setting prot; did you mean port?"));
    EXPECT_THAT(load_config({}, {}, "\nmax_connections = 1").errors,
                ElementsAre(HasSubstr("did you mean max-connections?")));
    EXPECT_THAT(load_config({}, {}, "zzzzzzzzzzzz = 1").errors,
                ElementsAre("configuration file, line 1: unknown setting zzzzzzzzzzzz"));
    EXPECT_THAT(load_config({}, {{"OWP_THREAD", "1"}}, "").warnings,
                ElementsAre("unknown environment variable OWP_THREAD; did you mean OWP_THREADS?"));
    EXPECT_THAT(load_config({}, {{"OWP_CONFIG", "f"}, {"PATH", "x"}}, "").warnings, IsEmpty());
}

TEST(Config, ReportsAKeyGivenTwiceAndTextThatIsNoToml) {
    EXPECT_THAT(load_config({}, {}, "port = 1\nport = 2").errors,
                ElementsAre(HasSubstr("lines 1 and 2")));
    EXPECT_THAT(load_config({}, {}, "port = 1\n[x]").errors, ElementsAre(HasSubstr("line 2")));
}

TEST(Config, TakesListsFromArrays) {
    EXPECT_THAT(
        load_config({}, {}, "allowed-origins = ['http://a', 'http://b']").config.allowed_origins,
        ElementsAre("http://a", "http://b"));
    EXPECT_THAT(load_config({}, {}, "allowed-origins = []").config.allowed_origins, IsEmpty());
    EXPECT_FALSE(
        load_config({{"allowed-origins", std::string(20'000, 'x')}}, {}, "").errors.empty());
}

TEST(Config, WarnsOfOriginsThatNoBrowserSends) {
    EXPECT_THAT(load_config({{"allowed-origins", "http://a/,*,https://b:1"}}, {}, "").warnings,
                ElementsAre(HasSubstr("http://a/")));
}

TEST(Config, NeverPrintsASecret) {
    const std::string secret = "correct horse battery staple";
    LoadedConfig loaded = load_config({{"jwt-secret", secret}}, {}, "");
    EXPECT_EQ(print_config(loaded).find(secret), std::string::npos);
    EXPECT_THAT(print_config(loaded), HasSubstr("jwt-secret = \"********\" # flag"));
    loaded = load_config({{"jwt-secret", secret + std::string(5000, 'x')}}, {}, "");
    ASSERT_EQ(loaded.errors.size(), 1U);
    EXPECT_EQ(loaded.errors.front().find(secret), std::string::npos);
}

TEST(Config, PrintsWhatItWouldReadAgain) {
    const LoadedConfig loaded =
        load_config({{"media", "a\"b\\c"}, {"ready-wait", "1500ms"}}, {}, "port = 4");
    const LoadedConfig again = load_config({}, {}, print_config(loaded));
    EXPECT_THAT(again.errors, IsEmpty());
    for (const Setting& setting : settings())
        EXPECT_EQ(setting.show(again.config), setting.show(loaded.config)) << setting.name;
}

TEST(Config, UnderstandsTimes) {
    using namespace std::chrono;
    EXPECT_EQ(parse_duration("250ms"), milliseconds{250});
    EXPECT_EQ(parse_duration("2s"), seconds{2});
    EXPECT_EQ(parse_duration("3m"), minutes{3});
    EXPECT_EQ(parse_duration("1h"), hours{1});
    EXPECT_EQ(parse_duration("7d"), days{7});
    for (const char* text : {"", "s", "1", "1 s", "-1s", "1.5s", "1sec", "99999999999s"})
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

std::string file_text(const std::string& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(Config, IsDocumentedAsItIs) {
    // If this fails: owp-server config-docs > docs/operators/configuration.md
    EXPECT_EQ(file_text(OWP_SOURCE_DIR "/docs/operators/configuration.md"), config_page());
}

} // namespace
} // namespace owp::app
