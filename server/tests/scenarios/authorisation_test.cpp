// Both machines in every cell of protocol/authorisation.json: what may be done is done, what may
// not is answered with its code and heard by nobody else.
#include "tests/scenarios/world.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace owp::scenario {
namespace {

namespace bj = boost::json;

/// Column of the table to the name in it: acts, dialects, standings, roles, rooms.
using Cell = std::map<std::string, std::string>;

const std::string film(32, '1');
const std::string unseen(32, '2');

bj::object load_table() {
    std::stringstream text;
    text << std::ifstream{std::string{OWP_SOURCE_DIR} + "/protocol/authorisation.json"}.rdbuf();
    return bj::parse(text.str()).as_object();
}

std::string text_of(const bj::value& value) {
    return std::string{value.as_string()};
}

bool fits(const bj::object& rule, const Cell& cell) {
    for (const auto& [column, names] : rule)
        if (column != "code" && std::ranges::find(names.as_array(), bj::value(cell.at(column))) ==
                                    names.as_array().end())
            return false;
    return true;
}

/// "ok" or a code; none: there is no such cell.
std::optional<std::string> answer_to(const bj::object& table, const Cell& cell) {
    for (const bj::value& rule : table.at("rules").as_array())
        if (fits(rule.as_object(), cell)) {
            const bj::value& code = rule.at("code");
            return code.is_null() ? std::nullopt : std::optional{text_of(code)};
        }
    throw std::runtime_error("no rule fits");
}

/// A party in which "me" has the standing and the role of a cell; the room is <room-1>.
class Party {
public:
    explicit Party(const Cell& cell) : cell_{cell}, world_{options()} {
        const bool hosts = is("roles", "host");
        const std::string host = hosts ? "me" : "ann";
        run("u-me may not see " + unseen);
        come(host);
        create(host);
        if (!hosts || is("dialects", "v2"))
            run(host + ": create_invite @room-1");
        if (is("roles", "guest")) {
            come("me");
            run(R"(me: join_room @room-1 {"invite_ticket":"<ticket-1>"})");
        } else if (is("rooms", "full")) {
            come("cat");
            run("cat: join_room @room-1");
        }
        if (is("rooms", "playing"))
            run(host + R"(: player_event @room-1 {"action":"play","position":0})");
        run("wait 2500"); // a guest that is not ready is waited for
        if (is("rooms", "gone"))
            run(host + ": close_room @room-1");
        if (is("roles", "outside") || is("roles", "elsewhere"))
            come("me");
        if (is("roles", "elsewhere"))
            run("me: create_room");
        run("wait 500");
        if (is("standings", "expired"))
            run("wait 60000");
        (void)world_.take_output();
    }

    /// What comes of it. The act and its payload are those of the table.
    std::string act(const std::string& name, const bj::object& what) {
        std::string line = "me: " + name.substr(0, name.find(' '));
        if (what.contains("room"))
            line += " @room-1";
        if (const bj::value* payload = what.if_contains("payload"))
            line += " " + filled(bj::serialize(*payload));
        run(line);
        return world_.take_output();
    }
    std::string sign_out() {
        run("me is signed out");
        return world_.take_output();
    }

private:
    [[nodiscard]] bool is(const std::string& column, const std::string& name) const {
        return cell_.at(column) == name;
    }
    void run(const std::string& line) { world_.run(line); }

    [[nodiscard]] Options options() const {
        Options options;
        options.session.dead_after = std::chrono::hours{24};
        options.session.messages_per_second = 10'000;
        options.session.auth_required = options.room.access_checked = !is("standings", "open");
        if (is("rooms", "full"))
            options.room.members_max = 2;
        return options;
    }

