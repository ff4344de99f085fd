// As much of a Jellyfin as the server asks: who a token is, and whether they may see a title. Over
// real sockets, with a client of its own.
#pragma once

#include "net/http_client.hpp"
#include "tests/net/scripted_server.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace owp::app::test {

class FakeJellyfin {
public:
    /// The user that a token is; tokens without one are answered with 401.
    void let_in(const std::string& token, const std::string& name,
                const std::string& policy = "{}") {
        set(token, "200 OK",
            R"({"Id":"0123456789abcdef0123456789abcdef","Name":")" + name + R"(","Policy":)" +
                policy + "}");
    }
    void set(const std::string& token, const std::string& status, const std::string& body = "") {
        const std::lock_guard lock{mutex_};
        answers_["MediaBrowser Token=\"" + token + "\""] = {status, body};
    }
    void throw_out(const std::string& token) { set(token, "401 Unauthorized"); }

    /// Until then nobody is answered.
    void hold() { held_.lock(); }
    void release() { held_.unlock(); }

    /// The paths asked for since the last call.
    std::vector<std::string> take_asked() {
        const std::lock_guard lock{mutex_};
        return std::exchange(asked_, {});
    }

    net::HttpClient& client() { return *client_; }

private:
    struct Answer {
        std::string status = "401 Unauthorized";
        std::string body;
    };

    void serve(net::test::ServedConnection& connection) {
        const std::string head = connection.read_head();
        Answer answer;
        {
            const std::lock_guard lock{mutex_};
            asked_.push_back(head.substr(4, head.find(" HTTP/") - 4));
            const auto found = answers_.find(net::test::header_of(head, "Authorization"));
            if (found != answers_.end())
                answer = found->second;
        }
        const std::lock_guard wait{held_};
        connection.answer(answer.status, answer.body);
    }

    std::mutex mutex_;
    std::mutex held_;
    std::map<std::string, Answer> answers_;
    std::vector<std::string> asked_;
    net::test::ScriptedServer server_{
        [this](net::test::ServedConnection& connection) { serve(connection); }};
    std::unique_ptr<net::HttpClient> client_ =
        net::HttpClient::make(
            {.server = {.secure = false, .host = "127.0.0.1", .port = server_.port(), .path = ""},
             .ca_file = ""})
            .client;
};

} // namespace owp::app::test
