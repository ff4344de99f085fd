#include "net/address.hpp"

#include <gtest/gtest.h>

namespace owp::net {
namespace {

Address ip(const char* text) {
    return boost::asio::ip::make_address(text);
}

TEST(Address, ParsesNetworks) {
    for (const char* good : {"10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "::1", "fd00::/8", "::/0"})
        EXPECT_TRUE(parse_network(good)) << good;
    for (const char* bad :
         {"", "/", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "::/129", "x", "1/8/8"})
        EXPECT_FALSE(parse_network(bad)) << bad;
}

TEST(Address, KnowsWhatANetworkContains) {
    const auto contains = [](const char* network, const char* address) {
        return parse_network(network)->contains(ip(address));
    };
    EXPECT_TRUE(contains("10.0.0.0/8", "10.255.1.2"));
    EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
    EXPECT_TRUE(contains("192.168.4.0/22", "192.168.7.255"));
    EXPECT_FALSE(contains("192.168.4.0/22", "192.168.8.0"));
    EXPECT_TRUE(contains("0.0.0.0/0", "255.255.255.255"));
    EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
    EXPECT_TRUE(contains("fd00::/8", "fdff::1"));
    EXPECT_FALSE(contains("::1", "::2"));
    EXPECT_TRUE(contains("::ffff:10.0.0.1", "10.0.0.1"));
}

TEST(Address, BelievesForwardedOnlyFromTrustedProxies) {
    const std::vector<Network> trusted{*parse_network("10.0.0.0/8"), *parse_network("::1")};
    struct Case {
        const char* peer;
        std::vector<std::string_view> forwarded;
        const char* client;
    };
    const std::vector<Case> cases{
        {"1.1.1.1", {}, "1.1.1.1"},
        {"1.1.1.1", {"2.2.2.2"}, "1.1.1.1"},           // not trusted: the header is a claim
        {"10.0.0.1", {}, "10.0.0.1"},                  // nothing said
        {"10.0.0.1", {"2.2.2.2"}, "2.2.2.2"},          //
        {"10.0.0.1", {"6.6.6.6, 2.2.2.2"}, "2.2.2.2"}, // the client's own forgery is further left
        {"10.0.0.1", {"6.6.6.6", "2.2.2.2"}, "2.2.2.2"},
        {"10.0.0.1", {"2.2.2.2, 10.3.3.3"}, "2.2.2.2"},
        {"10.0.0.1", {"2.2.2.2 ,10.3.3.3", " 10.4.4.4\t"}, "2.2.2.2"},
        {"10.0.0.1", {"10.3.3.3, 10.4.4.4"}, "10.3.3.3"}, // all trusted: the left-most
        {"10.0.0.1", {"2.2.2.2:4711"}, "2.2.2.2"},
        {"::1", {"[2001:db8::7]:4711"}, "2001:db8::7"},
        {"::1", {"2001:db8::7"}, "2001:db8::7"},
        {"::1", {"::ffff:2.2.2.2"}, "2.2.2.2"},
        {"10.0.0.1", {"unknown"}, "10.0.0.1"},
        {"10.0.0.1", {"2.2.2.2, nonsense, 10.3.3.3"}, "10.3.3.3"},
        {"10.0.0.1", {""}, "10.0.0.1"},
        {"10.0.0.1", {",,,"}, "10.0.0.1"},
        {"10.0.0.1", {"[2001:db8::7"}, "10.0.0.1"},
    };
    for (const Case& c : cases)
        EXPECT_EQ(client_address(ip(c.peer), c.forwarded, trusted), ip(c.client))
            << c.peer << " " << (c.forwarded.empty() ? "" : c.forwarded.front());
}

TEST(Address, CountsAnIpv6HomeAsOne) {
    EXPECT_EQ(address_key(ip("2001:db8:1:2::1")), address_key(ip("2001:db8:1:2:ffff::9")));
    EXPECT_NE(address_key(ip("2001:db8:1:2::1")), address_key(ip("2001:db8:1:3::1")));
    EXPECT_NE(address_key(ip("1.2.3.4")), address_key(ip("1.2.3.5")));
    EXPECT_EQ(address_key(ip("1.2.3.4")), address_key(ip("::ffff:1.2.3.4")));
}

} // namespace
} // namespace owp::net
