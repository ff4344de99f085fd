#include "checker.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace owp::sim {

using namespace std::chrono_literals;

namespace {

constexpr double position_max_seconds = 86'400;
/// Effects of one event: to each member a message of its own, its dismissal, and a few for all.
std::size_t effects_max(std::size_t members) {
    return 12 + 4 * members;
}

bool same(const Timeline& a, const Timeline& b) {
    return a.media_id == b.media_id && a.playing == b.playing && a.seq == b.seq &&
           std::abs(a.position_seconds - b.position_seconds) < 1e-6 &&
           std::abs(a.rate - b.rate) < 1e-9 && std::chrono::abs(a.at - b.at) <= Duration{1};
}

} // namespace

std::string text_of(const RoomId& room) {
    return "room " + to_uuid_string(room.bytes).substr(0, 8);
}
std::string text_of(const ClientId& client) {
    return to_uuid_string(client.bytes).substr(0, 8);
}

void fail(std::string_view invariant, const std::string& detail) {
    throw Violation{invariant, detail};
}

Checker::Checker(const Scenario& scenario, const Agenda& agenda)
    : scenario_{scenario}, agenda_{agenda}, slack_{6 * scenario.faults.bus_delay_max +
                                                   scenario.faults.verdict_delay_max +
                                                   2 * scenario.faults.timer_lateness_max +
                                                   Duration{10ms}} {
    // There and back: about the title, and once more should the room have changed it meanwhile.
    if (scenario.room.access_checked)
        access_wait_ = 2 * (scenario.faults.access_delay_max + 2 * scenario.faults.bus_delay_max);
}

std::string Checker::who(LinkId link) const {
    return "connection " + std::to_string(link) + " (" + text_of(links_[link].client) + ")";
}

// ---- connections -------------------------------------------------------------------------------

void Checker::opened(LinkId link, const ClientId& client) {
    if (links_.size() <= link)
        links_.resize(link + 1);
    links_[link].client = client;
    links_[link].open = true;
    link_by_client_[client] = link;
    heard(link);
}

void Checker::owe(LinkId link, Owed what, std::uint64_t id, std::optional<RoomId> room,
                  Duration within) {
    const auto deadline = now() + within + slack_;
    links_[link].debts.push_back({what, id, room, deadline});
    next_check_ = std::min(next_check_, deadline);
}

void Checker::forget_room_debts(LinkTwin& twin) {
    std::erase_if(twin.debts, [](const Debt& debt) {
        return debt.what != Owed::pong && debt.what != Owed::list && debt.what != Owed::auth;
    });
}

void Checker::asked(LinkId link, const Intent& intent) {
    auto& twin = links_[link];
    using Kind = Intent::Kind;
    twin.asked.push_back(now());
    while (twin.asked.front() < now() - 2s)
        twin.asked.pop_front();
    if (intent.kind == Kind::leave || intent.kind == Kind::create || intent.kind == Kind::join)
        forget_room_debts(twin);
    // One takes the place of one that still waits, whose answer comes with it
    if (intent.kind == Kind::authenticate || intent.kind == Kind::authenticate_v2)
        for (auto& debt : twin.debts)
            if (debt.what == Owed::auth)
                debt.deadline = now() + slack_;
    if (near_limit(twin))
        return;
    switch (intent.kind) {
    case Kind::ping:
        owe(link, Owed::pong, intent.id, {}, {});
        break;
    case Kind::list:
        owe(link, Owed::list, 0, {}, {});
        break;
    case Kind::authenticate_v2:
        owe(link, Owed::auth, 0, {}, {});
        break;
    case Kind::create:
        owe(link, Owed::room_state, 0, {}, access_wait_);
        break;
    case Kind::join:
        owe(link, Owed::room_state, 0, intent.room, access_wait_);
        break;
    case Kind::play:
        owe(link, Owed::play, 0, intent.room, scenario_.room.ready_wait_max);
        break;
    case Kind::command:
        owe(link, Owed::command, 0, intent.room, {});
        break;
    case Kind::chat:
        owe(link, Owed::chat, intent.id, intent.room, {});
        break;
    case Kind::set_media:
        owe(link, Owed::media, 0, intent.room, access_wait_);
        break;
    case Kind::create_invite:
        owe(link, Owed::invite, 0, intent.room, {});
        break;
    case Kind::close_room:
        owe(link, Owed::closing, 0, intent.room, {});
        break;
    case Kind::leave:
    case Kind::binary:
    case Kind::authenticate: // in v1 it is answered by nothing
    case Kind::nothing:
        break;
    }
}

