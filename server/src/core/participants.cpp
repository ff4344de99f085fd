#include "core/participants.hpp"

#include <algorithm>
#include <utility>

namespace owp::core {

namespace {

template <class Predicate>
std::vector<ClientId> ids_where(const std::vector<Member>& members, Predicate predicate) {
    std::vector<ClientId> ids;
    ids.reserve(members.size());
    for (const Member& member : members)
        if (predicate(member))
            ids.push_back(member.who.client);
    return ids;
}

} // namespace

Member* Participants::find(const ClientId& client) {
    const auto it = std::ranges::find_if(members_, [&](const Member& member) {
        return member.connected && member.who.client == client;
    });
    return it == members_.end() ? nullptr : &*it;
}

Member* Participants::seat_for(const Join& join) {
    if (join.resume && !join.reseat_only)
        for (Member& member : members_)
            if (member.who.resume_token == join.resume && member.who.user_id == join.who.user_id)
                return &member;
    Member* latest = nullptr;
    for (Member& member : members_)
        if (!member.connected && !join.who.user_id.empty() &&
            member.who.user_id == join.who.user_id &&
            (!latest || latest->held_until < member.held_until))
            latest = &member;
    return latest;
}

void Participants::add(Member member) {
    members_.push_back(std::move(member));
    connections_changed();
}

void Participants::remove(const ClientId& client) {
    connections_changed();
    std::erase_if(members_, [&](const Member& member) { return member.who.client == client; });
}

void Participants::lose(Member& member) {
    member.connected = false;
    connections_changed();
}

void Participants::take_over(Member& seat, const Identity& who) {
    connections_changed();
    seat.who = who;
    seat.connected = true;
    seat.network.reset(); // another connection, another path
}

void Participants::connections_changed() {
    connected_.reset();
    guests_.reset();
}

std::uint32_t Participants::count() const {
    return static_cast<std::uint32_t>(connected().size());
}

const Audience& Participants::connected() const {
    if (!connected_)
        connected_ = ids_where(members_, [](const Member& member) { return member.connected; });
    return *connected_;
}

const Audience& Participants::guests() const {
    if (!guests_)
        guests_ = ids_where(members_, [&](const Member& member) {
            return member.connected && !is_host(member.who.client);
        });
    return *guests_;
}

std::vector<ClientId> Participants::followers() const {
    return ids_where(members_, [](const Member& member) {
        return member.connected && member.who.follows_timeline;
    });
}

std::vector<ClientId> Participants::v1_members() const {
    return ids_where(members_, [](const Member& member) {
        return member.connected && !member.who.follows_timeline;
    });
}

std::vector<ClientId> Participants::v1_guests() const {
    return ids_where(members_, [&](const Member& member) {
        return member.connected && !member.who.follows_timeline && !is_host(member.who.client);
    });
}

std::vector<ClientId> Participants::delaying_play() const {
    return ids_where(members_, [](const Member& member) { return member.delays_play(); });
}

std::vector<Listener> Participants::listeners() const {
    std::vector<Listener> listeners;
    for (const Member& member : members_)
        if (member.connected && (member.ready || !member.who.follows_timeline))
            listeners.push_back({member.network, member.who.follows_timeline});
    return listeners;
}

std::vector<Participant> Participants::listed() const {
    std::vector<Participant> list;
    list.reserve(members_.size());
    for (const Member& member : members_)
        list.push_back({.id = member.who.client,
                        .name = member.who.name,
                        .is_host = is_host(member.who.client),
                        .status = member.status(),
                        .offset_ms = member.offset_ms,
                        .delay_ms = member.delay_ms});
    return list;
}

} // namespace owp::core
