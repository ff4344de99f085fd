#include "tests/net/certificate.hpp"
#include "tests/net/support.hpp"

#include "net/tls.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <openssl/x509.h>

namespace owp::net::test {
namespace {

namespace asio = boost::asio;

ListenOptions tls_options(const TemporaryFolder& folder) {
    ListenOptions options = quick_options();
    options.tls_certificate_file = folder.path / "cert.pem";
    options.tls_key_file = folder.path / "key.pem";
    return options;
}

/// Blocking; the server's deadlines bound its waits.
class TlsClient {
public:
    explicit TlsClient(const TestServer& server, int version_max = TLS1_3_VERSION,
                       const char* ciphers = "ALL") {
        SSL* const session = stream_.native_handle();
        SSL_set_min_proto_version(session, TLS1_VERSION);
        SSL_set_max_proto_version(session, version_max);
        SSL_set_cipher_list(session, ciphers);
        SSL_set_security_level(session, 0); // which alone would keep the old versions away
        stream_.next_layer().connect({asio::ip::address_v4::loopback(), server.shared->port()});
        stream_.handshake(asio::ssl::stream_base::client, error);
    }
    void send(const std::string& bytes) { asio::write(stream_, asio::buffer(bytes), error); }
    std::string read_until(const std::string& mark) {
        asio::read_until(stream_, asio::dynamic_buffer(received_), mark, error);
        const auto end = received_.find(mark);
        return take(end == std::string::npos ? received_.size() : end + mark.size());
    }
    std::string read(std::size_t bytes) {
        if (received_.size() < bytes)
            asio::read(stream_, asio::dynamic_buffer(received_),
                       asio::transfer_at_least(bytes - received_.size()), error);
        return take(bytes);
    }
    /// After the server's close_notify: in order, not cut off.
    bool ended_cleanly() {
        asio::read(stream_, asio::dynamic_buffer(received_), error);
        return error == asio::error::eof;
    }
    std::string subject() {
        X509* const certificate = SSL_get1_peer_certificate(stream_.native_handle());
        char name[100] = "";
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name,
                                  sizeof name);
        X509_free(certificate);
        return name;
    }
    boost::system::error_code error;

private:
    std::string take(std::size_t bytes) {
        std::string taken = received_.substr(0, bytes);
        received_.erase(0, bytes);
        return taken;
    }
    asio::io_context io_;
    asio::ssl::context context_{asio::ssl::context::tls_client};
    asio::ssl::stream<asio::ip::tcp::socket> stream_{io_, context_};
    std::string received_;
};

constexpr auto upgrade = "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

TEST(Tls, CarriesRequestsFilesAndWebSockets) {
    TemporaryFolder folder;
    write_certificate(folder, "first");
    const auto film = folder.write("film.mp4", std::string(1'000'000, 'x'));
    ListenOptions options = tls_options(folder);
    options.close_timeout = patience / 3; // its end is to be clean, however busy the machine is
    TestServer server{options, [&](const Request& request) {
                          Response response;
                          EXPECT_TRUE(request.secure);
                          response.body = FileBody{film};
                          return response;
                      }};
    server.on_text = [](Connection& c, std::string_view text) {
        c.send(Frame::text(text));
        c.send(Frame::text(std::string(60'000, 'y')));
        c.close(CloseCode::going_away, "");
    };
    TlsClient client{server};
    client.send("GET /film.mp4 HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(client.read_until("\r\n\r\n")), "200");
    EXPECT_EQ(client.read(1'000'000), std::string(1'000'000, 'x'));
    client.send(upgrade);
    EXPECT_EQ(status_of(client.read_until("\r\n\r\n")), "101");
    client.send(RawClient::masked_frame(1, "hello"));
    EXPECT_EQ(client.read(7), "\x81\x05hello");
    EXPECT_EQ(client.read(60'004).substr(4), std::string(60'000, 'y'));
    EXPECT_EQ(client.read(4), "\x88\x02\x03\xe9");
    client.send(RawClient::masked_frame(8, "\x03\xe9"));
    EXPECT_TRUE(client.ended_cleanly());
    EXPECT_TRUE(server.settles_at(0));
}

TEST(Tls, RefusesOldVersions) {
    TemporaryFolder folder;
    write_certificate(folder, "first");
    TestServer server{tls_options(folder)};
    EXPECT_TRUE(TlsClient(server, TLS1_1_VERSION).error);
    EXPECT_FALSE(TlsClient(server, TLS1_2_VERSION).error);
}

TEST(Tls, RefusesCiphersWithoutForwardSecrecyOrAuthenticatedEncryption) {
    TemporaryFolder folder;
    write_certificate(folder, "first");
    TestServer server{tls_options(folder)};
    for (const char* weak : {"kRSA", "SHA1", "SHA256", "SHA384", "DHE"})
        EXPECT_TRUE(TlsClient(server, TLS1_2_VERSION, weak).error) << weak;
    EXPECT_FALSE(TlsClient(server, TLS1_2_VERSION, "ECDHE+AESGCM").error);
    EXPECT_FALSE(TlsClient(server, TLS1_2_VERSION, "ECDHE+CHACHA20").error);
}

TEST(Tls, ReloadsForNewConnectionsAndKeepsWhatWorksOnAnError) {
    TemporaryFolder folder;
    write_certificate(folder, "first");
    TestServer server{tls_options(folder)};
    TlsClient old{server};
    EXPECT_EQ(old.subject(), "first");
    write_certificate(folder, "second");
    EXPECT_EQ(server.shared->reload_tls(), std::nullopt);
    EXPECT_EQ(TlsClient{server}.subject(), "second");
    folder.write("key.pem", "no key");
    const auto error = server.shared->reload_tls();
    ASSERT_TRUE(error);
    EXPECT_NE(error->find("key.pem"), std::string::npos);
    EXPECT_EQ(TlsClient{server}.subject(), "second");
    old.send(upgrade);
    EXPECT_EQ(status_of(old.read_until("\r\n\r\n")), "101");
}

TEST(Tls, RefusesAKeyThatDoesNotBelongToTheCertificate) {
    TemporaryFolder mine, other;
    write_certificate(mine, "mine");
    write_certificate(other, "other");
    TlsStore store;
    EXPECT_TRUE(store.load(mine.path / "cert.pem", other.path / "key.pem"));
    EXPECT_EQ(store.context(), nullptr);
}

TEST(Tls, BoundsTheHandshake) {
    TemporaryFolder folder;
    write_certificate(folder, "first");
    ListenOptions options = tls_options(folder);
    options.handshake_timeout = 200ms;
    TestServer server{options};
    RawClient silent{server}, plain{server};
    plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    silent.send("\x16\x03\x01"); // the begin of a TLS hello
    EXPECT_TRUE(server.settles_at(0));
    silent.read_all();
}

TEST(Tls, BoundsTheQueueOfASlowReceiver) {
    TemporaryFolder folder;
    write_certificate(folder, "first");
    ListenOptions options = tls_options(folder);
    options.send_queue_bytes_max = 100'000;
    TestServer server{options};
    TlsClient client{server};
    client.send(upgrade);
    EXPECT_EQ(status_of(client.read_until("\r\n\r\n")), "101");
    EXPECT_EQ(server.next(), "open:127.0.0.1");
    const Frame frame = Frame::text(std::string(2000, 'x'));
    for (bool gone = false; !gone;)
        server.run([&] {
            gone = server.connections.empty();
            if (!gone)
                server.connections.front()->send(frame);
        });
    EXPECT_EQ(server.next(), "close:4001:us");
    EXPECT_TRUE(server.settles_at(0));
}

} // namespace
} // namespace owp::net::test
