#include "app/metrics.hpp"

#include "net/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace owp::app {
namespace {

using NetCounter = std::atomic<std::uint64_t> net::Counters::*;

struct Row {
    std::string_view name;
    std::string_view labels; // rows of one name stand together
    std::string_view type;
    std::string_view help;
    std::optional<Metric> metric = {}; // kept by the shards …
    NetCounter counter = nullptr;      // … or by net/
    double unit = 1;                   // what is kept, times this, is what is shown
    bool worst = false;                // of the shards: the largest, not the sum
};

constexpr std::array rows{
    Row{"owp_rooms", "", "gauge", "Rooms open", Metric::rooms},
    Row{"owp_members", "", "gauge", "Members of all rooms", Metric::members},
    Row{"owp_sessions", "", "gauge", "WebSocket sessions open", Metric::sessions},
    Row{"owp_messages_received_total", "", "counter", "Messages from clients",
        Metric::messages_received},
    Row{"owp_messages_sent_total", "", "counter", "Messages to clients, each receiver counted",
        Metric::messages_sent},
    Row{"owp_deliveries_total", "", "counter", "Those of them that came from a room",
        Metric::deliveries},
    Row{"owp_rooms_created_total", "", "counter", "Rooms ever created", Metric::rooms_created},
    Row{"owp_tokens_total", "verdict=\"accepted\"", "counter", "Tokens judged",
        Metric::tokens_accepted},
    Row{"owp_tokens_total", "verdict=\"refused\"", "counter", "Tokens judged",
        Metric::tokens_refused},
    Row{"owp_send_queue_bytes", "", "gauge",
        "Bytes that wait for slow receivers, sampled each second", Metric::queued_bytes},
    Row{"owp_timers", "", "gauge",
        "Sessions and rooms that are to be woken at some time, sampled each second",
        Metric::timers},
    Row{"owp_loop_lag_seconds", "", "gauge",
        "How late the last timer of the latest thread was, sampled each second",
        Metric::loop_lag_microseconds, nullptr, 1e-6, true},
    Row{"owp_connections",
        "kind=\"all\"",
        "gauge",
        "Connections open",
        {},
        &net::Counters::open_connections},
    Row{"owp_connections",
        "kind=\"websocket\"",
        "gauge",
        "Connections open",
        {},
        &net::Counters::open_websockets},
    Row{"owp_connections_accepted_total",
        "",
        "counter",
        "Connections accepted",
        {},
        &net::Counters::accepted},
    Row{"owp_connections_refused_total",
        "reason=\"full\"",
        "counter",
        "Connections refused",
        {},
        &net::Counters::refused_full},
    Row{"owp_connections_refused_total",
        "reason=\"origin\"",
        "counter",
        "Connections refused",
        {},
        &net::Counters::refused_origin},
    Row{"owp_connections_refused_total",
        "reason=\"bad_request\"",
        "counter",
        "Connections refused",
        {},
        &net::Counters::bad_requests},
    Row{"owp_http_requests_total",
        "",
        "counter",
        "Requests that are not WebSockets",
        {},
        &net::Counters::http_requests},
    Row{"owp_drops_total",
        "reason=\"superseded\"",
        "counter",
        "Frames not sent because a newer one replaced them, and receivers dropped as too slow",
        {},
        &net::Counters::superseded_frames},
    Row{"owp_drops_total",
        "reason=\"too_slow\"",
        "counter",
        "Frames not sent because a newer one replaced them, and receivers dropped as too slow",
        {},
        &net::Counters::too_slow},
    Row{"owp_bytes_sent_total",
        "",
        "counter",
        "Bytes of WebSocket frames sent",
        {},
        &net::Counters::bytes_sent},
};
constexpr Row errors_row{"owp_errors_total", "code", "counter", "Errors told to clients"};

double value_of(const Row& row, std::span<const Metrics* const> shards, const net::Counters& net) {
    if (row.counter != nullptr)
        return static_cast<double>((net.*row.counter).load(std::memory_order_relaxed));
    std::int64_t sum = 0;
    std::int64_t largest = 0;
    for (const Metrics* shard : shards) {
        const std::int64_t value = shard->value(*row.metric);
        sum += value;
        largest = std::max(largest, value);
    }
    return static_cast<double>(row.worst ? largest : sum) * row.unit;
}

std::string heading(const Row& row) {
    return fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", row.name, row.help, row.type);
}

} // namespace

std::string metrics_text(std::span<const Metrics* const> shards, const net::Counters& net) {
    std::string text;
    std::string_view last;
    for (const Row& row : rows) {
        if (row.name != last)
            text += heading(row);
        last = row.name;
        text += row.labels.empty() ? fmt::format("{} ", row.name)
                                   : fmt::format("{}{{{}}} ", row.name, row.labels);
        text += fmt::format("{}\n", value_of(row, shards, net));
    }
    text += heading(errors_row);
    for (std::size_t i = 0; i < error_codes; ++i) {
        const auto code = static_cast<ErrorCode>(i);
        std::int64_t sum = 0;
        for (const Metrics* shard : shards)
            sum += shard->errors(code);
        text += fmt::format("{}{{code=\"{}\"}} {}\n", errors_row.name, name_of(code), sum);
    }
    return text;
}

std::string metrics_page() {
    std::string page = "# Metrics\n\n"
                       "<!-- Generated by `owp-server metrics-docs`. Do not edit. -->\n\n"
                       "`GET /metrics` answers in the text format of Prometheus.\n\n"
                       "| name | labels | type | meaning |\n|---|---|---|---|\n";
    for (const Row& row : rows)
        page += fmt::format("| `{}` | {} | {} | {} |\n", row.name,
                            row.labels.empty() ? "" : fmt::format("`{}`", row.labels), row.type,
                            row.help);
    page += fmt::format("| `{}` | `code`, as in the list of codes | {} | {} |\n", errors_row.name,
                        errors_row.type, errors_row.help);
    return page;
}

} // namespace owp::app
