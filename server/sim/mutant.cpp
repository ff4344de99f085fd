#include "mutant.hpp"

#include <algorithm>
#include <charconv>

namespace owp::sim {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(MutantKind::last)> names{
    "none",
    "drop-dismissed",
    "deliver-to-non-members",
    "seq-goes-back",
    "two-hosts",
    "host-stays-old",
    "pending-play-never-ends",
    "position-error-on-pause",
    "v1-gets-v2",
    "room-closes-silently",
    "seat-never-expires",
    "forgets-acknowledgement",
    "chat-twice",
    "wrong-receive-stamp",
    "ghost-member",
    "everybody-may-see",
    "opens-without-ticket",
    "lists-private-room",
    "buries-the-living",
    "waits-for-the-dead",
    "hears-pongs-alone",
    "takes-sleep-for-silence",
    "hears-nothing-twice",
    "ignores-what-is-long-ago",
    "keeps-its-list",
    "shows-guests-out",
    "heeds-repeats",
};

template <class Message>
Message* sent(core::Effect& effect) {
    auto* send = std::get_if<core::Send>(&effect);
    return send ? std::get_if<Message>(&send->message) : nullptr;
}

Timeline* timeline_in(core::Effect& effect) {
    if (auto* state = sent<to_client::RoomState>(effect))
        return &state->timeline;
    if (auto* event = sent<to_client::PlayerEvent>(effect))
        return &event->timeline;
    if (auto* update = sent<to_client::StateUpdate>(effect))
        return &update->timeline;
    return nullptr;
}

} // namespace

std::string_view name_of(MutantKind kind) {
    return names[static_cast<std::size_t>(kind)];
}

std::optional<MutantKind> mutant_named(std::string_view name) {
    const auto* found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<MutantKind>(found - names.begin());
}

void Mutant::falsify(const RoomId& room, std::vector<core::Effect>& effects) {
    switch (kind_) {
    case MutantKind::drop_dismissed:
        std::erase_if(effects, [](const core::Effect& effect) {
            return std::holds_alternative<core::Dismissed>(effect);
        });
        break;
    case MutantKind::deliver_to_non_members: {
        auto& known = ever_admitted_[room];
        for (auto& effect : effects) {
            if (const auto* admitted = std::get_if<core::Admitted>(&effect))
                known.push_back(admitted->client);
            if (sent<to_client::PlayerEvent>(effect) || sent<to_client::ParticipantsUpdate>(effect))
                std::get<core::Send>(effect).to = known;
        }
        break;
    }
    case MutantKind::seq_goes_back:
        for (auto& effect : effects)
            if (auto* timeline = timeline_in(effect); timeline && timeline->seq > 1 && every(5))
                timeline->seq -= 1;
        break;
    case MutantKind::two_hosts:
        for (auto& effect : effects)
            if (auto* update = sent<to_client::ParticipantsUpdate>(effect))
                for (auto& participant : update->participants)
                    participant.is_host = true;
        break;
    case MutantKind::host_stays_old:
        for (auto& effect : effects)
            if (auto* state = sent<to_client::RoomState>(effect); state && every(4))
                state->host.bytes[0] ^= 1U;
        break;
    case MutantKind::position_error_on_pause:
        for (auto& effect : effects)
            if (auto* event = sent<to_client::PlayerEvent>(effect);
                event && event->action == PlayerAction::pause)
                event->timeline.position_seconds += 0.3;
        break;
    case MutantKind::room_closes_silently:
        std::erase_if(effects, [](core::Effect& effect) {
            return sent<to_client::RoomClosed>(effect) != nullptr;
        });
        break;
    case MutantKind::chat_twice:
        for (std::size_t i = 0; i < effects.size(); ++i)
            if (sent<to_client::ChatMessage>(effects[i]) && every(3)) {
                effects.insert(effects.begin() + static_cast<std::ptrdiff_t>(i), effects[i]);
                ++i;
            }
        break;
    case MutantKind::lists_private_room:
        if (std::any_of(effects.begin(), effects.end(), [](const core::Effect& effect) {
                const auto* admitted = std::get_if<core::Admitted>(&effect);
                return admitted && !admitted->listed;
            })) {
            RoomSummary summary;
            summary.id = room;
            effects.emplace_back(core::SummaryChanged{summary});
        }
        break;
    case MutantKind::shows_guests_out:
        for (auto& effect : effects)
            if (const auto* state = sent<to_client::RoomState>(effect))
                hosts_[room] = state->host;
        break;
    default:
        break;
    }
}

