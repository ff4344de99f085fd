// Whatever comes over a socket, in two stages: the pure decisions about a request on the bytes as
// they are, then a live server on loopback that gets them, as HTTP or (after an upgrade that
// succeeds) as WebSocket frames. The first byte chooses how.
#include "net/address.hpp"
#include "net/gateway.hpp"
#include "net/head.hpp"
#include "net/response_plan.hpp"
#include "net/server.hpp"
#include "net/upgrade.hpp"
#include "protocol/text.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace {

using namespace owp::net;

void require(bool held, const char* what) {
    if (held)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

/// Once more where libFuzzer's clock interrupted it.
template <class Call>
auto repeated(const Call& call) {
    auto result = call();
    while (result < 0 && errno == EINTR)
        result = call();
    return result;
}

ListenOptions options() {
    ListenOptions options;
    options.port = 0;
    options.allowed_origins = {"http://localhost:8096"};
    options.header_limit = 2048;
    options.message_bytes_max = 4096;
    options.send_queue_bytes_max = 16 * 1024;
    options.trusted_proxies = {"127.0.0.0/8", "::/0"};
    return options;
}

void decide(std::string_view bytes) {
    static const ListenOptions given = options();
    static const std::vector<Network> trusted{*parse_network("127.0.0.0/8")};
    static const std::filesystem::path root = std::filesystem::current_path();

    const auto parsed = parse_head(bytes, given.header_limit);
    if (const auto* complete = std::get_if<HeadComplete>(&parsed)) {
        const Head& head = complete->head;
        require(complete->bytes <= bytes.size() && head.path.starts_with('/'), "head");
        const auto decision = decide_upgrade(head, complete->bytes < bytes.size(), given);
        if (std::holds_alternative<UpgradeGranted>(decision))
            require(head.method == "GET" && head.path == given.websocket_path, "granted");
        static_cast<void>(client_address(boost::asio::ip::address_v4::loopback(),
                                         head.all("X-Forwarded-For"), trusted));
        const auto judged = judge_gateway(head, "secret");
        if (const auto* passed = std::get_if<GatewayPassed>(&judged)) {
            require(head.all("X-OpenWatchParty-Secret").size() == 1, "the secret was shown");
            if (passed->user)
                require(passed->client && owp::is_utf8(passed->user->name),
                        "a user has an address");
        }
        Request request;
        request.path = head.path;
        request.headers = head.headers;
        Response response;
        response.body = FileBody{"/proc/self/exe"};
        static_cast<void>(plan_response(request, response, head.keep_alive, 0));
    }
    if (const auto found = resolve_under(root, bytes))
        require(found->native().starts_with(root.native()), "path stays under its root");
    const auto range = parse_range(bytes, 1000);
    if (const auto* part = std::get_if<ByteRange>(&range))
        require(part->first <= part->last && part->last < 1000, "range lies in the file");
    static_cast<void>(parse_network(bytes));
    static_cast<void>(parse_http_date(bytes));
}

/// One server for all runs; each run is a connection that comes and must go.
class Live {
public:
    Live() {
        Handlers handlers;
        handlers.on_open = [this](Connection&) { ++open_; };
        handlers.on_text = [](Connection& connection, std::string_view text, SteadyTime) {
            require(text.size() <= 4096, "message within its limit");
            connection.send(Frame::text(text), {.supersede_key = text.size() % 3});
        };
        handlers.on_close = [this](Connection&, const CloseInfo&) { --open_; };
        handlers.on_http = [](const Request& request) {
            Response response;
            response.body = request.path;
            return response;
        };
        server_ = std::make_unique<Server>(io_, shared_, std::move(handlers));
        require(!server_->listen(), "listens");
    }
    void connect(std::string_view before, std::string_view bytes) {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        // Reset at the end: thousands of connections in TIME_WAIT would use up the ports.
        const ::linger reset{1, 0};
        ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(shared_->port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        require(repeated([&] {
                    return ::connect(socket, reinterpret_cast<const ::sockaddr*>(&address),
                                     sizeof address);
                }) == 0 ||
                    errno == EISCONN,
                "connects");
        while (server_->connection_count() == 0)
            io_.run_one();
        if (!before.empty()) {
            write(socket, before);
            while (open_ == 0)
                io_.run_one();
        }
        write(socket, bytes);
        ::shutdown(socket, SHUT_WR);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{8};
        while (server_->connection_count() > 0) {
            require(std::chrono::steady_clock::now() < deadline, "the connection ends");
            io_.run_one_for(std::chrono::seconds{1});
        }
        require(open_ == 0, "every on_open has its on_close");
        ::close(socket);
    }

private:
    static void write(int socket, std::string_view bytes) {
        static_cast<void>(
            repeated([&] { return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL); }));
    }
    boost::asio::io_context io_{1};
    std::shared_ptr<Shared> shared_ = Shared::open(options()).shared;
    std::unique_ptr<Server> server_;
    int open_ = 0;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Live live;
    if (size == 0)
        return 0;
    const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    switch (data[0] % 3) {
    case 0:
        decide(bytes);
        break;
    case 1:
        live.connect("", bytes);
        break;
    default:
        live.connect("GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                     bytes);
    }
    return 0;
}
