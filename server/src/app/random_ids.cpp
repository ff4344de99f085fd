#include "app/random_ids.hpp"

#include "app/last_words.hpp"

#include <sys/random.h>

namespace owp::app {
namespace {

std::array<std::uint8_t, 16> random_bytes() {
    std::array<std::uint8_t, 16> bytes{};
    // Up to 256 bytes come whole once the generator is seeded (getrandom(2)). Ids that can be
    // guessed would let strangers in, so without randomness there is no server.
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        end_with("the system has no random numbers");
    return bytes;
}

std::array<std::uint8_t, 16> random_uuid() {
    std::array<std::uint8_t, 16> bytes = random_bytes();
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40); // RFC 9562 §5.4: version 4
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80); // and its variant
    return bytes;
}

} // namespace

ClientId random_client_id() {
    return {random_uuid()};
}
RoomId random_room_id() {
    return {random_uuid()};
}
ResumeToken random_resume_token() {
    return {random_bytes()};
}
InviteTicket random_invite_ticket() {
    return {random_bytes()};
}

} // namespace owp::app
