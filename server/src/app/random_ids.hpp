// Identities that nobody can guess, from the kernel's generator.
#pragma once

#include "protocol/types.hpp"

namespace owp::app {

/// A UUID, version 4.
[[nodiscard]] ClientId random_client_id();
[[nodiscard]] RoomId random_room_id();
/// 128 random bits.
[[nodiscard]] ResumeToken random_resume_token();
[[nodiscard]] InviteTicket random_invite_ticket();

} // namespace owp::app