/// Near the limit a message may be dropped; that is answered once, not each time.
bool Checker::near_limit(const LinkTwin& twin) const {
    return twin.asked.size() > scenario_.session.messages_per_second * 2 / 3;
}

void Checker::handled(LinkId link, const Intent& intent, bool hears) {
    auto& twin = links_[link];
    const auto left = intent.kind == Intent::Kind::leave && !near_limit(twin);
    if (left || !hears)
        twin.room.reset();
}

void Checker::admitted(LinkId link, const RoomId& room) {
    links_[link].room = room;
}

void Checker::dismissed(LinkId link, const RoomId& room) {
    auto& twin = links_[link];
    if (twin.room == room)
        twin.room.reset();
    std::erase_if(twin.debts, [&](const Debt& debt) {
        return debt.room == room && debt.what != Owed::room_closed && debt.what != Owed::room_state;
    });
}

void Checker::gone(LinkId link) {
    auto& twin = links_[link];
    twin.open = false;
    twin.gone_at = now();
    twin.room.reset();
    twin.debts.clear();
}

bool Checker::is_member(const RoomId& room, LinkId link) const {
    return living(room) && links_[link].room == room &&
           rooms_.at(room).members.contains(links_[link].client);
}

template <class Matches>
void Checker::settle_first(LinkTwin& twin, Matches matches) {
    const auto found = std::find_if(twin.debts.begin(), twin.debts.end(), matches);
    if (found != twin.debts.end())
        twin.debts.erase(found);
}

void Checker::settle(LinkTwin& twin, const Frame& frame) {
    const auto first = [&](Owed what) {
        settle_first(twin, [what](const Debt& debt) { return debt.what == what; });
    };
    switch (frame.type) {
    case FrameType::pong:
        settle_first(twin, [&](const Debt& debt) {
            return debt.what == Owed::pong && frame.ping_id == static_cast<double>(debt.id);
        });
        break;
    case FrameType::room_list:
        first(Owed::list);
        break;
    case FrameType::auth_success:
        first(Owed::auth);
        break;
    case FrameType::room_state: // another title ends a play that waits
        first(Owed::room_state);
        if (scenario_.room.access_checked) // the title that was wanted last is the one
            std::erase_if(twin.debts, [](const Debt& debt) { return debt.what == Owed::media; });
        else
            first(Owed::media);
        std::erase_if(twin.debts, [](const Debt& debt) { return debt.what == Owed::play; });
        break;
    case FrameType::player_event: // a play that waits is superseded by what comes after it
        std::erase_if(twin.debts, [](const Debt& debt) { return debt.what == Owed::play; });
        if (frame.action != "play")
            first(Owed::command);
        break;
    case FrameType::invite:
        first(Owed::invite);
        break;
    case FrameType::chat_message:
        settle_first(twin, [&](const Debt& debt) {
            return debt.what == Owed::chat && frame.words == std::to_string(debt.id);
        });
        break;
    case FrameType::error:
        settle_by_error(twin, frame.code);
        break;
    case FrameType::room_closed:
        std::erase_if(twin.debts, [&](const Debt& debt) {
            return debt.room == frame.room && debt.what != Owed::room_state;
        });
        break;
    default:
        break;
    }
}

