// The connections of one shard: feeds each session machine its events in order, and carries its
// effects to the connection, the rooms and the user registries.
#pragma once

#include "app/access_cache.hpp"
#include "app/deadlines.hpp"
#include "app/directory.hpp"
#include "app/jellyfin_desk.hpp"
#include "app/list_turns.hpp"
#include "app/metrics.hpp"
#include "app/server_clock.hpp"
#include "app/shard_message.hpp"
#include "app/visible_rooms.hpp"
#include "auth/token.hpp"
#include "edge/session.hpp"
#include "net/server.hpp"

#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace owp::app {

class Sessions {
public:
    /// There is no `policy` where no JWT is believed. All references outlive the sessions.
    Sessions(edge::SessionOptions options, std::optional<auth::TokenPolicy> policy,
             const Clock& clock, Wire& wire, Directory& directory, Metrics& metrics)
        : options_{options}, policy_{std::move(policy)}, clock_{clock}, wire_{wire},
          directory_{directory}, metrics_{metrics} {}

    /// From here on titles are shown to those alone whom the authority allows. Before the first
    /// connection.
    void check_access(AccessAuthority& authority, AccessCache::Post post);

    // From the network.
    void opened(net::Connection& connection);
    void text(net::Connection& connection, std::string_view text, ServerTime arrival);
    void binary(net::Connection& connection, ServerTime arrival);
    void pong(net::Connection& connection, Duration round_trip, ServerTime arrival);
    void closed(net::Connection& connection, const net::CloseInfo& info);

    // From the bus.
    void on(const ToSession& message);
    void on(const RoomAnswer& message);
    void on(const AskAccess& message);
    void on(const Deliver& message);

    /// Tells the directory's changes to those who want them, whole lists in turn.
    void flush_directory(ServerTime now);
    /// Tokens that are no JWT are shown to Jellyfin, now and every minute. Before the first
    /// session.
    void ask_jellyfin(JellyfinDesk& desk, AccessCache::Post post);
    /// Once a second: asks Jellyfin again about those whose minute is over.
    void ask_again(ServerTime now);
    /// From here on this decides about JWTs. Whose own it does not believe is signed out; one that
    /// has merely run out keeps its room.
    void believe(auth::TokenPolicy policy, ServerTime now);

    /// Wakes the sessions whose time has come, and sends the lists whose turn it is.
    void wake(ServerTime now);
    [[nodiscard]] std::optional<ServerTime> wake_at() const { return deadlines_.next(); }
    [[nodiscard]] std::optional<ServerTime> lists_at() const { return list_turns_.wake_at(); }
    /// Once a second: questions about access that nobody answered are a no.
    void expire_access(ServerTime now);
    [[nodiscard]] std::size_t timers() const { return deadlines_.size() + sign_ins_.size(); }
    /// Every session says its farewell.
    void stop();

private:
    struct Client {
        ClientId id;
        net::Connection& connection;
        edge::Session session;
        auth::Secret credential{};               // the last token that was good
        VisibleRooms rooms{};                    // where access is checked
        std::string rooms_user{};                // to whom those were shown
        bool by_jellyfin{};                      // `credential` is Jellyfin's
        bool asking{};                           // Jellyfin, about a new token
        std::uint64_t token_number{};            // of the last that was shown
        std::uint32_t place{};                   // in places_
        bool browsing{};                         // is in browsing_
        ServerTime wakes_at = ServerTime::max(); // by deadlines_
    };

    /// What a delivery has to know of a session, as its last event left it: for many of them side
    /// by side, as each place in memory that has to be looked at costs as much as all else here.
    struct Place {
        ClientId client{};
        net::Connection* connection = nullptr; // null: nobody's
        std::optional<RoomId> heard_room{};
        Dialect dialect = Dialect::v1;
    };

    static Client& client_of(net::Connection& connection);
    [[nodiscard]] Sender sender(const Client& client) const;
    void feed(Client& client, const edge::Event& event, ServerTime now);
    void carry_out(Client& client, std::vector<edge::Effect>& effects, ServerTime now);
    void take_place(Client& client);
    /// Null: whoever it was has gone, and the place may be another's.
    [[nodiscard]] const Place* place_of(const Receiver& receiver) const;
    void note_browsing(Client& client);
    void send(Client& client, const net::Frame& frame, net::SendOptions options = {});
    void send(Client& client, const ServerMessage& message);
    void send_list(Client& client, ServerTime now, net::SendOptions options = {});
    void send_lists_in_turn(ServerTime now);
    void flush_visible(ServerTime now);
    [[nodiscard]] VisibleRooms::MaySee may_see(Client& client, ServerTime now);
    /// A token's way to its verdict.
    void verify(Client& client, const std::string& token, ServerTime now);
    void judged(Client& client, const std::string& token, const edge::TokenVerdict& verdict,
                ServerTime now);

    edge::SessionOptions options_;
    std::optional<auth::TokenPolicy> policy_;
    const Clock& clock_;
    Wire& wire_;
    Directory& directory_;
    Metrics& metrics_;
    std::unordered_map<ClientId, std::unique_ptr<Client>> clients_;
    std::vector<Place> places_; // what a Receiver names
    std::vector<std::uint32_t> free_places_;
    std::unordered_set<Client*> browsing_; // who is to hear of the directory: few, mostly
    // Nothing but their memory outlasts an event.
    std::vector<edge::Effect> effects_;
    std::string text_;
    net::FramePool frames_;
    Deadlines<ClientId> deadlines_;
    Deadlines<ClientId> sign_ins_; // that Jellyfin is to be asked about again
    ListTurns list_turns_;
    std::size_t list_bytes_ = 0;          // sent as lists so far
    std::unique_ptr<AccessCache> access_; // none: everybody may see everything
    JellyfinDesk* jellyfin_ = nullptr;    // none: only JWTs count
    AccessCache::Post post_;
    std::unordered_set<std::string> news_for_; // users of whom more is known since the last flush
};

} // namespace owp::app
