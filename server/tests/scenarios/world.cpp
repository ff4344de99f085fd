#include "tests/scenarios/world.hpp"

#include "edge/no_room.hpp"
#include "protocol/codec.hpp"

#include <algorithm>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace owp::scenario {

namespace {

constexpr ServerTime epoch = ServerTime{std::chrono::milliseconds{1'700'000'000'000}};
constexpr Duration directory_batch = std::chrono::milliseconds{100};

std::string number(double value) {
    std::ostringstream out;
    out.precision(12);
    out << value;
    return out.str();
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

/// The first word, removed from `text`.
std::string word(std::string& text) {
    const std::size_t start = std::min(text.find_first_not_of(' '), text.size());
    const std::size_t end = std::min(text.find(' ', start), text.size());
    std::string first = text.substr(start, end - start);
    text.erase(0, std::min(text.find_first_not_of(' ', end), text.size()));
    return first;
}

/// "good USER NAME SECONDS", "expired", anything else is invalid: what a verifier would find out.
edge::TokenVerdict verdict_of(std::string token, ServerTime now) {
    edge::TokenVerdict verdict;
    const std::string kind = word(token);
    verdict.valid = kind == "good";
    verdict.code = kind == "expired" ? ErrorCode::token_expired : ErrorCode::invalid_token;
    if (verdict.valid) {
        verdict.user_id = word(token);
        verdict.user_name = word(token);
        verdict.expires = now + std::chrono::seconds{std::stoi(token)};
    }
    return verdict;
}

} // namespace

// ---- the script -------------------------------------------------------------------------------

void World::run(const std::string& line) {
    std::string rest = line;
    const std::string first = word(rest);
    if (first == "wait") {
        advance_to(now_ + std::chrono::milliseconds{std::stoi(rest)});
    } else if (first == "quiet") {
        const std::string before = output_;
        run(rest);
        output_ = before;
    } else if (first == "repeat") {
        const int times = std::stoi(word(rest));
        for (int i = 0; i < times; ++i)
            run(rest);
    } else if (first == "server" && rest == "stops") {
        for (const auto& [id, connection] : connections_)
            give(id, edge::ServerStopping{});
    } else if (!first.empty() && first.back() == ':') {
        say_short(latest(first.substr(0, first.size() - 1)), rest);
    } else {
        const std::string verb = word(rest);
        if (verb == "may" && word(rest) == "not") { // see MEDIA
            word(rest);
            forbidden_.emplace(first, rest);
            return;
        }
        if (verb == "connects")
            connect(first, rest == "v2");
        else if (verb == "vanishes")
            give(latest(first).id, edge::Closed{});
        else if (verb == "pongs")
            give(latest(first).id, edge::PongReceived{std::chrono::milliseconds{std::stoi(rest)}});
        else if (verb == "is" && rest == "signed out")
            give(latest(first).id, edge::SignedOut{});
        else if (verb == "sends" && rest == "binary")
            give(latest(first).id, edge::BinaryReceived{});
        else if (verb == "sends")
            say(latest(first), rest);
        else
            throw std::runtime_error("no such command: " + line);
    }
    drain();
}

std::string World::take_output() {
    return std::exchange(output_, {});
}

void World::connect(const std::string& name, bool v2) {
    Connection made;
    made.id.bytes = {0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, ++ids_};
    made.token.bytes = {0x70, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ids_};
    // A second connection of the same person is told apart by its number.
    const auto count = std::ranges::count_if(
        connections_, [&](const auto& entry) { return entry.second.name.starts_with(name); });
    made.name = count == 0 ? name : name + "-" + std::to_string(count + 1);
    made.session = std::make_unique<edge::Session>(options_.session, made.id, made.token, now_);
    names_.emplace_back(to_uuid_string(made.id.bytes), "<" + made.name + ">");
    names_.emplace_back(to_hex_string(made.token.bytes), "<" + made.name + ".token>");
    const ClientId id = made.id;
    by_name_[name] = id;
    by_name_[made.name] = id;
    connections_.emplace(id, std::move(made));
    give(id, edge::Opened{});
    drain();
    if (v2) // with auth off
        say_short(connections_.at(id),
                  R"(auth {"protocol_version":1,"features":["owp.v2"],"user_name":")" + name +
                      R"("})");
}