/// An error does not say what it answers; the code narrows it down. Where two are possible both are
/// taken as answered: the checker would rather miss something than accuse wrongly.
void Checker::settle_by_error(LinkTwin& twin, std::string_view code) {
    const auto first_of = [&](std::initializer_list<Owed> kinds) {
        settle_first(twin, [kinds](const Debt& debt) {
            return std::find(kinds.begin(), kinds.end(), debt.what) != kinds.end();
        });
    };
    if (code == "RATE_LIMITED") { // said once for all that was dropped
        twin.rate_limited = true;
        std::erase_if(twin.debts, [](const Debt& debt) { return debt.what < Owed::room_closed; });
    } else if (code == "INVALID_TOKEN") {
        first_of({Owed::auth});
    } else if (code == "INVALID_POSITION") {
        first_of({Owed::command});
    } else if (code == "MEDIA_FORBIDDEN") {
        first_of({Owed::room_state});
        std::erase_if(twin.debts, [](const Debt& debt) { return debt.what == Owed::media; });
    } else if (code == "ROOM_NOT_FOUND" ||
               code == "INVITE_INVALID") { // whatever was said to that room has its answer, too
        std::erase_if(twin.debts, [this](const Debt& debt) {
            if (!debt.room || debt.what >= Owed::room_closed)
                return false;
            // A private room is not there for whoever may not come in.
            return !living(*debt.room) ||
                   (debt.what == Owed::room_state && rooms_.at(*debt.room).is_private);
        });
    } else if (code == "NOT_IN_ROOM" || code == "HOST_PERMISSION_REQUIRED") {
        first_of({Owed::command, Owed::chat, Owed::media, Owed::invite, Owed::closing});
        first_of({Owed::play}); // which may be older and still wait
    } else {
        first_of({Owed::room_state, Owed::list, Owed::command, Owed::chat, Owed::media,
                  Owed::invite, Owed::closing});
        first_of({Owed::play});
    }
}

void Checker::check_silence(LinkId link, const LinkTwin& twin, const Frame& frame) const {
    if (!frame.room || frame.type == FrameType::pong || frame.type == FrameType::error)
        return;
    if (twin.room != frame.room)
        fail("silence", who(link) + " hears of " + text_of(*frame.room) +
                            " in which it is not: " + frame.text);
}

void Checker::check_timeline(LinkId link, LinkTwin& twin, const Frame& frame) {
    const auto found = rooms_.find(*frame.room);
    if (found == rooms_.end())
        fail("silence", who(link) + " hears of a room that never was: " + frame.text);
    const auto& timelines = found->second.timelines;
    auto& last = twin.seq_sent[*frame.room];
    if (frame.timeline->seq < last)
        fail("seq", who(link) + " had " + std::to_string(last) + ", now: " + frame.text);
    last = frame.timeline->seq;
    const auto held = std::find_if(timelines.rbegin(), timelines.rend(), [&](const Timeline& each) {
        return each.seq == frame.timeline->seq;
    });
    if (held == timelines.rend() || !same(*held, *frame.timeline))
        fail("same-timeline", who(link) + " is told what the room never held: " + frame.text);
    std::erase_if(twin.debts, [&](const Debt& debt) {
        return debt.what == Owed::timeline && debt.room == frame.room && debt.id <= last;
    });
}

void Checker::frame_out(LinkId link, const Frame& frame, Dialect dialect) {
    auto& twin = links_[link];
    if (!frame.problem.empty())
        fail("dialect", who(link) + " drops (" + frame.problem + "): " + frame.text);
    twin.dialect = dialect;
    if (!twin.open)
        fail("silence", who(link) + " is closed and gets " + frame.text);
    check_silence(link, twin, frame);
    if (frame.participant_count && *frame.participant_count > scenario_.room.members_max)
        fail("bounded", "too many participants: " + frame.text);
    if (frame.timeline)
        check_timeline(link, twin, frame);
    check_list(link, frame);
    if (frame.type == FrameType::chat_message && !twin.chats.insert(frame.words).second)
        fail("acknowledgement", who(link) + " gets a chat twice: " + frame.text);
    settle(twin, frame);
}

// ---- rooms -------------------------------------------------------------------------------------

