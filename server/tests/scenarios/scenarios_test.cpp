// Runs every transcript in protocol/scenarios/server. A block is commands, "----", and what the
// server does; comments start with '#'. With OWP_REWRITE=1 the outcomes are written anew: commit a
// difference only if you can explain it.
#include "tests/scenarios/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace owp::scenario {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path{OWP_SOURCE_DIR} / "protocol/scenarios/server";

std::vector<std::string> scenario_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".txt")
            names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    return names;
}

/// "options key=value ...", the first command of a transcript that wants other than the defaults.
Options options_from(const std::string& line) {
    Options options;
    options.session.dead_after = std::chrono::hours{24}; // clients are alive unless pings are shown
    std::istringstream in{line};
    std::string setting;
    in >> setting;
    while (in >> setting) {
        const std::size_t equals = setting.find('=');
        const std::string key = setting.substr(0, equals);
        const std::string value = equals == std::string::npos ? "" : setting.substr(equals + 1);
        if (key == "auth")
            options.session.auth_required = value == "on";
        else if (key == "access")
            options.room.access_checked = value == "checked";
        else if (key == "lead")
            options.room.lead = value == "fixed" ? core::Lead::fixed : core::Lead::adaptive;
        else if (key == "members")
            options.room.members_max = static_cast<std::uint32_t>(std::stoul(value));
        else if (key == "rooms_per_user")
            options.session.rooms_per_user = static_cast<std::uint32_t>(std::stoul(value));
        else if (key == "invite_lifetime_ms")
            options.room.invite_lifetime = std::chrono::milliseconds{std::stoi(value)};
        else if (key == "pings") {
            options.show_pings = value == "shown";
            options.session.dead_after = edge::SessionOptions{}.dead_after;
        } else
            throw std::runtime_error("no such option: " + key);
    }
    return options;
}

/// The transcript with the outcomes that the machines have now.
std::string replay(const std::string& text) {
    std::istringstream in{text};
    std::string out;
    std::string line;
    std::optional<World> world;
    while (std::getline(in, line)) {
        if (line == "----") {
            out += "----\n" + (world ? world->take_output() : "") + "\n";
            while (std::getline(in, line) && !line.empty()) {
            } // the outcome as it was written
            continue;
        }
        out += line + "\n";
        if (line.empty() || line.starts_with('#'))
            continue;
        if (line.starts_with("options ")) {
            world.emplace(options_from(line));
            continue;
        }
        if (!world)
            world.emplace(options_from(""));
        world->run(line);
    }
    while (out.ends_with("\n\n"))
        out.pop_back();
    return out;
}

class Scenarios : public testing::TestWithParam<std::string> {};

TEST_P(Scenarios, ReplaysAsWritten) {
    const fs::path path = folder / (GetParam() + ".txt");
    std::stringstream written;
    written << std::ifstream{path}.rdbuf();
    const std::string now = replay(written.str());
    if (std::getenv("OWP_REWRITE") != nullptr)
        std::ofstream{path} << now;
    else
        EXPECT_EQ(written.str(), now);
}

INSTANTIATE_TEST_SUITE_P(Server, Scenarios, testing::ValuesIn(scenario_names()),
                         [](const auto& each) {
                             std::string name = each.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

} // namespace
} // namespace owp::scenario
