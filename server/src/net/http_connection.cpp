#include "net/http_connection.hpp"

#include "net/gateway.hpp"
#include "net/server_core.hpp"
#include "net/upgrade.hpp"
#include "net/websocket_connection.hpp"

namespace owp::net {

using boost::system::error_code;

namespace {

constexpr std::size_t read_bytes = 2048;
constexpr std::size_t file_chunk_bytes = std::size_t{64} * 1024;
constexpr std::uint64_t read_ahead_bytes = std::uint64_t{1024} * 1024;

/// A connection's own refusal, with what the client may do about it.
Response refusal(int status) {
    Response response;
    response.status = status;
    response.body = std::string{reason_phrase(status)} + '\n';
    if (status == 405)
        response.headers.emplace_back("Allow", "GET, HEAD");
    if (status == 426) {
        response.headers.emplace_back("Upgrade", "websocket");
        response.headers.emplace_back("Sec-WebSocket-Version", "13");
    }
    if (status == 503 || status == 429)
        response.headers.emplace_back("Retry-After", "10");
    return response;
}

/// For a program, which shows or logs the sentence.
Response gateway_refusal(const GatewayRefused& refused) {
    Response response;
    response.status = refused.status;
    response.content_type = "application/json";
    response.body = "{\"error\":\"" + std::string{refused.sentence} + "\"}";
    return response;
}

} // namespace

HttpConnection::HttpConnection(std::shared_ptr<ServerCore> core,
                               std::unique_ptr<Transport> transport,
                               std::unique_ptr<Admission> admission, Address peer)
    : Peer{std::move(core), std::move(transport), std::move(admission)}, peer_{std::move(peer)} {}

void HttpConnection::start() {
    set_deadline(core_->options().handshake_timeout);
    if (!transport_->secure())
        return read();
    transport_->async_handshake([this, self = shared_from_this()](error_code error) {
        if (error || transport_->broken())
            return cut_off();
        set_deadline(core_->options().handshake_timeout);
        read();
    });
}

void HttpConnection::read() {
    const std::size_t filled = buffer_.size();
    buffer_.resize(filled + read_bytes);
    transport_->async_read_some(
        boost::asio::buffer(buffer_.data() + filled, read_bytes),
        [this, filled, self = shared_from_this()](error_code error, std::size_t bytes) {
            buffer_.resize(filled + bytes);
            if (timed_out_ && !buffer_.empty() && !transport_->broken())
                return refuse(408);
            if (error || transport_->broken())
                return cut_off();
            if (filled == 0)
                set_deadline(core_->options().handshake_timeout);
            on_bytes();
        });
}

void HttpConnection::on_bytes() {
    auto parsed = parse_head(buffer_, core_->options().header_limit);
    if (std::holds_alternative<HeadIncomplete>(parsed))
        return read();
    if (const auto* bad = std::get_if<HeadBad>(&parsed))
        return refuse(bad->status);
    auto& complete = std::get<HeadComplete>(parsed);
    buffer_.erase(0, complete.bytes);
    on_head(std::move(complete.head));
}

void HttpConnection::on_head(Head head) {
    Address client = client_address(peer_, head.all("X-Forwarded-For"), core_->shared().trusted);
    const bool is_head = head.method == "HEAD";
    std::optional<GatewayUser> user;
    if (const std::string& secret = core_->options().gateway_secret; !secret.empty()) {
        auto judged = judge_gateway(head, secret);
        if (const auto* refused = std::get_if<GatewayRefused>(&judged)) {
            ++core_->shared().counters.bad_requests;
            return refuse(gateway_refusal(*refused), is_head);
        }
        auto& passed = std::get<GatewayPassed>(judged);
        user = std::move(passed.user);
        client = passed.client.value_or(peer_);
    }
    const auto decision = decide_upgrade(head, !buffer_.empty(), core_->options());
    if (const auto* granted = std::get_if<UpgradeGranted>(&decision))
        return upgrade(granted->key, client, std::move(user));
    if (const auto* refused = std::get_if<UpgradeRefused>(&decision))
        return refuse(refused->status, is_head);
    if (head.method != "GET" && !is_head)
        return refuse(405);
    if (head.has_body)
        return refuse(413, is_head);

    ++core_->shared().counters.http_requests;
    keep_alive_ = head.keep_alive && !core_->stopping();
    const Request request{is_head,
                          std::move(head.path),
                          std::move(head.query),
                          std::move(head.headers),
                          client.to_string(),
                          transport_->secure()};
    respond(request, core_->handlers.on_http ? core_->handlers.on_http(request) : refusal(404));
}

void HttpConnection::upgrade(const std::string& key, const Address& client,
                             std::optional<GatewayUser> user) {
    if (core_->stopping())
        return refuse(503);
    switch (admission_->upgrade(address_key(client))) {
    case Limits::Verdict::full:
        return refuse(503);
    case Limits::Verdict::address_full:
        return refuse(429);
    case Limits::Verdict::admitted:
        break;
    }
    clear_deadline();
    start_websocket(core_, std::move(transport_), std::move(admission_), client, key,
                    std::move(user));
}

void HttpConnection::refuse(int status, bool is_head) {
    auto& counters = core_->shared().counters;
    ++(status == 403                    ? counters.refused_origin
       : status == 503 || status == 429 ? counters.refused_full
                                        : counters.bad_requests);
    refuse(refusal(status), is_head);
}

void HttpConnection::refuse(const Response& response, bool is_head) {
    keep_alive_ = false;
    buffer_ = {};
    Request request;
    request.is_head = is_head;
    respond(request, response);
}

void HttpConnection::respond(const Request& request, const Response& response) {
    ResponsePlan plan = plan_response(request, response, keep_alive_, std::time(nullptr));
    responding_ = true;
    slice_ = std::move(plan.slice);
    set_deadline(core_->options().http_idle_timeout);
    transport_->push(std::make_shared<const std::string>(std::move(plan.head)));
    flush_wanted();
}

void HttpConnection::bytes_left() {
    if (ending())
        return end_if_drained();
    if (!responding_)
        return;
    if (transport_->broken())
        return cut_off();
    set_deadline(core_->options().http_idle_timeout);
    if (transport_->drained())
        send_more();
}

/// The answer's next chunk, or what follows the answer.
void HttpConnection::send_more() {
    if (slice_ && slice_->bytes > 0) {
        const auto wanted = std::min<std::uint64_t>(slice_->bytes, file_chunk_bytes);
        auto chunk = slice_->file.read(slice_->offset, static_cast<std::size_t>(wanted));
        if (!chunk || chunk->size() < wanted)
            return cut_off(); // the file shrank: the promised length cannot be kept
        slice_->offset += wanted;
        slice_->bytes -= wanted;
        slice_->file.announce(slice_->offset, std::min(slice_->bytes, read_ahead_bytes));
        transport_->push(std::make_shared<const std::string>(std::move(*chunk)));
        return flush_wanted();
    }
    slice_.reset();
    responding_ = false;
    if (!keep_alive_ || core_->stopping())
        return end(core_->options().close_timeout);
    if (buffer_.empty()) {
        buffer_ = {}; // an idle connection holds no more than it must
        return read();
    }
    boost::asio::post(core_->io(), [this, self = shared_from_this()] {
        if (!transport_->broken())
            on_bytes();
    });
}

void HttpConnection::stop() {
    if (responding_ || ending())
        return; // it ends with the answer
    cut_off();
}

void HttpConnection::deadline_passed() {
    if (ending() || responding_ || timed_out_)
        return cut_off();
    timed_out_ = true;
    set_deadline(core_->options().close_timeout);
    transport_->cancel(); // the read ends and sees to the rest
}

} // namespace owp::net
