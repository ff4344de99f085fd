#include "app/logging.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

namespace owp::app {
namespace {

std::string json_line(std::string_view text) {
    const spdlog::log_clock::time_point time{std::chrono::milliseconds{1'700'000'000'250}};
    const spdlog::details::log_msg message{
        time, spdlog::source_loc{}, "owp", spdlog::level::warn, {text.data(), text.size()}};
    spdlog::memory_buf_t line;
    make_json_formatter()->format(message, line);
    return {line.data(), line.size()};
}

TEST(Logging, WritesOneJsonObjectALine) {
    const std::string line = json_line("it's \"so\"\nand\x1b[31m so");
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
    EXPECT_EQ(boost::json::parse(line.substr(0, line.size() - 1)),
              (boost::json::value{{"time", "2023-11-14T22:13:20.250Z"},
                                  {"level", "warning"},
                                  {"message", "it's \"so\"\nand\x1b[31m so"}}));
}

TEST(Logging, WritesWhatItsLevelAsksFor) {
    Config config;
    config.log_level = "error";
    config.log_format = LogFormat::json;
    testing::internal::CaptureStderr();
    start_logging(config);
    spdlog::warn("less");
    spdlog::error("more");
    spdlog::default_logger()->flush();
    const std::string written = testing::internal::GetCapturedStderr();
    EXPECT_EQ(written.find("less"), std::string::npos);
    EXPECT_NE(written.find(R"("message":"more")"), std::string::npos);
}

} // namespace
} // namespace owp::app