void Checker::room_created(const core::RoomSetup& setup) {
    const auto [found, fresh] = rooms_.try_emplace(setup.id);
    if (!fresh)
        fail("one-host", text_of(setup.id) + " is created twice");
    auto& room = found->second;
    room.host = setup.host.client;
    room.is_private = setup.is_private;
    room.admitted[setup.host.client] = setup.host;
}

void Checker::room_step(const RoomId& id, const core::Room& machine, const core::Event* event,
                        const std::vector<core::Effect>& effects) {
    auto& room = rooms_.at(id);
    const auto knocking_max = scenario_.room.access_checked ? scenario_.room.members_max : 0;
    if (effects.size() > effects_max(room.members.size() + room.seats.size() + knocking_max))
        fail("bounded", std::to_string(effects.size()) + " effects of one event");
    if (event) {
        note_entry(id, room, *event, effects);
        if (const auto* leave = std::get_if<core::Leave>(event))
            room.members.erase(leave->client);
        if (const auto* lost = std::get_if<core::Disconnect>(event))
            if (room.members.erase(lost->client))
                room.seats[lost->client] = now() + scenario_.room.seat_hold;
    }
    const auto former = room.timelines.size();
    note_timeline(id, room, machine.timeline());
    for (const auto& effect : effects)
        room_effect(id, room, effect);
    if (room.closed)
        owe_room_closed(id, event);
    if (event)
        note_command(room, *event, effects, room.timelines.size() > former);
    if (event && std::holds_alternative<core::SetMedia>(*event))
        expect_access_asked(id);
    if (const auto* verdict = event ? std::get_if<core::AccessVerdict>(event) : nullptr)
        access_denied_ += !verdict->allowed;
    if (machine.closed() != room.closed)
        fail("room-closed", text_of(id) + " closed without saying so, or lives on");
    if (room.closed || (scenario_.room.access_checked && !room.opened))
        return;
    for (const auto& [member, user] : room.members)
        check_access(id, room, member, machine.timeline().media_id);
    if (!room.members.contains(room.host))
        fail("one-host", "the host of " + text_of(id) + " is no connected member");
    const auto seats = room.members.size() + room.seats.size();
    if (room.members.size() > scenario_.room.members_max || machine.summary().count > seats)
        fail("bounded", text_of(id) + " has more members than seats");
}

void Checker::note_timeline(const RoomId& id, RoomTwin& room, const Timeline& timeline) {
    if (!std::isfinite(timeline.position_seconds) || timeline.position_seconds < 0 ||
        timeline.position_seconds > position_max_seconds)
        fail("bounded", text_of(id) + " stands at " + std::to_string(timeline.position_seconds));
    if (room.timelines.empty()) {
        room.timelines.push_back(timeline);
        return;
    }
    const auto& last = room.timelines.back();
    if (timeline.seq < last.seq || (timeline.seq == last.seq && !(timeline == last)))
        fail("seq", text_of(id) + " changed its timeline without a new number after " +
                        std::to_string(last.seq));
    if (timeline.seq == last.seq)
        return;
    room.timelines.push_back(timeline);
    for (const auto& [member, user] : room.members)
        if (const auto link = link_by_client_.at(member);
            links_[link].open && links_[link].dialect == Dialect::v2 && links_[link].room == id)
            owe(link, Owed::timeline, timeline.seq, id, {});
}

void Checker::room_effect(const RoomId& id, RoomTwin& room, const core::Effect& effect) {
    if (room.closed)
        fail("room-closed", text_of(id) + " acts after its end");
    if (const auto* send = std::get_if<core::Send>(&effect)) {
        room_message(id, room, *send);
    } else if (const auto* admitted = std::get_if<core::Admitted>(&effect)) {
        room.members[admitted->client] = admitted->user_id;
        room.opened = true;
    } else if (const auto* dismissed = std::get_if<core::Dismissed>(&effect)) {
        room.members.erase(dismissed->client);
    } else if (const auto* held = std::get_if<core::SeatHeld>(&effect)) {
        if (held->until > now() + scenario_.room.seat_hold)
            fail("seat", "held for too long in " + text_of(id));
    } else if (std::holds_alternative<core::SummaryChanged>(effect)) {
        if (room.is_private)
            fail("private", text_of(id) + " is private and tells the directory of itself");
    } else if (std::holds_alternative<core::Closed>(effect)) {
        room.closed = true;
        room.closed_at = now();
        room.play_deadline.reset();
    }
}

