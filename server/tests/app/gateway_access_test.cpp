#include "app/gateway_access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class GatewayAccessTest : public testing::Test {
protected:
    void ask(const std::string& user = "ann") {
        gateway.ask({user, {}, MediaId{{0xab}}}, [this](bool allowed) { told.push_back(allowed); });
    }

    bool full = false;
    std::vector<std::string> lines;
    std::vector<bool> told;
    GatewayAccess gateway{[this](std::string line) {
        lines.push_back(std::move(line));
        return !full;
    }};
};

TEST_F(GatewayAccessTest, AsksInALineAndHearsTheAnswerInPieces) {
    ask("a\"n");
    EXPECT_THAT(lines, ElementsAre("{\"ask\":\"access\",\"id\":1,\"user\":\"a\\\"n\","
                                   "\"media\":\"ab000000000000000000000000000000\"}\n"));
    gateway.received("{\"answer\":\"access\",\"id\":1,");
    gateway.received("\"allowed\":true}");
    EXPECT_THAT(told, IsEmpty());
    gateway.received("\n{\"answer\":\"access\",\"id\":1,\"allowed\":false}\n");
    EXPECT_THAT(told, ElementsAre(true)) << "once";
}

TEST_F(GatewayAccessTest, AnswersMayCrossEachOther) {
    ask();
    ask();
    gateway.received("{\"answer\":\"access\",\"id\":2,\"allowed\":true}\n"
                     "{\"answer\":\"access\",\"id\":1,\"allowed\":false}\n");
    EXPECT_THAT(told, ElementsAre(true, false));
}

TEST_F(GatewayAccessTest, GarbageAnswersNothing) {
    ask();
    for (const std::string line :
         {"", "x", "[]", "{}", R"({"answer":"time","id":1,"allowed":true})",
          R"({"answer":"access","id":"1","allowed":true})",
          R"({"answer":"access","id":-1,"allowed":true})",
          R"({"answer":"access","id":1,"allowed":1})", R"({"answer":"access","allowed":true})",
          R"({"answer":"access","id":7,"allowed":true})"})
        gateway.received(line + "\n");
    const std::string good = R"({"answer":"access","id":1,"allowed":true})";
    gateway.received(good + std::string(gateway_line_bytes_max, ' ') + "\n");
    EXPECT_THAT(told, IsEmpty());
    gateway.received(good + "\n");
    EXPECT_THAT(told, ElementsAre(true));
}

TEST_F(GatewayAccessTest, AGatewayThatTakesNothingSaysNo) {
    full = true;
    ask();
    EXPECT_THAT(told, ElementsAre(false));
}

TEST_F(GatewayAccessTest, AsksNoMoreThanSoManyAtATime) {
    for (std::size_t i = 0; i < gateway_questions_max; ++i)
        ask();
    EXPECT_THAT(told, IsEmpty());
    ask();
    EXPECT_THAT(told, ElementsAre(false));
    EXPECT_EQ(lines.size(), gateway_questions_max);
}

} // namespace
} // namespace owp::app
