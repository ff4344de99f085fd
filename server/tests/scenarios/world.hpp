// A server without threads, sockets or delay: sessions, rooms, directory and registry joined by one
// queue, on a clock that the transcript moves. What it does is what app/ does with the effects.
#pragma once

#include "core/room.hpp"
#include "edge/session.hpp"
#include "edge/user_registry.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace owp::scenario {

struct Options {
    core::RoomOptions room;
    edge::SessionOptions session;
    bool show_pings = false;
};

class World {
public:
    explicit World(Options options) : options_(options) {}

    /// One line of a transcript. Throws std::runtime_error on a line that makes no sense.
    void run(const std::string& line);
    /// What came out since the last call, one effect per line, with names for ids and times.
    [[nodiscard]] std::string take_output();

private:
    struct Connection {
        std::string name;
        ClientId id;
        ResumeToken token;
        std::unique_ptr<edge::Session> session;
        bool subscribed = false;
        bool gone = false;
    };

    void connect(const std::string& name, bool v2);
    void say(Connection& who, const std::string& text);
    /// A frame from shorthand: type [@room] [payload].
    void say_short(Connection& who, const std::string& words);
    void advance_to(ServerTime time);
    [[nodiscard]] std::optional<ServerTime> next_wake() const;
    void wake();

    void give(ClientId to, edge::Event event);
    void give(RoomId to, core::Event event);
    void drain();
    void apply(Connection& from, edge::Effect effect);
    void apply(RoomId from, core::Effect effect);

    void directory_changed(RoomId room);
    void publish_directory();
    /// The list for this one.
    [[nodiscard]] to_client::RoomList room_list(const Connection& reader) const;
    [[nodiscard]] bool may_see(const std::string& user_id,
                               const std::optional<MediaId>& media) const;
    void deliver(const std::vector<Connection*>& to, const ServerMessage& message);

    Connection& latest(const std::string& name);
    [[nodiscard]] std::string with_ids(std::string text) const;
    [[nodiscard]] std::string with_names(std::string text) const;
    void print(const std::string& line);

    Options options_;
    ServerTime now_ = ServerTime{std::chrono::milliseconds{1'700'000'000'000}};
    std::uint8_t ids_ = 0;
    std::map<ClientId, Connection> connections_;
    std::map<std::string, ClientId> by_name_;
    std::map<RoomId, std::unique_ptr<core::Room>> rooms_;
    std::vector<std::pair<std::string, std::string>> names_; // id text, name
    edge::UserRegistry registry_;
    std::deque<std::function<void()>> queue_;
    std::set<RoomId> listed_;
    std::set<RoomId> changed_rooms_;
    std::set<std::pair<std::string, std::string>> forbidden_; // user, media
    std::optional<ServerTime> directory_due_;
    std::string output_;
};

} // namespace owp::scenario