void World::say(Connection& who, const std::string& text) {
    const std::string frame = with_ids(text);
    if (!who.session || who.gone)
        throw std::runtime_error(who.name + " is gone");
    for (const edge::Effect& effect : who.session->on(edge::FrameReceived{frame}, now_))
        apply(who, effect);
}

void World::say_short(Connection& who, const std::string& words) {
    std::string rest = words;
    const std::string type = word(rest);
    std::string frame = R"({"type":")" + type + R"(",)";
    if (!rest.empty() && rest.front() == '@')
        frame += R"("room":"<)" + word(rest).substr(1) + R"(>",)";
    if (!rest.empty())
        frame += R"("payload":)" + rest + ",";
    say(who, frame + R"("ts":)" + std::to_string(to_whole_milliseconds(now_)) + "}");
}

// ---- time -------------------------------------------------------------------------------------

std::optional<ServerTime> World::next_wake() const {
    std::optional<ServerTime> next = directory_due_;
    const auto consider = [&](std::optional<ServerTime> time) {
        if (time)
            next = next ? std::min(*next, *time) : time;
    };
    for (const auto& [id, connection] : connections_)
        consider(connection.session->wake_at());
    for (const auto& [id, room] : rooms_)
        consider(room->wake_at());
    return next;
}

void World::advance_to(ServerTime time) {
    drain();
    for (auto next = next_wake(); next && *next <= time; next = next_wake()) {
        now_ = std::max(now_, *next);
        wake();
    }
    now_ = time;
}

void World::wake() {
    for (const auto& [id, connection] : connections_)
        if (const auto at = connection.session->wake_at(); at && *at <= now_)
            give(id, edge::WakeUp{});
    for (const auto& [id, room] : rooms_)
        if (const auto at = room->wake_at(); at && *at <= now_)
            give(id, core::WakeUp{});
    if (directory_due_ && *directory_due_ <= now_)
        publish_directory();
    drain();
}

// ---- the bus ----------------------------------------------------------------------------------

void World::give(ClientId to, edge::Event event) {
    queue_.push_back([this, to, event = std::move(event)] {
        Connection& connection = connections_.at(to);
        for (edge::Effect& effect : connection.session->on(event, now_))
            apply(connection, std::move(effect));
        if (std::holds_alternative<edge::Closed>(event))
            connection.gone = true;
    });
}

void World::give(RoomId to, core::Event event) {
    queue_.push_back([this, to, event = std::move(event)] {
        const auto it = rooms_.find(to);
        if (it == rooms_.end()) {
            if (const auto answer = edge::answer_of_no_room(to, event))
                std::visit(
                    [&](const auto& said) {
                        if constexpr (requires { said.who.client; })
                            give(said.who.client, *answer);
                        else if constexpr (requires { said.client; })
                            give(said.client, *answer);
                    },
                    event);
            return;
        }
        for (core::Effect& effect : it->second->on(event, now_))
            apply(to, std::move(effect));
    });
}

void World::drain() {
    while (!queue_.empty()) {
        const auto next = std::move(queue_.front());
        queue_.pop_front();
        next();
    }
    std::erase_if(rooms_, [](const auto& entry) { return entry.second->closed(); });
}

