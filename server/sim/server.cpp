#include "server.hpp"

#include "edge/no_room.hpp"
#include "protocol/codec.hpp"

#include <charconv>
#include <cmath>

namespace owp::sim {

using namespace std::chrono_literals;

namespace {
constexpr Duration directory_batch = 100ms;
constexpr Duration users_sweep = 1s;
constexpr Duration repeat_late_max = 2s;
constexpr double effects_max = 20'000; // of a process that ends
std::string short_name(const RoomId& room) {
    return "room " + to_uuid_string(room.bytes).substr(0, 8);
}
} // namespace

Server::Server(const Scenario& scenario, Agenda& agenda, Prng prng, Wire& wire, Checker& checker,
               Mutant& mutant, Trace& trace)
    : scenario_{scenario}, agenda_{agenda}, prng_{prng}, wire_{wire}, checker_{checker},
      mutant_{mutant}, trace_{trace}, shards_(scenario.faults.shards),
      lanes_(scenario.faults.shards, std::vector<Lane>(scenario.faults.shards)),
      repeats_{Prng{prng}.fork()} {
    after(users_sweep, [this] { sweep_users(); });
    draw_end();
}

std::size_t Server::rooms() const {
    std::size_t sum = 0;
    for (const auto& shard : shards_)
        sum += shard.rooms.size();
    return sum;
}

// ---- the process -------------------------------------------------------------------------------

void Server::at(ServerTime time, Agenda::Action action) {
    agenda_.at(time, [this, life = life_, action = std::move(action)]() mutable {
        if (life == life_)
            when_running(std::move(action));
    });
}

void Server::when_running(Agenda::Action action) {
    if (stands_still_)
        waiting_.push_back(std::move(action));
    else
        action();
}

void Server::stand_still(Duration length) {
    if (std::exchange(stands_still_, true))
        return;
    trace_.line(agenda_.now(), "server", "stands still", std::to_string(to_seconds(length)) + " s");
    checker_.server_stands_still(length);
    agenda_.after(length, [this, life = life_] {
        if (life != life_)
            return;
        stands_still_ = false;
        for (const auto& action : std::exchange(waiting_, {}))
            action();
    });
}

/// After few effects as often as after many, so that it ends in its first steps, too.
void Server::draw_end() {
    const auto magnitude = prng_.between(0.0, std::log(effects_max));
    effects_left_ = scenario_.faults.ends ? static_cast<std::uint64_t>(std::exp(magnitude)) : 0;
}

void Server::count_effect() {
    if (effects_left_ > 0 && --effects_left_ == 0)
        throw Ended{};
}

void Server::end() {
    trace_.line(agenda_.now(), "server", "ends", "");
    ++life_;
    stands_still_ = false;
    waiting_.clear();
    const auto former = std::exchange(shards_, std::vector<Shard>(shards_.size()));
    if (mutant_.keeps_its_list())
        for (std::size_t i = 0; i < former.size(); ++i)
            shards_[i].directory = former[i].directory;
    for (auto& link : links_)
        link.open = false;
    link_by_client_.clear();
    checker_.server_ended();
    after(users_sweep, [this] { sweep_users(); });
    draw_end();
}

// ---- the bus -----------------------------------------------------------------------------------

void Server::bus(unsigned from, unsigned to, Agenda::Action action) {
    auto time = agenda_.now();
    if (from != to)
        time += prng_.between(Duration{}, scenario_.faults.bus_delay_max);
    auto& lane = lanes_[from][to];
    lane.last = std::max(lane.last, time);
    Agenda::Action arrive = [this, &lane, number = ++lane.sent, action = std::move(action)] {
        const auto again = number <= lane.taken;
        repeated_ += again;
        if (mutant_.heeds(again))
            action();
        lane.taken = std::max(lane.taken, number);
    };
    if (from != to && repeats_.chance(scenario_.faults.bus_repeats))
        at(lane.last + repeats_.between(Duration{}, repeat_late_max), arrive);
    at(lane.last, std::move(arrive));
}

unsigned Server::shard_of(std::size_t hash) const {
    return static_cast<unsigned>(hash % shards_.size());
}
unsigned Server::shard_of(const RoomId& room) const {
    return shard_of(std::hash<RoomId>{}(room));
}
unsigned Server::shard_of(const std::string& user) const {
    std::size_t hash = 0; // not std::hash: a seed must replay with every standard library
    for (const char c : user)
        hash = hash * 31 + static_cast<unsigned char>(c);
    return shard_of(hash);
}

std::string Server::owner_key(LinkId link, const std::string& user) const {
    return user.empty() ? to_uuid_string(links_[link].client.bytes) : user;
}

std::optional<LinkId> Server::link_of(const ClientId& client) const {
    const auto found = link_by_client_.find(client);
    return found == link_by_client_.end() ? std::nullopt : std::optional{found->second};
}

// ---- connections -------------------------------------------------------------------------------

void Server::open(LinkId id, std::string name) {
    if (links_.size() <= id)
        links_.resize(id + 1);
    auto& link = links_[id];
    link.name = std::move(name);
    link.shard = static_cast<unsigned>(prng_.below(shards_.size()));
    link.client = prng_.id<ClientTag>();
    link.session = std::make_unique<edge::Session>(scenario_.session, link.client,
                                                   prng_.id<ResumeTag>(), agenda_.now());
    link.open = true;
    link_by_client_[link.client] = id;
    checker_.opened(id, link.client);
    on_session(id, edge::Opened{});
}

void Server::frame(LinkId link, std::string_view text) {
    checker_.heard(link);
    if (mutant_.ignores(link, text))
        return;
    on_session(link, edge::FrameReceived{text});
}
void Server::binary(LinkId link) {
    on_session(link, edge::BinaryReceived{});
}
void Server::pong(LinkId link, Duration round_trip) {
    checker_.heard(link);
    on_session(link, edge::PongReceived{round_trip});
}

void Server::lost(LinkId link) {
    if (!links_[link].open)
        return;
    trace_.line(agenda_.now(), links_[link].name, "gone", "");
    on_session(link, edge::Closed{});
    links_[link].open = false;
    checker_.gone(link);
}

void Server::on_session(LinkId id, const edge::Event& event) {
    auto& link = links_[id];
    if (!link.open)
        return;
    auto effects = link.session->on(event, agenda_.now());
    mutant_.falsify(id, event, effects);
    for (auto& effect : effects)
        apply(id, effect);
    wake_session(id);
}

void Server::wake_session(LinkId id) {
    auto& link = links_[id];
    const auto wanted = link.session->wake_at();
    if (!link.open || !wanted || (link.wake && *link.wake <= *wanted))
        return;
    const auto due = *wanted + prng_.between(Duration{}, scenario_.faults.timer_lateness_max);
    link.wake = due;
    at(due, [this, id, due] {
        auto& sleeper = links_[id];
        if (!sleeper.open || sleeper.wake != due)
            return;
        sleeper.wake.reset();
        const auto asked = sleeper.session->wake_at();
        if (asked && *asked <= agenda_.now()) {
            mutant_.woken(agenda_.now() - *asked);
            on_session(id, edge::WakeUp{});
            if (sleeper.open)
                checker_.woken(sleeper.session->wake_at());
        } else
            wake_session(id);
    });
}

void Server::send(LinkId id, const ServerMessage& message) {
    const auto dialect = links_[id].session->dialect();
    auto text = encode(message, mutant_.rendering(dialect), agenda_.now());
    if (!text.empty())
        wire_.deliver(id, read_frame(std::move(text), dialect), dialect);
}

void Server::send_list(LinkId id) {
    to_client::RoomList list;
    for (const auto& [room, summary] : shards_[links_[id].shard].directory)
        list.rooms.push_back(summary);
    send(id, list);
}

void Server::apply(LinkId id, edge::Effect& effect) {
    count_effect();
    auto& link = links_[id];
    if (auto* message = std::get_if<edge::Send>(&effect)) {
        send(id, message->message);
    } else if (std::holds_alternative<edge::SendRoomList>(effect) ||
               std::holds_alternative<edge::AwaitRoomList>(effect)) {
        send_list(id);
    } else if (const auto* subscription = std::get_if<edge::SubscribeDirectory>(&effect)) {
        if (subscription->on)
            send_list(id);
    } else if (const auto* token = std::get_if<edge::VerifyToken>(&effect)) {
        verify(id, token->token);
    } else if (const auto* reservation = std::get_if<edge::ReserveRoom>(&effect)) {
        reserve(id, *reservation);
    } else if (const auto* release = std::get_if<edge::ReleaseRoom>(&effect)) {
        const auto user = owner_key(id, release->user_id);
        const auto to = shard_of(user);
        bus(link.shard, to, [this, to, user] { shards_[to].users.release_room(user); });
    } else if (const auto* question = std::get_if<edge::FindSeat>(&effect)) {
        find_seat(id, *question);
    } else if (const auto* creation = std::get_if<edge::CreateRoom>(&effect)) {
        const auto to = shard_of(creation->setup.id);
        const auto owner = owner_key(id, creation->setup.host.user_id);
        bus(link.shard, to,
            [this, to, setup = creation->setup, owner] { create(to, setup, owner); });
    } else if (const auto* order = std::get_if<edge::ToRoom>(&effect)) {
        const auto to = shard_of(order->room);
        bus(link.shard, to, [this, to, id, room = order->room, event = order->event] {
            to_room(to, id, room, event);
        });
    } else if (const auto* invite = std::get_if<edge::MakeInvite>(&effect)) {
        const auto to = shard_of(invite->room);
        bus(link.shard, to,
            [this, to, id, room = invite->room,
             event = core::CreateInvite{link.client, prng_.id<InviteTag>()}] {
                to_room(to, id, room, event);
            });
    } else if (std::holds_alternative<edge::SendPing>(effect)) {
        wire_.ping(id);
    } else if (const auto* close = std::get_if<edge::Close>(&effect)) {
        trace_.line(agenda_.now(), link.name, "closed by server", close->reason);
        if (close->code == CloseCode::timed_out)
            checker_.given_up(id);
        wire_.close(id, close->code);
        // The connection is gone once its close is out; the machine is not entered from itself.
        at(agenda_.now(), [this, id] { lost(id); });
    }
}

void Server::verify(LinkId id, const std::string& token) {
    edge::TokenVerdict verdict;
    verdict.code = ErrorCode::invalid_token;
    if (token.starts_with(good_token_prefix)) {
        verdict.valid = true;
        verdict.user_id = token.substr(good_token_prefix.size());
        verdict.user_name = "User " + verdict.user_id;
        verdict.expires = agenda_.now() + 1h;
    }
    // One after the other, in the order of the questions.
    auto& due = links_[id].verdict_due;
    due = std::max(due,
                   agenda_.now() + prng_.between(Duration{}, scenario_.faults.verdict_delay_max));
    at(due, [this, id, verdict] { on_session(id, verdict); });
}

void Server::reserve(LinkId id, const edge::ReserveRoom& effect) {
    const auto from = links_[id].shard;
    const auto user = owner_key(id, effect.user_id);
    const auto to = shard_of(user);
    owners_.insert(user);
    bus(from, to, [this, from, to, id, user, rooms_max = effect.rooms_max] {
        edge::RoomReserved answer;
        if (shards_[to].users.reserve_room(user, rooms_max))
            answer.room = prng_.id<RoomTag>();
        bus(to, from, [this, from, to, id, user, answer] {
            if (links_[id].open)
                on_session(id, answer);
            else if (answer.room)
                bus(from, to, [this, to, user] { shards_[to].users.release_room(user); });
        });
    });
}

void Server::find_seat(LinkId id, const edge::FindSeat& effect) {
    const auto from = links_[id].shard;
    const auto to = shard_of(effect.user_id);
    bus(from, to, [this, from, to, id, user = effect.user_id] {
        if (const auto room = shards_[to].users.find_seat(user, agenda_.now()))
            bus(to, from, [this, id, room] { on_session(id, edge::SeatFound{*room}); });
    });
}

/// As an edge does: only for the user that the connection speaks for now, and not at all once it is
/// gone. Lists of rooms are not held back here: whoever has a room's id may try it.
void Server::answer_access(LinkId id, const RoomId& room, const core::AskAccess& question) {
    const auto& link = links_[id];
    if (!link.open)
        return;
    const auto allowed = link.session->user_id() == question.user_id &&
                         mutant_.may_see(scenario_.may_see(question.user_id, question.media_id));
    const core::AccessVerdict verdict{question.client, question.user_id, question.media_id,
                                      allowed};
    after(prng_.between(Duration{}, scenario_.faults.access_delay_max), [this, id, room, verdict] {
        const auto to = shard_of(room);
        if (links_[id].open)
            bus(links_[id].shard, to,
                [this, to, id, room, verdict] { to_room(to, id, room, verdict); });
    });
}

// ---- rooms -------------------------------------------------------------------------------------

void Server::create(unsigned shard, const core::RoomSetup& setup, const std::string& owner) {
    std::vector<core::Effect> effects;
    checker_.room_created(setup);
    shards_[shard].rooms.try_emplace(
        setup.id, RoomSlot{core::Room{scenario_.room, setup, agenda_.now(), effects},
                           owner,
                           short_name(setup.id),
                           {}});
    trace_.line(agenda_.now(), short_name(setup.id), "created", setup.host.name);
    mutant_.falsify(setup.id, effects);
    checker_.room_step(setup.id, shards_[shard].rooms.at(setup.id).room, nullptr, effects);
    after_room(shard, setup.id, std::move(effects));
}

void Server::to_room(unsigned shard, LinkId from, const RoomId& room, const core::Event& event) {
    if (shards_[shard].rooms.contains(room))
        on_room(shard, room, event);
    else if (const auto answer = edge::answer_of_no_room(room, event))
        bus(shard, links_[from].shard,
            [this, from, answer = *answer] { on_session(from, answer); });
}

void Server::on_room(unsigned shard, const RoomId& id, const core::Event& event) {
    auto& slot = shards_[shard].rooms.at(id);
    auto effects = slot.room.on(mutant_.heard(id, event), agenda_.now());
    mutant_.falsify(id, effects);
    checker_.room_step(id, slot.room, &event, effects);
    after_room(shard, id, std::move(effects));
}

void Server::after_room(unsigned shard, const RoomId& id, std::vector<core::Effect> effects) {
    for (auto& effect : effects)
        apply(shard, id, effect);
    if (shards_[shard].rooms.at(id).room.closed())
        shards_[shard].rooms.erase(id);
    else
        wake_room(shard, id);
}

void Server::apply(unsigned shard, const RoomId& room, core::Effect& effect) {
    count_effect();
    const auto tell = [&](const ClientId& client, auto event) {
        if (const auto link = link_of(client))
            bus(shard, links_[*link].shard, [this, link = *link, event] {
                on_session(link, event);
                if (!links_[link].open)
                    return;
                if constexpr (std::is_same_v<decltype(event), edge::RoomAdmitted>) {
                    if (links_[link].session->hears(event.room))
                        checker_.admitted(link, event.room);
                } else if constexpr (std::is_same_v<decltype(event), edge::RoomDismissed>)
                    checker_.dismissed(link, event.room);
            });
    };
    if (const auto* send = std::get_if<core::Send>(&effect)) {
        broadcast(shard, room, *send);
    } else if (const auto* admitted = std::get_if<core::Admitted>(&effect)) {
        tell(admitted->client, edge::RoomAdmitted{room, admitted->listed});
    } else if (const auto* question = std::get_if<core::AskAccess>(&effect)) {
        if (const auto link = link_of(question->client))
            bus(shard, links_[*link].shard, [this, link = *link, room, asked = *question] {
                answer_access(link, room, asked);
            });
    } else if (const auto* refused = std::get_if<core::JoinRefused>(&effect)) {
        tell(refused->client, edge::RoomRefused{room, refused->code});
    } else if (const auto* dismissed = std::get_if<core::Dismissed>(&effect)) {
        tell(dismissed->client, edge::RoomDismissed{room, dismissed->replaced});
    } else if (const auto* held = std::get_if<core::SeatHeld>(&effect)) {
        if (!held->user_id.empty()) {
            const auto to = shard_of(held->user_id);
            owners_.insert(held->user_id);
            bus(shard, to, [this, to, room, user = held->user_id, until = held->until] {
                shards_[to].users.hold_seat(user, room, until);
            });
        }
    } else if (const auto* changed = std::get_if<core::SummaryChanged>(&effect)) {
        for (unsigned to = 0; to < shards_.size(); ++to)
            bus(shard, to, [this, to, summary = changed->summary] {
                shards_[to].directory[summary.id] = summary;
                shards_[to].changed[summary.id] = true;
                directory_changed(to);
            });
    } else if (std::holds_alternative<core::Closed>(effect)) {
        const auto& owner = shards_[shard].rooms.at(room).owner;
        const auto users = shard_of(owner);
        trace_.line(agenda_.now(), short_name(room), "closed", "");
        bus(shard, users, [this, users, owner] { shards_[users].users.release_room(owner); });
        for (unsigned to = 0; to < shards_.size(); ++to)
            bus(shard, to, [this, to, room] {
                if (shards_[to].directory.erase(room) == 0)
                    return; // a private room was never listed
                shards_[to].changed[room] = false;
                directory_changed(to);
            });
    }
}

/// Rendered once for each dialect; who may hear it is asked where the connection lives.
void Server::broadcast(unsigned shard, const RoomId& room, const core::Send& send) {
    FramePtr rendered[2];
    const auto is_error = std::holds_alternative<to_client::Error>(send.message);
    for (const auto& client : send.to) {
        const auto link = link_of(client);
        if (!link || !links_[*link].open)
            continue;
        const auto dialect = links_[*link].session->dialect();
        auto& frame = rendered[static_cast<std::size_t>(dialect)];
        if (!frame)
            frame = read_frame(encode(send.message, mutant_.rendering(dialect), agenda_.now()),
                               dialect);
        if (frame->text.empty())
            continue;
        bus(shard, links_[*link].shard, [this, link = *link, frame, dialect, room, is_error] {
            const auto& to = links_[link];
            if (to.open && (is_error || mutant_.hears(to.session->hears(room))))
                wire_.deliver(link, frame, dialect);
        });
    }
}

void Server::wake_room(unsigned shard, const RoomId& id) {
    auto& slot = shards_[shard].rooms.at(id);
    const auto wanted = slot.room.wake_at();
    if (!wanted || (slot.wake && *slot.wake <= *wanted) || !mutant_.wakes(*wanted - agenda_.now()))
        return;
    const auto due = *wanted + prng_.between(Duration{}, scenario_.faults.timer_lateness_max);
    slot.wake = due;
    at(due, [this, shard, id, due] {
        const auto found = shards_[shard].rooms.find(id);
        if (found == shards_[shard].rooms.end() || found->second.wake != due)
            return;
        found->second.wake.reset();
        const auto asked = found->second.room.wake_at();
        if (!asked || *asked > agenda_.now())
            return wake_room(shard, id);
        on_room(shard, id, core::WakeUp{});
        if (const auto still = shards_[shard].rooms.find(id); still != shards_[shard].rooms.end())
            checker_.woken(still->second.room.wake_at());
    });
}

// ---- the directory and the users ---------------------------------------------------------------

void Server::directory_changed(unsigned shard) {
    if (std::exchange(shards_[shard].flush_due, true))
        return;
    after(directory_batch, [this, shard] { flush_directory(shard); });
}

void Server::flush_directory(unsigned shard) {
    auto& here = shards_[shard];
    here.flush_due = false;
    to_client::RoomListDelta delta;
    for (const auto& [room, exists] : std::exchange(here.changed, {}))
        if (const auto found = here.directory.find(room); found != here.directory.end())
            delta.upserted.push_back(found->second);
        else if (!exists)
            delta.removed.push_back(room);
    const auto something = !delta.upserted.empty() || !delta.removed.empty();
    for (LinkId link = 0; link < links_.size(); ++link) {
        if (!links_[link].open || links_[link].shard != shard)
            continue;
        on_session(link, edge::DirectoryChanged{});
        if (something && links_[link].open && links_[link].session->wants_directory_deltas())
            send(link, delta);
    }
}

void Server::sweep_users() {
    for (auto& shard : shards_)
        shard.users.expire(agenda_.now());
    after(users_sweep, [this] { sweep_users(); });
}

void Server::check_clean() {
    if (rooms() != 0)
        fail("registry", std::to_string(rooms()) + " rooms live on without members");
    for (const auto& shard : shards_)
        if (!shard.directory.empty())
            fail("registry", "a room that is gone is still listed");
    for (const auto& user : owners_) {
        auto& users = shards_[shard_of(user)].users;
        if (users.find_seat(user, agenda_.now()))
            fail("seat", "a seat is still held for " + user);
        for (std::uint32_t i = 0; i < scenario_.session.rooms_per_user; ++i)
            if (!users.reserve_room(user, scenario_.session.rooms_per_user))
                fail("registry", user + " is still charged for a room");
    }
}

} // namespace owp::sim