core::Event Mutant::heard(const RoomId& room, const core::Event& event) {
    core::Event changed = event;
    if (const auto* status = std::get_if<core::Status>(&event);
        status && kind_ == MutantKind::shows_guests_out && hosts_[room] != status->client &&
        every(10))
        return core::Leave{status->client};
    if (kind_ != MutantKind::opens_without_ticket)
        return changed;
    if (const auto* invite = std::get_if<core::CreateInvite>(&event))
        tickets_[room] = invite->ticket;
    if (auto* join = std::get_if<core::Join>(&changed); join && tickets_.contains(room))
        join->ticket = tickets_.at(room);
    return changed;
}

void Mutant::falsify(LinkId link, const edge::Event& event, std::vector<edge::Effect>& effects) {
    const auto pings = [&effects] {
        return std::any_of(effects.begin(), effects.end(), [](const edge::Effect& effect) {
            return std::holds_alternative<edge::SendPing>(effect);
        });
    };
    switch (kind_) {
    case MutantKind::forgets_acknowledgement:
        std::erase_if(effects, [this](const edge::Effect& effect) {
            return std::holds_alternative<edge::Send>(effect) && every(20);
        });
        break;
    case MutantKind::ghost_member:
        std::erase_if(effects, [](const edge::Effect& effect) {
            const auto* order = std::get_if<edge::ToRoom>(&effect);
            return order && std::holds_alternative<core::Disconnect>(order->event);
        });
        break;
    case MutantKind::buries_the_living:
        if (pings() && every(10))
            give_up(effects);
        break;
    case MutantKind::waits_for_the_dead:
        std::erase_if(effects, [](const edge::Effect& effect) {
            const auto* close = std::get_if<edge::Close>(&effect);
            return close && close->code == CloseCode::timed_out;
        });
        break;
    case MutantKind::shows_guests_out: // whose statuses then meet silence
        if (const auto* frame = std::get_if<edge::FrameReceived>(&event);
            frame && frame->text.find("participant_status") != std::string_view::npos)
            std::erase_if(effects, [](const edge::Effect& effect) {
                return std::holds_alternative<edge::Send>(effect);
            });
        break;
    case MutantKind::hears_pongs_alone:
        if (std::holds_alternative<edge::PongReceived>(event))
            unanswered_[link] = 0;
        if (pings() && ++unanswered_[link] > 3)
            give_up(effects);
        break;
    case MutantKind::takes_sleep_for_silence:
        if (std::holds_alternative<edge::WakeUp>(event) && late_ > std::chrono::seconds{1})
            give_up(effects);
        break;
    case MutantKind::wrong_receive_stamp:
        for (auto& effect : effects)
            if (auto* send = std::get_if<edge::Send>(&effect))
                if (auto* pong = std::get_if<to_client::Pong>(&send->message))
                    pong->received -= std::chrono::milliseconds{200};
        break;
    default:
        break;
    }
}

void Mutant::give_up(std::vector<edge::Effect>& effects) {
    for (auto& effect : effects)
        if (std::holds_alternative<edge::SendPing>(effect))
            effect = edge::Close{CloseCode::timed_out, "No sign of life for too long."};
}

bool Mutant::ignores(LinkId link, std::string_view text) {
    if (kind_ != MutantKind::hears_nothing_twice && kind_ != MutantKind::ignores_what_is_long_ago)
        return false;
    constexpr std::string_view field = "\"client_ts\":";
    const auto at = text.find(field);
    if (at == std::string_view::npos) // no ping
        return false;
    if (kind_ == MutantKind::hears_nothing_twice)
        return said_by_.try_emplace(std::string{text}, link).first->second != link;
    double stamp = 0;
    std::from_chars(text.data() + at + field.size(), text.data() + text.size(), stamp);
    const auto former = stamps_.try_emplace(link, stamp).first->second;
    stamps_[link] = stamp;
    return stamp < former - 3'600'000;
}

Dialect Mutant::rendering(Dialect dialect) {
    return kind_ == MutantKind::v1_gets_v2 && every(30) ? Dialect::v2 : dialect;
}

} // namespace owp::sim
