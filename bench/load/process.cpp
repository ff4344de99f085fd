#include "load/process.hpp"

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace owp::load {
namespace {

using namespace std::chrono_literals;
constexpr auto start_wait_max = 10s;
constexpr auto stop_wait_max = 10s;
constexpr auto look_again = 5ms;

std::string read_file(const std::string& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// 0: it has not said so yet.
std::uint16_t port_in(const std::string& output) {
    const std::size_t mark = output.find("Listening on http://");
    const std::size_t line_end = mark == output.npos ? mark : output.find('\n', mark);
    if (line_end == output.npos)
        return 0;
    std::uint16_t port = 0;
    const std::size_t colon = output.rfind(':', line_end);
    std::from_chars(output.data() + colon + 1, output.data() + line_end, port);
    return port;
}

} // namespace

Process::Process(const std::vector<std::string>& command) {
    // A file and no pipe: nobody has to read along while the measurement runs
    char path[] = "/tmp/owp-bench-XXXXXX";
    const int output = ::mkstemp(path);
    if (output < 0)
        throw std::runtime_error{"cannot write to /tmp"};
    output_path_ = path;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output, 1);
    ::posix_spawn_file_actions_adddup2(&actions, output, 2);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const int error = ::posix_spawnp(&pid_, command.front().c_str(), &actions, nullptr,
                                     arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(output);
    const auto give_up = std::chrono::steady_clock::now() + start_wait_max;
    while (error == 0 && running() && std::chrono::steady_clock::now() < give_up) {
        port_ = port_in(read_file(output_path_));
        if (port_ != 0)
            return;
        std::this_thread::sleep_for(look_again);
    }
    const std::string said = read_file(output_path_);
    end();
    throw std::runtime_error{command.front() + " does not serve: " + said};
}

Process::~Process() {
    end();
}

void Process::end() {
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
        const auto give_up = std::chrono::steady_clock::now() + stop_wait_max;
        while (running() && std::chrono::steady_clock::now() < give_up)
            std::this_thread::sleep_for(look_again);
        if (running()) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    ::unlink(output_path_.c_str());
}

bool Process::running() {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) != 0)
        pid_ = -1;
    return pid_ > 0;
}

std::chrono::nanoseconds Process::cpu() const {
    const std::string stat = read_file("/proc/" + std::to_string(pid_) + "/stat");
    // Fields 14 and 15; the second is a name that may hold anything, in brackets
    std::istringstream fields{stat.substr(stat.rfind(')') + 1)};
    std::string skipped;
    for (int field = 3; field < 14; ++field)
        fields >> skipped;
    std::int64_t user_ticks = 0;
    std::int64_t system_ticks = 0;
    fields >> user_ticks >> system_ticks;
    return std::chrono::nanoseconds{(user_ticks + system_ticks) *
                                    (1'000'000'000 / ::sysconf(_SC_CLK_TCK))};
}

std::uint64_t Process::resident_bytes() const {
    std::istringstream fields{read_file("/proc/" + std::to_string(pid_) + "/statm")};
    std::uint64_t all_pages = 0;
    std::uint64_t resident_pages = 0;
    fields >> all_pages >> resident_pages;
    return resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t Process::descriptors() const {
    using std::filesystem::directory_iterator;
    return static_cast<std::size_t>(std::distance(
        directory_iterator{"/proc/" + std::to_string(pid_) + "/fd"}, directory_iterator{}));
}

} // namespace owp::load