    /// The others are always v2 and signed in for long.
    void come(const std::string& name) {
        const bool me = name == "me";
        const bool v2 = !me || is("dialects", "v2");
        if (is("standings", "open"))
            return run(name + (v2 ? " connects v2" : " connects"));
        run(name + " connects");
        if (me && is("standings", "unknown"))
            return;
        const std::string lasts = me && is("standings", "expired") ? "60" : "100000";
        run(name + R"(: auth {"token":"good u-)" + name + " " + name + " " + lasts +
            (v2 ? R"(","features":["owp.v2"]})" : R"("})"));
    }

    void create(const std::string& host) {
        bj::object wish;
        if (is("rooms", "unseen"))
            wish["media_id"] = unseen;
        else if (!is("rooms", "untitled"))
            wish["media_id"] = film;
        if (is("rooms", "private"))
            wish["private"] = true;
        run(host + ": create_room " + bj::serialize(wish));
    }

    [[nodiscard]] std::string filled(std::string payload) const {
        const std::pair<std::string, std::string> places[] = {
            {"$dialect", is("dialects", "v2") ? "owp.v2" : "owp.v1"},
            {"$good", "good u-me me 100000"},
            {"$expired", "expired"},
            {"$forged", "forged"},
            {"$revoked", "revoked"},
            {"$ticket", "<ticket-1>"},
            {"$other", std::string(32, 'f')},
            {"$seen", film},
            {"$unseen", unseen},
        };
        for (const auto& [place, value] : places)
            if (const std::size_t at = payload.find('"' + place + '"'); at != std::string::npos)
                payload.replace(at + 1, place.size(), value);
        return payload;
    }

    Cell cell_;
    World world_;
};

/// Does a line of the outcome say that "me" got a message of this type?
bool got(const std::string& outcome, const std::string& type) {
    std::istringstream lines{outcome};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t arrow = line.find(" <- ");
        if (arrow == std::string::npos)
            continue;
        const std::size_t time = line.find(' ');
        const std::string who = ", " + line.substr(time + 1, arrow - time - 1) + ",";
        if (who.find(", me,") != std::string::npos &&
            line.find("{\"type\":\"" + type + "\"", arrow) != std::string::npos)
            return true;
    }
    return false;
}

/// `alone`: nobody hears of what is refused.
testing::AssertionResult is_answered(const std::string& outcome, const std::string& code,
                                     const bj::object& what, bool alone) {
    const bj::value* answer = what.if_contains("answer");
    if (code == "ok" && !got(outcome, "error") &&
        (answer == nullptr || got(outcome, text_of(*answer))))
        return testing::AssertionSuccess();
    if (code != "ok" && got(outcome, "error") &&
        (!alone || std::ranges::count(outcome, '\n') == 1) &&
        outcome.find("\"code\":\"" + code + "\"") != std::string::npos)
        return testing::AssertionSuccess();
    return testing::AssertionFailure() << "should be " << code << " alone, but is: " << outcome;
}

std::string described(const Cell& cell) {
    std::string words;
    for (const auto& [column, name] : cell)
        words += name + " / ";
    return words;
}

class Authorisation : public testing::TestWithParam<const char*> {};

TEST_P(Authorisation, IsWhatTheTableSays) {
    const bj::object table = load_table();
    int cells = 0;
    Cell cell{{"standings", GetParam()}};
    const auto every_act = [&] {
        std::optional<Party> party;
        for (const auto& [name, what] : table.at("acts").as_object()) {
            cell["acts"] = name;
            const std::optional<std::string> code = answer_to(table, cell);
            if (!code)
                continue;
            ++cells;
            if (!party)
                party.emplace(cell);
            if (*code == "SIGNED_OUT") {
                EXPECT_NE(party->sign_out().find("me is closed: 4102"), std::string::npos);
                EXPECT_ANY_THROW((void)party->act(name, what.as_object())) << "it is gone";
                party.reset();
                continue;
            }
            const std::string_view act = name;
            const bool leaves = act.starts_with("create_room") || act.starts_with("join_room");
            EXPECT_TRUE(is_answered(party->act(name, what.as_object()), *code, what.as_object(),
                                    !leaves)) // P-ROOM-4: these leave a room first
                << described(cell);
            if (what.as_object().contains("moves"))
                party.reset();
        }
    };
    for (const bj::value& dialect : table.at("dialects").as_array())
        for (const auto& [role, meaning] : table.at("roles").as_object())
            for (const auto& [room, also] : table.at("rooms").as_object()) {
                cell["dialects"] = text_of(dialect);
                cell["roles"] = role;
                cell["rooms"] = room;
                every_act();
            }
    EXPECT_GT(cells, 100);
}

INSTANTIATE_TEST_SUITE_P(Table, Authorisation,
                         testing::Values("open", "unknown", "signed in", "expired", "revoked"),
                         [](const auto& each) {
                             std::string name = each.param;
                             std::ranges::replace(name, ' ', '_');
                             return name;
                         });

} // namespace
} // namespace owp::scenario
