// Beast reads: it checks frames, joins control frames in between, validates UTF-8, answers pings,
// closes and violations. It does not write messages (see connection.hpp) and does not end
// connections: its wait for the peer's end can last minutes, ours is bounded (Peer::end).
//
// An idle connection holds Beast's stream (2.6 KiB), one pending read, and no buffer but a small
// one, into which Beast must be able to read at any time.
#include "net/websocket_connection.hpp"

#include "net/server_core.hpp"
#include "protocol/text.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace owp::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;

// Beast finds these by the type of their argument.
template <class Handler>
void async_teardown(beast::role_type, Transport& transport, Handler&& handler) {
    asio::post(transport.get_executor(),
               [inner = std::forward<Handler>(handler)]() mutable { inner(error_code{}); });
}
inline void beast_close_socket(Transport& transport) {
    transport.close();
}

namespace {

constexpr std::size_t read_bytes = 256; // most messages of the protocol fit
/// Pings and pongs of a peer in a second; those beyond wait for the next. Ours sends one at most.
constexpr unsigned control_frames_max = 64;
constexpr Duration too_slow_timeout = std::chrono::seconds{1};

/// RFC 6455 §5.5: control frames carry at most 125 bytes.
SendQueue::Bytes control_frame(char opcode, std::string_view payload) {
    std::string wire;
    wire.push_back(static_cast<char>('\x80' | opcode));
    wire.push_back(static_cast<char>(payload.size()));
    wire.append(payload);
    return std::make_shared<const std::string>(std::move(wire));
}

/// Cut to what a close frame takes, at a character's boundary.
std::string_view close_reason(std::string_view text) {
    constexpr std::size_t reason_max = 123;
    if (text.size() <= reason_max)
        return text;
    std::size_t end = reason_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    return text.substr(0, end);
}

/// Did Beast end the WebSocket (with or without a fault of the peer), rather than the network?
bool ended_by_protocol(error_code error) {
    return error.category() == error_code{websocket::error::closed}.category();
}

class WebSocketConnection final : public Peer, public Connection {
public:
    WebSocketConnection(std::shared_ptr<ServerCore> core, std::unique_ptr<Transport> transport,
                        std::unique_ptr<Admission> admission, const Address& client)
        : Peer{std::move(core), std::move(transport), std::move(admission)}, stream_{*transport_},
          id_{core_->shared().next_connection_id++}, client_{client} {}

    void start(const std::string& key) {
        stream_.read_message_max(core_->options().message_bytes_max);
        stream_.control_callback([this](websocket::frame_type type, beast::string_view payload) {
            on_control(type, {payload.data(), payload.size()});
        });
        stream_.set_option(
            websocket::stream_base::decorator([](websocket::response_type& response) {
                response.erase(http::field::server);
                response.set(http::field::server, "owp-server");
            }));
        // The request has been judged; Beast needs of it what it computes the answer from.
        auto request = std::make_unique<http::request<http::empty_body>>();
        request->version(11);
        request->method(http::verb::get);
        request->target("/");
        request->set(http::field::host, "-");
        request->set(http::field::connection, "upgrade");
        request->set(http::field::upgrade, "websocket");
        request->set(http::field::sec_websocket_version, "13");
        request->set(http::field::sec_websocket_key, key);
        const auto& judged = *request;
        stream_.async_accept(
            judged, [this, self = shared_from_this(), kept = std::move(request)](error_code error) {
                if (error || transport_->broken())
                    return cut_off();
                phase_ = Phase::open;
                transport_->answer_whole_reads();
                if (core_->handlers.on_open)
                    core_->handlers.on_open(*this);
                read();
            });
    }

    // ---- Connection ---------------------------------------------------------------------------
    void send(const Frame& frame, SendOptions options) override {
        enqueue(frame.wire(), options.supersede_key);
        if (options.at_once)
            transport_->flush();
    }

    void prefetch() const override {
        __builtin_prefetch(&flush_due);
        __builtin_prefetch(&phase_);
        transport_->prefetch();
    }

    void ping() override {
        ping_sent_ = std::chrono::steady_clock::now();
        const auto ticks = ping_sent_.time_since_epoch().count();
        char payload[sizeof ticks];
        std::memcpy(payload, &ticks, sizeof ticks);
        enqueue(control_frame('\x09', {payload, sizeof payload}), 0);
    }

    void close(CloseCode code, std::string_view reason) override {
        close_within(code, reason, core_->options().close_timeout);
    }

    void hold_reads(Duration time) override {
        transport_->hold_reads_until(transport_->arrival() + time);
    }

    std::uint64_t id() const override { return id_; }
    std::string remote_address() const override { return client_.to_string(); }

    // ---- Peer ---------------------------------------------------------------------------------
    void stop() override {
        if (phase_ == Phase::accepting)
            cut_off();
        else
            close(CloseCode::service_restart, "the server restarts");
    }

    void deadline_passed() override {
        if (phase_ == Phase::open)
            close(CloseCode::policy_violation, "a message was never finished");
        else
            cut_off();
    }

private:
    enum class Phase : std::uint8_t {
        accepting,
        open,
        closing, // our close frame is queued; on_close has come or is about to
        ended    // Beast reads no more
    };

    void enqueue(SendQueue::Bytes bytes, std::uint64_t supersede_key) {
        if (phase_ != Phase::open)
            return;
        const std::size_t size = bytes->size();
        if (transport_->push(std::move(bytes), supersede_key))
            core_->shared().counters.superseded_frames.fetch_add(1, std::memory_order_relaxed);
        if (transport_->queued_bytes() > std::max(core_->options().send_queue_bytes_max, size))
            return close_as_too_slow();
        flush_wanted();
    }

