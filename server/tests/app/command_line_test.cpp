#include "app/command_line.hpp"

#include "app/exit_codes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Parsed {
    Invocation invocation;
    std::string out;
    std::string err;
};
Parsed parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "owp-server");
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Parsed parsed;
    parsed.invocation = parse_command_line(static_cast<int>(arguments.size()), arguments.data());
    parsed.out = testing::internal::GetCapturedStdout();
    parsed.err = testing::internal::GetCapturedStderr();
    return parsed;
}

TEST(CommandLine, ServesUnlessToldOtherwise) {
    EXPECT_EQ(parse({}).invocation.command, Command::serve);
    EXPECT_EQ(parse({"serve"}).invocation.command, Command::serve);
    EXPECT_EQ(parse({"check-config"}).invocation.command, Command::check_config);
    EXPECT_EQ(parse({"print-config"}).invocation.command, Command::print_config);
    EXPECT_EQ(parse({}).invocation.exit_code, std::nullopt);
}

TEST(CommandLine, TakesEverySettingBeforeAndAfterTheCommand) {
    for (const Setting& setting : settings()) {
        const std::string flag = "--" + std::string{setting.name};
        const Texts expected{{std::string{setting.name}, "v"}};
        EXPECT_EQ(parse({flag.c_str(), "v"}).invocation.flags, expected);
        EXPECT_EQ(parse({"check-config", (flag + "=v").c_str()}).invocation.flags, expected);
    }
    EXPECT_EQ(parse({"--config", "f"}).invocation.config_file, "f");
}

TEST(CommandLine, TakesASwitchAlone) {
    const Texts expected{{"embedded", "on"}, {"unix-socket", "s"}};
    EXPECT_EQ(parse({"serve", "--embedded", "--unix-socket", "s"}).invocation.flags, expected);
    EXPECT_EQ(parse({"--unix-socket", "s", "--embedded"}).invocation.flags, expected);
    EXPECT_EQ(parse({"--embedded", "off"}).invocation.flags.at("embedded"), "off");
    const Invocation before = parse({"--embedded", "check-config"}).invocation;
    EXPECT_EQ(before.command, Command::check_config);
    EXPECT_EQ(before.flags.at("embedded"), "on");
}

TEST(CommandLine, LetsTheLastOfARepeatedFlagCount) {
    EXPECT_EQ(parse({"--port", "1", "--port", "2"}).invocation.flags.at("port"), "2");
}

TEST(CommandLine, MintsForAUserAndATime) {
    const Invocation minted =
        parse({"token", "--user", "u", "--name", "Ann", "--ttl", "7d"}).invocation;
    EXPECT_EQ(minted.command, Command::token);
    EXPECT_EQ(minted.user_id, "u");
    EXPECT_EQ(minted.user_name, "Ann");
    EXPECT_EQ(minted.ttl, std::chrono::days{7});
    for (const char* ttl : {"0s", "soon", "-1h", "4000d", ""})
        EXPECT_EQ(parse({"token", "--user", "u", "--name", "A", "--ttl", ttl}).invocation.exit_code,
                  exit_bad_usage)
            << ttl;
    EXPECT_EQ(parse({"token"}).invocation.exit_code, exit_bad_usage);
}

TEST(CommandLine, SaysWhatMakesNoSense) {
    const Parsed unknown = parse({"--frobnicate"});
    EXPECT_EQ(unknown.invocation.exit_code, exit_bad_usage);
    EXPECT_THAT(unknown.err, HasSubstr("frobnicate"));
    EXPECT_EQ(parse({"dance"}).invocation.exit_code, exit_bad_usage);
    EXPECT_EQ(parse({"serve", "check-config"}).invocation.exit_code, exit_bad_usage);
    EXPECT_EQ(parse({"--port"}).invocation.exit_code, exit_bad_usage);
}

TEST(CommandLine, ExplainsEverySetting) {
    const Parsed help = parse({"--help"});
    EXPECT_EQ(help.invocation.exit_code, exit_good);
    for (const Setting& setting : settings())
        EXPECT_THAT(help.out, AllOf(HasSubstr("--" + std::string{setting.name}),
                                    HasSubstr(std::string{setting.environment})));
    EXPECT_THAT(help.out, Not(HasSubstr("config-docs")));
    EXPECT_EQ(parse({"--version"}).invocation.exit_code, exit_good);
}

} // namespace
} // namespace owp::app
