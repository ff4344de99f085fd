#include "net/gateway.hpp"

#include <gtest/gtest.h>

namespace owp::net {
namespace {

const std::string secret(64, 'a');

struct Wish {
    Headers headers{{"X-OpenWatchParty-Secret", secret},
                    {"X-OpenWatchParty-User", "0123456789abcdef"},
                    {"X-OpenWatchParty-Name", "Zo%C3%AB%20X"},
                    {"X-Forwarded-For", "203.0.113.7"},
                    {"Upgrade", "websocket"}};

    Wish with(const std::string& name, const std::string& value) const {
        Wish changed = without(name);
        changed.headers.emplace_back(name, value);
        return changed;
    }
    Wish without(const std::string& name) const {
        Wish changed = *this;
        std::erase_if(changed.headers, [&](const auto& header) { return header.first == name; });
        return changed;
    }
    Wish twice(const std::string& name) const {
        Wish changed = *this;
        for (const auto& header : headers)
            if (header.first == name)
                changed.headers.push_back(header);
        return changed;
    }
    std::variant<GatewayRefused, GatewayPassed> judged() const {
        Head head;
        head.headers = headers;
        return judge_gateway(head, secret);
    }
    /// 0: it passes.
    int status() const {
        const auto verdict = judged();
        const auto* refused = std::get_if<GatewayRefused>(&verdict);
        return refused == nullptr ? 0 : refused->status;
    }
};

TEST(Gateway, TakesTheUserAndTheAddressThatItNames) {
    const auto verdict = Wish{}.judged();
    const auto& passed = std::get<GatewayPassed>(verdict);
    ASSERT_TRUE(passed.user);
    EXPECT_EQ(passed.user->id, "0123456789abcdef");
    EXPECT_EQ(passed.user->name, "Zoë X");
    EXPECT_EQ(passed.client->to_string(), "203.0.113.7");
    EXPECT_EQ(Wish{}.with("X-Forwarded-For", "[2001:db8::1]:5000").status(), 0);
}

TEST(Gateway, LetsNobodyInWithoutTheSecret) {
    const std::string name = "X-OpenWatchParty-Secret";
    EXPECT_EQ(Wish{}.without(name).status(), 403);
    EXPECT_EQ(Wish{}.twice(name).status(), 403);
    EXPECT_EQ(Wish{}.with(name, "").status(), 403);
    EXPECT_EQ(Wish{}.with(name, secret.substr(1)).status(), 403);
    EXPECT_EQ(Wish{}.with(name, secret + "a").status(), 403);
    EXPECT_EQ(Wish{}.with(name, secret.substr(1) + "b").status(), 403);
    EXPECT_EQ(Wish{}.without("Upgrade").without(name).status(), 403);
    Head head;
    head.headers = {{name, ""}};
    EXPECT_TRUE(std::holds_alternative<GatewayRefused>(judge_gateway(head, ""))) << "no secret set";
}

TEST(Gateway, WantsAUserForAnUpgradeOnly) {
    const std::string name = "X-OpenWatchParty-User";
    EXPECT_EQ(Wish{}.with(name, std::string(64, 'u')).status(), 0);
    EXPECT_EQ(Wish{}.with(name, std::string(65, 'u')).status(), 400);
    EXPECT_EQ(Wish{}.with(name, "").status(), 400);
    EXPECT_EQ(Wish{}.with(name, "a\tb").status(), 400);
    EXPECT_EQ(Wish{}.with(name, "zo\xC3\xAB").status(), 400);
    EXPECT_EQ(Wish{}.without(name).status(), 400);
    EXPECT_EQ(Wish{}.twice(name).status(), 400);
    const auto plain = Wish{}.without("Upgrade").without(name).judged();
    ASSERT_TRUE(std::holds_alternative<GatewayPassed>(plain));
    EXPECT_FALSE(std::get<GatewayPassed>(plain).user);
}

TEST(Gateway, WantsANameThatIsText) {
    const std::string name = "X-OpenWatchParty-Name";
    for (const char* bad : {"", "%", "%4", "%zz", "a%00b", "a%0D%0Ab", "%1B[31m", "%7F", "%FF",
                            "%C0%AF", "%ED%A0%80"})
        EXPECT_EQ(Wish{}.with(name, bad).status(), 400) << bad;
    EXPECT_EQ(Wish{}.with(name, std::string(1024, 'n')).status(), 0);
    EXPECT_EQ(Wish{}.with(name, std::string(10240, 'n')).status(), 400);
    EXPECT_EQ(Wish{}.without(name).status(), 400);
    EXPECT_EQ(Wish{}.twice(name).status(), 400);
}

TEST(Gateway, WantsOneAddress) {
    const std::string name = "X-Forwarded-For";
    for (const char* bad : {"", "unknown", "1.2.3.4, 5.6.7.8", "1.2.3"})
        EXPECT_EQ(Wish{}.with(name, bad).status(), 400) << bad;
    EXPECT_EQ(Wish{}.without(name).status(), 400);
    EXPECT_EQ(Wish{}.twice(name).status(), 400);
    EXPECT_EQ(Wish{}.without("Upgrade").without(name).status(), 0);
}

} // namespace
} // namespace owp::net