/// About another title all are asked, and after them whoever waits at the door.
void Checker::expect_access_asked(const RoomId& id) {
    for (auto& twin : links_)
        for (auto& debt : twin.debts)
            if (debt.room == id && (debt.what == Owed::room_state || debt.what == Owed::media))
                debt.deadline = std::max(debt.deadline, now() + access_wait_ + slack_);
}

/// Whoever hears the room has not left it and must be told, but for the host who closed it.
void Checker::owe_room_closed(const RoomId& id, const core::Event* event) {
    const auto* close = event ? std::get_if<core::Close>(event) : nullptr;
    for (LinkId link = 0; link < links_.size(); ++link)
        if (links_[link].open && links_[link].room == id &&
            !(close && close->client == links_[link].client))
            owe(link, Owed::room_closed, 0, id, {});
}

void Checker::room_message(const RoomId& id, RoomTwin& room, const core::Send& send) {
    if (send.to.size() > scenario_.room.members_max)
        fail("bounded", "one message to " + std::to_string(send.to.size()));
    if (!std::holds_alternative<to_client::Error>(send.message))
        for (const auto& client : send.to)
            if (!room.members.contains(client))
                fail("silence", text_of(id) + " sends to " + text_of(client) + ", no member");
    if (const auto* state = std::get_if<to_client::RoomState>(&send.message)) {
        for (const auto& client : send.to)
            check_access(id, room, client, state->timeline.media_id);
        check_participants(room, &state->host, state->participants);
    } else if (const auto* update = std::get_if<to_client::ParticipantsUpdate>(&send.message))
        check_participants(room, nullptr, update->participants);
    else if (const auto* event = std::get_if<to_client::PlayerEvent>(&send.message)) {
        // A seek before a play has begun leaves the play its time.
        const auto stops =
            event->action == PlayerAction::pause || event->action == PlayerAction::buffering;
        const auto lead_max =
            stops ? scenario_.room.command_lead_max : scenario_.room.play_lead_max;
        if (event->target > now() + lead_max)
            fail("bounded", "a lead too long in " + text_of(id));
    }
}

void Checker::check_participants(RoomTwin& room, const ClientId* host,
                                 const std::vector<Participant>& participants) {
    room.listed.clear();
    unsigned hosts = 0;
    for (const auto& each : participants) {
        room.listed.insert(each.id);
        if (!room.members.contains(each.id) && !room.seats.contains(each.id))
            fail("silence", text_of(each.id) + " is listed and is no member");
        if (each.is_host) {
            ++hosts;
            room.host = each.id;
        }
    }
    if (hosts != 1)
        fail("one-host", std::to_string(hosts) + " hosts are listed");
    if (host && *host != room.host)
        fail("one-host", "room_state names another host than its list");
    for (const auto& [member, user] : room.members)
        if (!room.listed.contains(member))
            fail("one-host", text_of(member) + " is a member and not listed");
    std::erase_if(room.seats, [&](const auto& seat) {
        const auto vacant = !room.listed.contains(seat.first);
        seats_retaken_ += vacant && now() < seat.second;
        return vacant;
    });
}

/// Only v2 is told when a seat expires: for v1 its member has left already.
bool Checker::has_v2_member(const RoomTwin& room) const {
    return std::any_of(room.members.begin(), room.members.end(), [this](const auto& member) {
        return links_[link_by_client_.at(member.first)].dialect == Dialect::v2;
    });
}