    void close_as_too_slow() {
        ++core_->shared().counters.too_slow;
        transport_->drop_unsent();
        close_within(CloseCode::too_slow, "the connection is too slow",
                     std::min(too_slow_timeout, core_->options().close_timeout));
    }

    void close_within(CloseCode code, std::string_view reason, Duration bound) {
        if (phase_ != Phase::open)
            return;
        phase_ = Phase::closing;
        reason = close_reason(reason);
        const auto number = static_cast<std::uint16_t>(code);
        std::string payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
        payload += reason;
        transport_->push(control_frame('\x08', payload));
        transport_->seal();
        flush_wanted();
        partial_ = {};
        set_deadline(bound);
        asio::post(core_->io(),
                   [this, self = shared_from_this(),
                    info = CloseInfo{number, false, std::string{reason}}] { notify_closed(info); });
    }

    void notify_closed(const CloseInfo& info) {
        if (!std::exchange(notified_, true) && core_->handlers.on_close)
            core_->handlers.on_close(*this, info);
    }

    void read() {
        stream_.async_read_some(asio::buffer(buffer_), [this, self = shared_from_this()](
                                                           error_code error, std::size_t bytes) {
            if (error)
                on_ended(error);
            else
                on_read({buffer_.data(), bytes});
        });
    }

    void on_read(std::string_view part) {
        const bool done = stream_.is_message_done();
        if (phase_ == Phase::open) {
            if (!stream_.got_text())
                part = {};
            if (partial_.empty() && done) {
                deliver(part);
            } else {
                if (deadline == SteadyTime{}) // held memory has a bound in time as well
                    set_deadline(core_->options().http_idle_timeout);
                partial_ += part;
                // Beast does not look at a character that an empty last fragment leaves unfinished.
                if (done && part.empty() && stream_.got_text() && !is_utf8(partial_))
                    close(CloseCode::invalid_payload, "the text is no UTF-8");
                else if (done)
                    deliver(std::exchange(partial_, {}));
            }
        }
        read();
    }

    void deliver(std::string_view message) {
        clear_deadline();
        const Handlers& handlers = core_->handlers;
        if (stream_.got_text()) {
            if (handlers.on_text)
                handlers.on_text(*this, message, transport_->arrival());
        } else if (handlers.on_binary) {
            handlers.on_binary(*this, transport_->arrival());
        }
    }

    /// Messages are bounded by the session; nothing else would keep pings from filling a thread.
    void bound_control_frames() {
        if (transport_->arrival() - control_since_ >= std::chrono::seconds{1}) {
            control_since_ = transport_->arrival();
            control_frames_ = 0;
        }
        if (++control_frames_ >= control_frames_max)
            transport_->hold_reads_until(control_since_ + std::chrono::seconds{1});
    }

    void on_control(websocket::frame_type type, std::string_view payload) {
        bound_control_frames();
        if (phase_ != Phase::open)
            return;
        if (type == websocket::frame_type::ping) {
            // Beast's pong goes past enqueue(): who sends pings and reads nothing is too slow too.
            if (transport_->queued_bytes() > core_->options().send_queue_bytes_max)
                close_as_too_slow();
        } else if (type == websocket::frame_type::pong) {
            const auto ticks = ping_sent_.time_since_epoch().count();
            if (ticks == 0 || payload.size() != sizeof ticks ||
                std::memcmp(payload.data(), &ticks, sizeof ticks) != 0)
                return; // unsolicited, or late
            const auto round_trip = transport_->arrival() - std::exchange(ping_sent_, {});
            if (core_->handlers.on_pong)
                core_->handlers.on_pong(*this, std::chrono::duration_cast<Duration>(round_trip),
                                        transport_->arrival());
        }
    }

    void on_ended(error_code error) {
        const bool was_open = std::exchange(phase_, Phase::ended) == Phase::open;
        if (was_open)
            notify_closed(reason_of(error));
        if (!ended_by_protocol(error))
            return cut_off();
        transport_->seal();
        end(core_->options().close_timeout);
    }

    CloseInfo reason_of(error_code error) const {
        if (error == websocket::error::closed) {
            const auto& reason = stream_.reason();
            return {static_cast<std::uint16_t>(reason.code == websocket::close_code::none
                                                   ? std::uint16_t{1005}
                                                   : reason.code),
                    true, std::string{reason.reason.data(), reason.reason.size()}};
        }
        if (!ended_by_protocol(error))
            return {1006, true, error.message()};
        const CloseCode code =
            error == websocket::error::message_too_big     ? CloseCode::message_too_big
            : error == websocket::error::bad_frame_payload ? CloseCode::invalid_payload
                                                           : CloseCode::protocol_error;
        return {static_cast<std::uint16_t>(code), false, error.message()};
    }

    void bytes_left() override { end_if_drained(); }

    Phase phase_ = Phase::accepting; // first, since every frame looks at it
    bool notified_ = false;
    websocket::stream<Transport&, false> stream_;
    std::array<char, read_bytes> buffer_;
    std::string partial_; // of a message that did not fit; empty in between
    SteadyTime ping_sent_{};
    SteadyTime control_since_{};
    const std::uint64_t id_;
    const Address client_;
    unsigned control_frames_ = 0; // since then
};

} // namespace

void start_websocket(std::shared_ptr<ServerCore> core, std::unique_ptr<Transport> transport,
                     std::unique_ptr<Admission> admission, const Address& client,
                     const std::string& key, std::optional<GatewayUser> user) {
    const auto connection = std::make_shared<WebSocketConnection>(
        std::move(core), std::move(transport), std::move(admission), client);
    connection->user = std::move(user);
    connection->start(key);
}

} // namespace owp::net
