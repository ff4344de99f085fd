#include "app/preparation.hpp"

#include "tests/auth/keys.hpp"
#include "tests/net/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::app {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class PreparationTest : public testing::Test {
protected:
    PreparationTest() { config.watch_page = false; }
    net::test::TemporaryFolder folder;
    Config config;
};

TEST_F(PreparationTest, WarnsLoudlyWhereNoTokenIsNeeded) {
    const Prepared prepared = prepare(config);
    EXPECT_EQ(prepared.error, "");
    EXPECT_THAT(prepared.warnings, Contains(HasSubstr("NO TOKEN IS NEEDED")));
    EXPECT_FALSE(prepared.shard.session.auth_required);
    EXPECT_FALSE(prepared.shard.tokens);
}

TEST_F(PreparationTest, WarnsOfASecretThatCanBeGuessed) {
    config.jwt_secret = auth::Secret{std::string(31, 'x')};
    EXPECT_THAT(prepare(config).warnings, Contains(HasSubstr("WEAK SECRET")));
    config.jwt_secret = auth::Secret{std::string(32, 'x')};
    const Prepared strong = prepare(config);
    EXPECT_TRUE(strong.warnings.empty());
    EXPECT_TRUE(strong.shard.session.auth_required);
}

TEST_F(PreparationTest, ReadsTheSecretFromItsFileWithoutTheLineBreak) {
    config.jwt_secret_file = folder.write("secret", std::string(40, 's') + "\r\n");
    const TokenSetup setup = token_setup(config);
    EXPECT_EQ(setup.error, "");
    ASSERT_TRUE(setup.policy);
    EXPECT_EQ(setup.policy->key.reveal(), std::string(40, 's'));
}

