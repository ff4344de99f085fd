#include "app/shard.hpp"

#include "app/lent_memory.hpp"
#include "app/overloaded.hpp"
#include "app/random_ids.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace owp::app {
namespace {

core::RoomOptions room_options(const ShardOptions& options) {
    core::RoomOptions room = options.room;
    room.access_checked = options.access != nullptr;
    return room;
}

} // namespace

Shard::Shard(ShardIndex index, const ShardOptions& options, const Clock& clock,
             cluster::Bus<ShardMessage>& bus, std::shared_ptr<net::Shared> listener,
             HttpHandler on_http)
    : clock_{clock}, next_second_{clock.now() + std::chrono::seconds{1}}, wire_{bus, index},
      rooms_{room_options(options), clock, wire_, metrics_},
      sessions_{options.session, options.tokens, clock, wire_, directory_, metrics_},
      server_{io_, std::move(listener), handlers(std::move(on_http))} {
    const auto post = [this](AccessCache::Task task) {
        boost::asio::post(io_, [this, task = std::move(task)] {
            task();
            arm();
        });
    };
    if (options.access != nullptr)
        sessions_.check_access(*options.access, post);
    if (options.jellyfin != nullptr)
        sessions_.ask_jellyfin(*options.jellyfin, post);
    bus.attach(
        index,
        [this](cluster::Task task) {
            boost::asio::post(io_, boost::asio::bind_allocator(LentMemory<std::byte>{task.memory},
                                                               std::move(task.run)));
        },
        [this](ShardMessage message) { receive(std::move(message)); });
}

std::optional<std::string> Shard::listen() {
    return server_.listen();
}

void Shard::run() {
    arm();
    io_.run();
}

void Shard::stop(Duration bound) {
    boost::asio::post(io_, [this, bound] {
        sessions_.stop();
        server_.stop(bound, [this] { io_.stop(); });
    });
}

void Shard::believe(const auth::TokenPolicy& policy) {
    boost::asio::post(io_, [this, policy] {
        sessions_.believe(policy, clock_.now());
        arm();
    });
}

net::Handlers Shard::handlers(HttpHandler on_http) {
    // Each call ends with arm(): whatever it did may have set an earlier deadline.
    const auto then_arm = [this](auto call) {
        return [this, call](auto&&... arguments) {
            call(std::forward<decltype(arguments)>(arguments)...);
            arm();
        };
    };
    return {
        .on_open = then_arm([this](net::Connection& c) { sessions_.opened(c); }),
        .on_text =
            then_arm([this](net::Connection& c, std::string_view text, net::SteadyTime arrival) {
                sessions_.text(c, text, clock_.at(arrival));
            }),
        .on_binary = then_arm([this](net::Connection& c, net::SteadyTime arrival) {
            sessions_.binary(c, clock_.at(arrival));
        }),
        .on_pong =
            then_arm([this](net::Connection& c, Duration round_trip, net::SteadyTime arrival) {
                sessions_.pong(c, round_trip, clock_.at(arrival));
            }),
        .on_close = then_arm(
            [this](net::Connection& c, const net::CloseInfo& info) { sessions_.closed(c, info); }),
        .on_http = std::move(on_http),
    };
}

// ---- from the bus ------------------------------------------------------------------------------

void Shard::receive(ShardMessage message) {
    std::visit([this](auto& one) { on(std::move(one)); }, message);
    arm();
}

void Shard::on(CreateRoom message) {
    rooms_.on(std::move(message));
}

void Shard::on(RoomCommand message) {
    rooms_.on(std::move(message));
}

void Shard::on(const ReserveRoom& message) {
    std::optional<RoomId> room;
    if (users_.reserve_room(message.user_id, message.rooms_max))
        room = random_room_id();
    wire_.send(message.sender.shard, RoomAnswer{message.sender.client, message.user_id, room});
}

void Shard::on(const ReleaseRoom& message) {
    users_.release_room(message.user_id);
}

void Shard::on(const FindSeat& message) {
    if (const std::optional<RoomId> room = users_.find_seat(message.user_id, clock_.now()))
        wire_.send(message.sender.shard, ToSession{message.sender.client, edge::SeatFound{*room}});
}

void Shard::on(const HoldSeat& message) {
    users_.hold_seat(message.user_id, message.room, message.until);
}

void Shard::on(const DropSeat& message) {
    users_.drop_seat(message.user_id, message.room);
}

void Shard::on(RoomListed message) {
    directory_.put(std::move(message.summary), clock_.now());
}

void Shard::on(const RoomDelisted& message) {
    directory_.remove(message.room, clock_.now());
}

// ---- time --------------------------------------------------------------------------------------

void Shard::arm() {
    ServerTime next = next_second_;
    for (const std::optional<ServerTime>& when :
         {sessions_.wake_at(), sessions_.lists_at(), rooms_.wake_at(), directory_.flush_at()})
        next = std::min(next, when.value_or(next));
    if (armed_ && *armed_ <= next)
        return;
    armed_ = next;
    timer_.expires_at(clock_.steady_at(next)); // ends an older wait
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error)
            on_timer();
    });
}

void Shard::on_timer() {
    const ServerTime now = clock_.now();
    metrics_.set(Metric::loop_lag_microseconds, (now - *armed_).count());
    armed_.reset();
    rooms_.wake(now);
    sessions_.wake(now);
    if (directory_.flush_at().value_or(ServerTime::max()) <= now)
        sessions_.flush_directory(now);
    if (next_second_ <= now)
        each_second(now);
    arm();
}

void Shard::each_second(ServerTime now) {
    next_second_ = now + std::chrono::seconds{1};
    users_.expire(now);
    sessions_.expire_access(now);
    sessions_.ask_again(now);
    metrics_.set(Metric::timers, static_cast<std::int64_t>(sessions_.timers() + rooms_.timers()));
    metrics_.set(Metric::queued_bytes, static_cast<std::int64_t>(server_.queued_bytes()));
}

} // namespace owp::app
