// owp-bench PROFILE --server PROGRAM …: loads a server that it starts, and reports. See
// bench/README.md.
#include "load/machine.hpp"
#include "load/profiles.hpp"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>

namespace {

using owp::load::RunOptions;

constexpr int usage_error = 2;

template <class Number>
std::function<void(std::string_view)> into(Number& target) {
    return [&target](std::string_view text) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), target);
        if (error != std::errc{} || end != text.data() + text.size())
            throw std::runtime_error{"not a number: " + std::string{text}};
    };
}

std::function<void(std::string_view)> into(std::string& target) {
    return [&target](std::string_view text) { target = text; };
}

void write_file(const std::string& path, const std::string& text) {
    if (path.empty())
        return;
    std::ofstream file{path};
    file << text;
    if (!file.flush())
        throw std::runtime_error{"cannot write " + path};
}

std::string help() {
    return "owp-bench PROFILE --server PROGRAM [--OPTION VALUE]...\n\n" +
           owp::load::profile_help() +
           "\n  --against PROGRAM     another server, in alternating rounds\n"
           "  --bare PROGRAM        bare-send (default: beside this program)\n"
           "  --server-arg ARG      a further argument of the servers; may be repeated\n"
           "  --rounds, --seconds, --rooms, --members, --rate (deliveries a second, fanout),\n"
           "  --creates (rooms a second, party and churn), --seed\n"
           "  --awake on            no core sleeps: for virtual machines, see bench/README.md\n"
           "  --json FILE, --svg FILE   the report for programs, and its plot\n";
}

} // namespace

int main(int argc, char** argv) {
    try {
        static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
        RunOptions options;
        options.bare = (std::filesystem::path{argv[0]}.parent_path() / "bare-send").string();
        std::string json;
        std::string svg;
        const std::map<std::string_view, std::function<void(std::string_view)>> flags{
            {"--server", into(options.server)},
            {"--against", into(options.against)},
            {"--bare", into(options.bare)},
            {"--server-arg",
             [&](std::string_view text) { options.server_args.emplace_back(text); }},
            {"--rounds", into(options.rounds)},
            {"--seconds", into(options.seconds)},
            {"--rooms", into(options.rooms)},
            {"--members", into(options.members)},
            {"--rate", into(options.deliveries_per_second)},
            {"--creates", into(options.creates_per_second)},
            {"--seed", into(options.seed)},
            {"--awake",
             [](std::string_view text) {
                 if (text == "on")
                     owp::load::keep_cores_awake();
                 else if (text != "off")
                     throw std::runtime_error{"--awake is on or off"};
             }},
            {"--json", into(json)},
            {"--svg", into(svg)},
        };
        std::string command;
        for (int i = 1; i < argc; ++i)
            command.append(i > 1 ? " " : "").append(argv[i]);
        for (int i = 1; i < argc; ++i) {
            const auto flag = flags.find(argv[i]);
            if (flag != flags.end() && i + 1 < argc) {
                flag->second(argv[++i]);
            } else if (options.profile.empty() && argv[i][0] != '-') {
                options.profile = argv[i];
            } else {
                static_cast<void>(std::fputs(help().c_str(), stderr));
                return usage_error;
            }
        }
        if (options.profile.empty() || options.server.empty()) {
            static_cast<void>(std::fputs(help().c_str(), stderr));
            return usage_error;
        }
        owp::load::Report report = owp::load::run_profile(options);
        report.command = command;
        write_file(json, to_json(report) + '\n');
        write_file(svg, to_svg(report));
        static_cast<void>(std::fputs(to_table(report).c_str(), stdout));
        return 0;
    } catch (const std::exception& failure) {
        static_cast<void>(std::fprintf(stderr, "owp-bench: %s\n", failure.what()));
        return 1;
    }
}
