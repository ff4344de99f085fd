// The room's playback: the host's commands and reports, and the play that waits.
#include "core/room.hpp"

#include "core/lead.hpp"
#include "core/timeline.hpp"

#include <algorithm>
#include <utility>

namespace owp::core {

namespace {

// A v2 host acts at the target of its command, so what it reports until then, and what is on its
// way then, is from before. Longer than a slow path one way (300 ms) and a player's start.
constexpr Duration host_obeys_within = std::chrono::milliseconds{500};

// After a play's target, long enough for a guest whose clock is 100 ms off to have started, plus as
// much again for its player.
constexpr Duration settle_after = std::chrono::milliseconds{200};

PlayState play_state(bool playing) {
    return playing ? PlayState::playing : PlayState::paused;
}

} // namespace

Duration Room::lead(PlayerAction action) const {
    return lead_for(action, options_, participants_.listeners());
}

// ---- the title --------------------------------------------------------------------------------

void Room::handle(const SetMedia& event, ServerTime now, Effects& effects) {
    if (!host_or_error(event.client, effects))
        return;
    if (!is_position(event.start_position_seconds)) {
        effects.push_back(Send{{event.client}, to_client::Error{ErrorCode::invalid_position, {}}});
        return;
    }
    if (options_.access_checked)
        propose_title(event, effects);
    else
        change_title(event, now, effects);
}

void Room::change_title(const SetMedia& event, ServerTime now, Effects& effects) {
    end_wait(effects);
    timeline_ = next_title(timeline_, event.media_id, event.start_position_seconds, now);
    if (play_target_ && *play_target_ > now)
        settle_at_ = *play_target_ + settle_after;
    play_target_.reset();
    command_target_ = now; // what its host says until it has heard of this is about the old title
    filter_.commanded(timeline_.position_seconds, PlayState::paused, now, now);
    for (Member& member : participants_.all()) {
        member.ready = participants_.is_host(member.who.client);
        member.excused = false;
        member.offset_ms.reset();
        if (member.reported != ParticipantStatus::away)
            member.reported =
                member.ready ? ParticipantStatus::ready : ParticipantStatus::buffering;
    }
    for (Member& member : participants_.all())
        if (member.connected)
            send_state(member, effects);
}

// ---- commands ---------------------------------------------------------------------------------

void Room::handle(const Command& event, ServerTime now, Effects& effects) {
    if (!host_or_error(event.client, effects))
        return;
    if (!is_position(event.position_seconds)) {
        effects.push_back(Send{{event.client}, to_client::Error{ErrorCode::invalid_position, {}}});
        return;
    }
    switch (event.action) {
    case PlayerAction::play: // on() lets it through at once if nobody has to be waited for
        gate_.request(event.position_seconds, event.ts, now, options_.ready_wait_max);
        break;
    case PlayerAction::pause:
    case PlayerAction::buffering:
        pause(event, now, effects);
        break;
    case PlayerAction::seek:
        seek(event, now, effects);
        break;
    }
}

void Room::advance_gate(ServerTime now, Effects& effects) {
    switch (gate_.pending() ? gate_.update(participants_.delaying_play()) : ReadyGate::Step::idle) {
    case ReadyGate::Step::idle:
        break;
    case ReadyGate::Step::waits:
        if (auto to = participants_.followers(); !to.empty())
            effects.push_back(Send{std::move(to), to_client::PlayPending{id_, gate_.waiting()}});
        break;
    case ReadyGate::Step::open:
        start_play(now, effects);
        break;
    }
}

void Room::start_play(ServerTime now, Effects& effects) {
    const PendingPlay play = gate_.play();
    end_wait(effects);
    const Duration ahead = lead(PlayerAction::play);
    const ServerTime target = now + ahead;
    double position_now;
    Timeline next;
    if (participants_.host().who.follows_timeline) {
        next = next_timeline(timeline_, play.position_seconds, true, target);
        position_now = clamp_position(play.position_seconds - to_seconds(ahead));
    } else {
        // It has been playing since it asked.
        position_now = clamp_position(play.position_seconds + to_seconds(now - play.requested));
        next = next_timeline(timeline_, position_now, true, now);
    }
    relay({.room = id_,
           .client = participants_.host().who.client,
           .action = PlayerAction::play,
           .position_seconds = position_now,
           .play_state = PlayState::playing,
           .ts = play.ts,
           .target = target,
           .timeline = next},
          now, effects);
    play_target_ = target;
    settle_at_.reset();
}

void Room::pause(const Command& command, ServerTime now, Effects& effects) {
    const ServerTime target = now + lead(command.action);
    double position_now = command.position_seconds;
    Timeline next = next_timeline(timeline_, position_now, false, now);
    if (participants_.host().who.follows_timeline && command.action == PlayerAction::pause) {
        // It asks to stop where the timeline will be; while its play waits, that is the start.
        const auto standing = [&](ServerTime time) {
            return gate_.pending() ? gate_.play().position_seconds : standing_at(timeline_, time);
        };
        position_now = standing(now);
        next = next_timeline(timeline_, standing(target), false, target);
    }
    end_wait(effects);
    if (play_target_ && *play_target_ > now)
        settle_at_ = std::max(*play_target_, target) + settle_after;
    play_target_.reset();
    relay({.room = id_,
           .client = participants_.host().who.client,
           .action = command.action,
           .position_seconds = position_now,
           .play_state = PlayState::paused,
           .ts = command.ts,
           .target = target,
           .timeline = next},
          now, effects);
}

void Room::seek(const Command& command, ServerTime now, Effects& effects) {
    const bool at_target = participants_.host().who.follows_timeline;
    ServerTime target = now + lead(PlayerAction::seek);
    if (timeline_.playing && timeline_.at > target)
        target = timeline_.at; // a play that has not begun keeps its time
    const Timeline next = next_timeline(timeline_, command.position_seconds, timeline_.playing,
                                        at_target ? target : now);
    gate_.move_to(command.position_seconds, now);
    // While a play waits, nobody is to start on a seek.
    const PlayState state = gate_.pending()
                                ? PlayState::paused
                                : command.play_state.value_or(play_state(timeline_.playing));
    relay({.room = id_,
           .client = participants_.host().who.client,
           .action = PlayerAction::seek,
           .position_seconds = command.position_seconds,
           .play_state = state,
           .ts = command.ts,
           .target = target,
           .timeline = next},
          now, effects);
}

void Room::relay(const to_client::PlayerEvent& message, ServerTime now, Effects& effects) {
    timeline_ = message.timeline;
    command_target_ = message.target;
    filter_.commanded(message.position_seconds, play_state(timeline_.playing), now, message.target);
    effects.push_back(Send{participants_.connected(), message});
}

void Room::end_wait(Effects& effects) {
    if (!gate_.cancel())
        return;
    if (auto to = participants_.followers(); !to.empty())
        effects.push_back(Send{std::move(to), to_client::PlayPending{id_, std::nullopt}});
}

// A January guest that has been told of a play starts at its target even if a pause comes before
// (wire-v1). A paused report after the target stops it.
void Room::settle_v1_guests(Effects& effects) {
    settle_at_.reset();
    auto to = participants_.v1_guests();
    if (timeline_.playing || to.empty())
        return;
    effects.push_back(
        Send{.to = std::move(to),
             .message = to_client::StateUpdate{.room = id_,
                                               .client = participants_.host().who.client,
                                               .position_seconds = timeline_.position_seconds,
                                               .play_state = PlayState::paused,
                                               .ts = 0,
                                               .timeline = timeline_},
             .superseding = true});
}

// ---- reports ----------------------------------------------------------------------------------

bool Room::reports_wait(ServerTime now) const {
    if (gate_.pending() || (play_target_ && now < *play_target_))
        return true;
    return participants_.host().who.follows_timeline && command_target_ &&
           now < *command_target_ + host_obeys_within;
}

void Room::handle(const Report& event, ServerTime now, Effects& effects) {
    if (!host_or_error(event.client, effects))
        return;
    if (!is_position(event.position_seconds)) {
        effects.push_back(Send{{event.client}, to_client::Error{ErrorCode::invalid_position, {}}});
        return;
    }
    if (reports_wait(now) || !filter_.passes(event.position_seconds, event.play_state, now))
        return;
    filter_.accepted(event.position_seconds, event.play_state, now);
    const bool follows = participants_.host().who.follows_timeline;
    const std::uint64_t seq_before = timeline_.seq;
    timeline_ = after_report(timeline_, event.position_seconds,
                             event.play_state == PlayState::playing, follows, now);
    // The host knows where it is, unless the timeline that it follows has changed.
    const Audience& to =
        follows && timeline_.seq != seq_before ? participants_.connected() : participants_.guests();
    // A v1 guest takes the position for that of now, which a report that was long under way is not.
    const double position = follows ? standing_at(timeline_, now) : event.position_seconds;
    if (to.empty())
        return;
    effects.push_back(Send{.to = to,
                           .message = to_client::StateUpdate{.room = id_,
                                                             .client = event.client,
                                                             .position_seconds = position,
                                                             .play_state = event.play_state,
                                                             .ts = event.ts,
                                                             .timeline = timeline_},
                           .superseding = true});
}

} // namespace owp::core