void World::apply(Connection& from, edge::Effect effect) {
    const ClientId id = from.id;
    if (auto* send = std::get_if<edge::Send>(&effect)) {
        deliver({&from}, send->message);
    } else if (std::holds_alternative<edge::SendRoomList>(effect) ||
               std::holds_alternative<edge::AwaitRoomList>(effect)) {
        deliver({&from}, room_list(from));
    } else if (auto* subscribe = std::get_if<edge::SubscribeDirectory>(&effect)) {
        from.subscribed = subscribe->on;
        if (subscribe->on)
            deliver({&from}, room_list(from));
    } else if (auto* verify = std::get_if<edge::VerifyToken>(&effect)) {
        give(id, verdict_of(verify->token, now_));
    } else if (auto* reserve = std::get_if<edge::ReserveRoom>(&effect)) {
        std::optional<RoomId> room;
        if (registry_.reserve_room(reserve->user_id, reserve->rooms_max)) {
            room.emplace().bytes = {0xf, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, ++ids_};
            const auto taken = std::ranges::count_if(
                names_, [](const auto& entry) { return entry.second.starts_with("<room-"); });
            names_.emplace_back(to_uuid_string(room->bytes),
                                "<room-" + std::to_string(taken + 1) + ">");
        }
        give(id, edge::RoomReserved{room});
    } else if (auto* release = std::get_if<edge::ReleaseRoom>(&effect)) {
        registry_.release_room(release->user_id);
    } else if (auto* find = std::get_if<edge::FindSeat>(&effect)) {
        if (const auto room = registry_.find_seat(find->user_id, now_))
            give(id, edge::SeatFound{*room});
    } else if (auto* create = std::get_if<edge::CreateRoom>(&effect)) {
        queue_.push_back([this, setup = std::move(create->setup)] {
            std::vector<core::Effect> effects;
            rooms_.emplace(setup.id,
                           std::make_unique<core::Room>(options_.room, setup, now_, effects));
            for (core::Effect& each : effects)
                apply(setup.id, std::move(each));
        });
    } else if (auto* to_room = std::get_if<edge::ToRoom>(&effect)) {
        give(to_room->room, std::move(to_room->event));
    } else if (auto* invite = std::get_if<edge::MakeInvite>(&effect)) {
        InviteTicket ticket;
        ticket.bytes = {0x71, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ++ids_};
        const auto taken = std::ranges::count_if(
            names_, [](const auto& entry) { return entry.second.starts_with("<ticket-"); });
        names_.emplace_back(to_hex_string(ticket.bytes),
                            "<ticket-" + std::to_string(taken + 1) + ">");
        give(invite->room, core::CreateInvite{id, ticket});
    } else if (std::holds_alternative<edge::SendPing>(effect)) {
        if (options_.show_pings)
            print(from.name + " is pinged");
    } else if (auto* close = std::get_if<edge::Close>(&effect)) {
        print(from.name + " is closed: " + std::to_string(static_cast<unsigned>(close->code)) +
              " " + close->reason);
        give(id, edge::Closed{});
    } else if (auto* log = std::get_if<edge::LogClient>(&effect)) {
        print(from.name + " logs [" + log->category + "] " + log->message);
    }
}

void World::apply(RoomId from, core::Effect effect) {
    if (auto* send = std::get_if<core::Send>(&effect)) {
        // To the edges, behind what was sent to them before.
        queue_.push_back([this, from, send = std::move(*send)] {
            std::vector<Connection*> to;
            for (const ClientId& client : send.to)
                if (Connection& each = connections_.at(client); each.session->hears(from))
                    to.push_back(&each);
            deliver(to, send.message);
        });
    } else if (auto* asked = std::get_if<core::AskAccess>(&effect)) {
        give(from, core::AccessVerdict{asked->client, asked->user_id, asked->media_id,
                                       may_see(asked->user_id, asked->media_id)});
    } else if (auto* admitted = std::get_if<core::Admitted>(&effect)) {
        give(admitted->client, edge::RoomAdmitted{from, admitted->listed});
    } else if (auto* refused = std::get_if<core::JoinRefused>(&effect)) {
        give(refused->client, edge::RoomRefused{from, refused->code});
    } else if (auto* dismissed = std::get_if<core::Dismissed>(&effect)) {
        give(dismissed->client, edge::RoomDismissed{from, dismissed->replaced});
    } else if (auto* held = std::get_if<core::SeatHeld>(&effect)) {
        registry_.hold_seat(held->user_id, from, held->until);
    } else if (std::holds_alternative<core::SummaryChanged>(effect)) {
        listed_.insert(from);
        directory_changed(from);
    } else if (auto* closed = std::get_if<core::Closed>(&effect)) {
        registry_.release_room(closed->owner_user_id);
        if (listed_.erase(from) != 0)
            directory_changed(from);
    }
}

