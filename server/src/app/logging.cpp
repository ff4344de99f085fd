#include "app/logging.hpp"

#include <boost/json.hpp>
#include <fmt/chrono.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace owp::app {
namespace {

std::string_view view(spdlog::string_view_t text) {
    return {text.data(), text.size()};
}

class JsonFormatter : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override {
        const auto time = std::chrono::floor<std::chrono::milliseconds>(message.time);
        const auto millisecond = time.time_since_epoch().count() % 1000;
        const boost::json::object object{
            {"time", fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                                 fmt::gmtime(std::chrono::system_clock::to_time_t(message.time)),
                                 millisecond)},
            {"level", view(spdlog::level::to_string_view(message.level))},
            {"message", view(message.payload)}};
        const std::string text = boost::json::serialize(object) + "\n";
        line.append(text.data(), text.data() + text.size());
    }
    [[nodiscard]] std::unique_ptr<formatter> clone() const override {
        return std::make_unique<JsonFormatter>();
    }
};

} // namespace

std::unique_ptr<spdlog::formatter> make_json_formatter() {
    return std::make_unique<JsonFormatter>();
}

void start_logging(const Config& config) {
    auto logger = std::make_shared<spdlog::logger>(
        "owp", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    if (config.log_format == LogFormat::json)
        logger->set_formatter(make_json_formatter());
    else
        logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v");
    logger->set_level(spdlog::level::from_str(config.log_level));
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

} // namespace owp::app