TEST_F(PreparationTest, NamesTheSettingWhoseFileIsNoGood) {
    config.jwt_secret_file = folder.path / "missing";
    EXPECT_THAT(prepare(config).error, HasSubstr("jwt-secret-file: cannot read"));
    config.jwt_secret_file = folder.write("empty", "\n");
    EXPECT_THAT(prepare(config).error, HasSubstr("jwt-secret-file: "));
    config.jwt_secret_file = folder.write("big", std::string(70'000, 'x'));
    EXPECT_THAT(prepare(config).error, HasSubstr("larger than 64 KiB"));

    config.jwt_secret_file.clear();
    config.jwt_algorithm = auth::Algorithm::es256;
    config.jwt_public_key_file = folder.write("key", "no key at all");
    EXPECT_THAT(prepare(config).error, HasSubstr("jwt-public-key-file: it is not a public key"));
    config.jwt_public_key_file = folder.write("key", auth::testing::make_ec().public_pem);
    EXPECT_EQ(prepare(config).error, "");
}

TEST_F(PreparationTest, ReadsTheKeyOfBeforeAndWhatHasBeenRevoked) {
    config.jwt_secret = auth::Secret{std::string(40, 's')};
    config.jwt_previous_key_file = folder.write("before", std::string(40, 'b') + "\n");
    config.jwt_revoked_file = folder.write("revoked", "one\r\n\ntwo");
    const TokenSetup setup = token_setup(config);
    EXPECT_EQ(setup.error, "");
    ASSERT_TRUE(setup.policy);
    EXPECT_EQ(setup.policy->previous_key.reveal(), std::string(40, 'b'));
    EXPECT_THAT(setup.policy->revoked, testing::ElementsAre("one", "two"));

    config.jwt_previous_key_file = folder.write("empty", "\n");
    EXPECT_THAT(prepare(config).error, HasSubstr("jwt-previous-key-file: "));
    config.jwt_previous_key_file.clear();
    config.jwt_revoked_file = folder.path / "missing";
    EXPECT_THAT(prepare(config).error, HasSubstr("jwt-revoked-file: cannot read"));
}

TEST_F(PreparationTest, HasAPageOnlyFromAFolderThatHoldsOne) {
    config.watch_page = true;
    config.web_root = folder.path;
    EXPECT_THAT(prepare(config).error, HasSubstr("web-root: there is no index.html"));
    folder.write("index.html", "x");
    config.media = folder.path;
    const Prepared prepared = prepare(config);
    EXPECT_EQ(prepared.error, "");
    EXPECT_EQ(prepared.web_root, folder.path);
}

TEST_F(PreparationTest, RefusesMediaThatCannotBeRead) {
    folder.write("index.html", "x");
    config.watch_page = true;
    config.web_root = folder.path;
    config.media = folder.path / "missing";
    EXPECT_THAT(prepare(config).error, HasSubstr("media: cannot read the folder"));
    config.media = folder.path / "index.html";
    EXPECT_THAT(prepare(config).error, HasSubstr("media: cannot read the folder"));
}

TEST_F(PreparationTest, WarnsWhenAnyPageMayConnect) {
    EXPECT_THAT(prepare(config).warnings, Not(Contains(HasSubstr("ANY WEB PAGE"))));
    config.allowed_origins = {"*"};
    EXPECT_THAT(prepare(config).warnings, Contains(HasSubstr("ANY WEB PAGE")));
}

TEST_F(PreparationTest, LeavesTheDoorToTheGatewayWhenEmbedded) {
    config.embedded = true;
    config.unix_socket = "s";
    config.jwt_secret = auth::Secret{"the parent's own"};
    config.tls_cert = "the parent's own";
    const Prepared prepared = prepare(config);
    EXPECT_EQ(prepared.error, "");
    EXPECT_TRUE(prepared.warnings.empty());
    EXPECT_EQ(prepared.listen.unix_socket, "s");
    EXPECT_EQ(prepared.listen.tls_certificate_file, "");
    EXPECT_EQ(prepared.listen.allowed_origins, std::vector<std::string>{"*"});
    EXPECT_TRUE(prepared.shard.session.auth_required);
    EXPECT_FALSE(prepared.shard.tokens);
}

TEST_F(PreparationTest, HandsEverySettingToThePartThatObeysIt) {
    config.host = "127.0.0.9";
    config.port = 7;
    config.trusted_proxies = {"10.0.0.0/8"};
    config.max_connections = 11;
    config.max_connections_per_address = 12;
    config.send_queue_kib = 64;
    config.handshake_timeout = std::chrono::seconds{13};
    config.members_per_room = 14;
    config.ready_wait = std::chrono::seconds{15};
    config.lead = core::Lead::fixed;
    config.seat_hold = std::chrono::seconds{16};
    config.invite_lifetime = std::chrono::seconds{22};
    config.messages_per_second = 17;
    config.rooms_per_user = 18;
    config.auth_timeout = std::chrono::seconds{19};
    config.ping_interval = std::chrono::seconds{20};
    config.dead_after = std::chrono::seconds{21};
    const auto [listen, shard, jellyfin, web_root, media_root, media, warnings, error] =
        prepare(config);
    EXPECT_EQ(listen.address, "127.0.0.9");
    EXPECT_EQ(listen.port, 7);
    EXPECT_EQ(listen.trusted_proxies, config.trusted_proxies);
    EXPECT_EQ(listen.max_connections, 11U);
    EXPECT_EQ(listen.max_connections_per_address, 12U);
    EXPECT_EQ(listen.send_queue_bytes_max, 65536U);
    EXPECT_EQ(listen.handshake_timeout, std::chrono::seconds{13});
    EXPECT_EQ(shard.room.members_max, 14U);
    EXPECT_EQ(shard.room.ready_wait_max, std::chrono::seconds{15});
    EXPECT_EQ(shard.room.lead, core::Lead::fixed);
    EXPECT_EQ(shard.room.seat_hold, std::chrono::seconds{16});
    EXPECT_EQ(shard.room.invite_lifetime, std::chrono::seconds{22});
    EXPECT_EQ(shard.session.messages_per_second, 17U);
    EXPECT_EQ(shard.session.rooms_per_user, 18U);
    EXPECT_EQ(shard.session.auth_wait_max, std::chrono::seconds{19});
    EXPECT_EQ(shard.session.ping_interval, std::chrono::seconds{20});
    EXPECT_EQ(shard.session.dead_after, std::chrono::seconds{21});
}

} // namespace
} // namespace owp::app