void Checker::note_command(RoomTwin& room, const core::Event& event,
                           const std::vector<core::Effect>& effects, bool new_timeline) {
    const auto sends = [&](auto matches) {
        return std::any_of(effects.begin(), effects.end(), [&](const core::Effect& effect) {
            const auto* send = std::get_if<core::Send>(&effect);
            return send && matches(send->message);
        });
    };
    if (sends([&](const ServerMessage& message) {
            return std::holds_alternative<to_client::PlayerEvent>(message) ||
                   (new_timeline && std::holds_alternative<to_client::RoomState>(message));
        }))
        room.play_deadline.reset();
    else if (const auto* command = std::get_if<core::Command>(&event);
             command && command->client == room.host && command->action == PlayerAction::play &&
             !sends([](const ServerMessage& message) {
                 return std::holds_alternative<to_client::Error>(message);
             }) &&
             !room.play_deadline && !room.closed) {
        room.play_deadline = now() + scenario_.room.ready_wait_max + slack_;
        next_check_ = std::min(next_check_, *room.play_deadline);
    }
}

void Checker::woken(std::optional<ServerTime> next) {
    if (next && *next <= now())
        fail("busy-timer", "woken, and wants to be woken again at once");
}

// ---- after every step --------------------------------------------------------------------------

void Checker::step() {
    if (now() < next_check_)
        return;
    next_check_ = now() + 1s;
    check_debts();
    check_dead();
    check_rooms();
}

void Checker::check_debts() {
    static constexpr std::string_view names[] = {
        "a pong",   "a room_list", "auth_success", "a room_state",   "its play",    "its command",
        "its chat", "its title",   "its invite",   "the room's end", "room_closed", "the timeline"};
    for (LinkId link = 0; link < links_.size(); ++link)
        for (const auto& debt : links_[link].debts) {
            if (now() > debt.deadline)
                fail(debt.what == Owed::room_closed ? "room-closed"
                     : debt.what == Owed::timeline  ? "same-timeline"
                                                    : "acknowledgement",
                     who(link) + " waits in vain for " +
                         std::string{names[static_cast<std::size_t>(debt.what)]} + ' ' +
                         std::to_string(debt.id));
            next_check_ = std::min(next_check_, debt.deadline + Duration{1});
        }
}

void Checker::check_rooms() {
    const auto patience = slack_ + scenario_.room.participants_batch;
    for (LinkId link = 0; link < links_.size(); ++link)
        if (const auto& room = links_[link].room;
            room && rooms_.at(*room).closed && now() > rooms_.at(*room).closed_at + patience)
            fail("room-closed", who(link) + " still believes in closed " + text_of(*room));
    for (const auto& [id, room] : rooms_) {
        if (room.closed)
            continue;
        if (room.play_deadline) {
            if (now() > *room.play_deadline)
                fail("pending-play", "a play in " + text_of(id) + " waits for ever");
            next_check_ = std::min(next_check_, *room.play_deadline + Duration{1});
        }
        for (const auto& [client, until] : room.seats)
            if (now() > until + patience && room.listed.contains(client) && has_v2_member(room))
                fail("seat", text_of(client) + " keeps its seat in " + text_of(id));
        for (const auto& [member, user] : room.members)
            if (const auto& link = links_[link_by_client_.at(member)];
                !link.open && now() > link.gone_at + patience)
                fail("seat", text_of(member) + " is gone and still a member of " + text_of(id));
    }
}

// ---- the truth ---------------------------------------------------------------------------------

bool Checker::living(const RoomId& room) const {
    const auto found = rooms_.find(room);
    return found != rooms_.end() && !found->second.closed;
}

std::uint64_t Checker::latest_seq(const RoomId& room) const {
    return rooms_.at(room).timelines.back().seq;
}

Checker::Truth Checker::truth(const RoomId& room, ServerTime time) const {
    const auto& timelines = rooms_.at(room).timelines;
    auto held = std::find_if(timelines.rbegin(), timelines.rend(),
                             [time](const Timeline& each) { return each.at <= time; });
    if (held == timelines.rend())
        --held;
    return {held->position_at(std::max(time, held->at)), held->at};
}

} // namespace owp::sim