// ---- the directory ----------------------------------------------------------------------------

void World::directory_changed(RoomId room) {
    changed_rooms_.insert(room);
    if (!directory_due_)
        directory_due_ = now_ + directory_batch;
}

void World::publish_directory() {
    directory_due_.reset();
    const std::set<RoomId> changed = std::exchange(changed_rooms_, {});
    std::map<std::string, std::vector<Connection*>> subscribers; // by user, who see the same
    for (auto& [id, connection] : connections_) {
        if (connection.session->wants_room_list())
            give(id, edge::DirectoryChanged{});
        if (connection.session->wants_directory_deltas())
            subscribers[options_.room.access_checked ? connection.session->user_id() : ""]
                .push_back(&connection);
    }
    for (const auto& [user_id, readers] : subscribers) {
        to_client::RoomListDelta delta;
        for (const RoomId& room : changed)
            if (const auto it = rooms_.find(room);
                it != rooms_.end() && may_see(user_id, it->second->summary().media_id))
                delta.upserted.push_back(it->second->summary());
            else
                delta.removed.push_back(room);
        deliver(readers, delta);
    }
}

to_client::RoomList World::room_list(const Connection& reader) const {
    to_client::RoomList list;
    for (const auto& [id, room] : rooms_)
        if (listed_.contains(id) && may_see(reader.session->user_id(), room->summary().media_id))
            list.rooms.push_back(room->summary());
    return list;
}

bool World::may_see(const std::string& user_id, const std::optional<MediaId>& media) const {
    return !media || !forbidden_.contains({user_id, to_hex_string(media->bytes)});
}

// ---- what comes out ---------------------------------------------------------------------------

void World::deliver(const std::vector<Connection*>& to, const ServerMessage& message) {
    // One line for all who get the same bytes.
    for (const Dialect dialect : {Dialect::v1, Dialect::v2}) {
        std::string who;
        for (const Connection* each : to)
            if (!each->gone && each->session->dialect() == dialect)
                who += (who.empty() ? "" : ", ") + each->name;
        if (who.empty())
            continue;
        if (const std::string frame = encode(message, dialect, now_); !frame.empty())
            print(who + " <- " + with_names(frame));
    }
}

World::Connection& World::latest(const std::string& name) {
    const auto it = by_name_.find(name);
    if (it == by_name_.end())
        throw std::runtime_error("nobody is called " + name);
    return connections_.at(it->second);
}

std::string World::with_ids(std::string text) const {
    for (const auto& [id, name] : names_)
        replace_all(text, name, id);
    return text;
}

std::string World::with_names(std::string text) const {
    for (const auto& [id, name] : names_)
        replace_all(text, id, name);
    // Times are counted from the start of the transcript.
    static const std::regex time{R"(\b1(?:69|70)\d{10}(?:\.\d+)?)"};
    std::string out;
    auto at = text.cbegin();
    for (std::sregex_iterator it{text.begin(), text.end(), time}, end; it != end; ++it) {
        out.append(at, text.cbegin() + it->position());
        out += "T+" + number(std::stod(it->str()) - to_milliseconds(epoch));
        at = text.cbegin() + it->position() + it->length();
    }
    return out.append(at, text.cend());
}

void World::print(const std::string& line) {
    output_ += "+" + number(to_milliseconds(now_) - to_milliseconds(epoch)) + " " + line + "\n";
}

} // namespace owp::scenario
