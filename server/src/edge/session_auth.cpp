// Who a connection is: names, tokens, the dialect, a v1 guest's way back to its seat.
#include "edge/session.hpp"

#include "edge/session_effects.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <utility>

namespace owp::edge {

namespace {

constexpr int protocol_version = 1;
const std::string anonymous = "Anonymous";

} // namespace

void Session::take(from_client::Auth& message, ServerTime, Effects& effects) {
    if (message.protocol_version && *message.protocol_version != protocol_version) {
        send_error(ErrorCode::protocol_version_unsupported, effects);
        close(CloseCode::policy_violation, "This server speaks protocol version 1.", effects);
        return;
    }
    if (known_) {
        welcome(message, effects);
        return;
    }
    if (!options_.auth_required) {
        // Nothing can prove a name, so what the client says is its display identity.
        take_name(message.user_name);
        if (!message.user_id.empty())
            user_id_ = message.user_id;
        welcome(message, effects);
        return;
    }
    if (!message.token) {
        send_error(ErrorCode::authentication_required, effects);
        return;
    }
    ++verdicts_owed_;
    effects.push_back(VerifyToken{*message.token});
    verifying_ = std::move(message);
}

void Session::handle(const TokenVerdict& event, ServerTime, Effects& effects) {
    if (verdicts_owed_ == 0 || --verdicts_owed_ > 0)
        return; // a later auth has taken this one's place
    const from_client::Auth message = std::move(*verifying_);
    verifying_.reset();
    if (!event.valid) {
        send_error(event.code, effects);
        // Clients of every age come back by themselves after this, and ask again. Who is signed in
        // already stays.
        if (event.code == ErrorCode::auth_unavailable && !authenticated_)
            close(CloseCode::try_again_later, "Sign-ins cannot be checked now.", effects);
        return;
    }
    const bool first = !authenticated_;
    authenticated_ = true;
    token_fresh_ = true;
    token_expires_ = event.expires;
    user_id_ = event.user_id;
    if (std::string name = clean_text(event.user_name, user_name_code_points_max); !name.empty()) {
        name_ = std::move(name);
        name_is_proven_ = true;
    }
    take_name(message.user_name);
    welcome(message, effects);
    if (first && dialect_ == Dialect::v1)
        effects.push_back(AwaitRoomList{});
}

void Session::handle(const SignedOut&, ServerTime, Effects& effects) {
    close(CloseCode::signed_out, "The sign-in does not hold any more.", effects);
}

void Session::welcome(const from_client::Auth& message, Effects& effects) {
    // In a room its dialect stays: the room knows whether this member follows the timeline.
    if (message.wants_v2 && !link_.room() && !creating_)
        dialect_ = Dialect::v2;
    if (message.token || known_ || dialect_ == Dialect::v2)
        effects.push_back(
            Send{to_client::AuthSuccess{client_, display_name(), user_id_, resume_token_}});
    // v1 clients do not rejoin by themselves (wire-v1): the first auth of a connection asks whether
    // it is somebody's who was lost.
    const bool may_come_back = dialect_ == Dialect::v1 && !seat_sought_ && !user_id_.empty() &&
                               !link_.room() && !creating_;
    seat_sought_ = true;
    if (may_come_back)
        effects.push_back(FindSeat{user_id_});
}

void Session::take_name(const std::string& name) {
    if (!name_is_proven_ && !name.empty())
        name_ = name;
}

const std::string& Session::display_name() const {
    return name_.empty() ? anonymous : name_;
}

core::Identity Session::identity() const {
    const bool v2 = dialect_ == Dialect::v2;
    return {.client = client_,
            .name = display_name(),
            .user_id = user_id_,
            .resume_token = v2 ? std::optional{resume_token_} : std::nullopt,
            .follows_timeline = v2};
}

} // namespace owp::edge
