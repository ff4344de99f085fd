#include "load/metrics_page.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <charconv>

namespace owp::load {

namespace asio = boost::asio;
using asio::ip::tcp;

std::map<std::string, double> parse_metrics(std::string_view text) {
    std::map<std::string, double> samples;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::size_t space = line.rfind(' ');
        if (line.starts_with('#') || space == line.npos)
            continue;
        double value = 0;
        const auto [end, error] =
            std::from_chars(line.data() + space + 1, line.data() + line.size(), value);
        if (error == std::errc{} && end == line.data() + line.size())
            samples.emplace(line.substr(0, space), value);
    }
    return samples;
}

std::map<std::string, double> scrape(std::uint16_t port) {
    asio::io_context io;
    tcp::socket socket{io};
    socket.connect({asio::ip::address_v4::loopback(), port});
    constexpr std::string_view request =
        "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    asio::write(socket, asio::buffer(request));
    std::string answer;
    boost::system::error_code error;
    asio::read(socket, asio::dynamic_buffer(answer), error);
    if (error != asio::error::eof)
        throw boost::system::system_error{error};
    const std::size_t body = answer.find("\r\n\r\n");
    return parse_metrics(std::string_view{answer}.substr(std::min(body, answer.size())));
}

} // namespace owp::load
