// What a relay may say to the request for the upgrade.
#include "net/tls/tls_stream.h"
#include "test/net/link.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

using namespace sotto::net;

namespace {

/// A server of one client: it agrees to the upgrade, to what it calls the `protocol`, with
/// `more` lines in its answer.
class Agreeing {
  public:
    explicit Agreeing(const ServerEndpoint::Options& files, int newest_tls = TLS1_3_VERSION)
        : context_(SSL_CTX_new(TLS_server_method())),
          listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        SSL_CTX_set_max_proto_version(context_.get(), newest_tls);
        SSL_CTX_use_certificate_chain_file(context_.get(), files.certificate_file.c_str());
        SSL_CTX_use_PrivateKey_file(context_.get(), files.key_file.c_str(), SSL_FILETYPE_PEM);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        auto* const generic = reinterpret_cast<sockaddr*>(&at);
        BOOST_REQUIRE(::bind(listener_.get(), generic, size) == 0);
        BOOST_REQUIRE(::listen(listener_.get(), 1) == 0);
        BOOST_REQUIRE(::getsockname(listener_.get(), generic, &size) == 0);
        port = ntohs(at.sin_port);
    }
    void answer(const std::string& more,
                const std::string& protocol = "Sec-WebSocket-Protocol: sotto.v1\r\n") {
        client_ = Descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_fd(ssl_.get(), client_.get());
        std::string request;
        char byte = 0;
        while (SSL_accept(ssl_.get()) == 1 && request.find("\r\n\r\n") == std::string::npos &&
               SSL_read(ssl_.get(), &byte, 1) == 1) {
            request += byte;
        }
        if (request.empty()) {
            return;  // no TLS came about
        }
        const std::string out =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\n" +
            protocol + "Sec-WebSocket-Accept: " + accept_of(request) + "\r\n" + more + "\r\n";
        SSL_write(ssl_.get(), out.data(), static_cast<int>(out.size()));
    }
    /// A frame of the client's, first byte and payload.
    [[nodiscard]] std::string frame() {
        const std::string head = read(6);  // up to 125 bytes, and masked
        std::string out = head.substr(0, 1) + read(static_cast<std::size_t>(head[1] & 0x7F));
        for (std::size_t i = 1; i < out.size(); ++i) {
            out[i] = static_cast<char>(out[i] ^ head[2 + (i - 1) % 4]);
        }
        return out;
    }
    std::uint16_t port = 0;

  private:
    std::string read(std::size_t size) {
        std::string out(size, '\0');
        std::size_t got = 0;
        while (got < size) {
            const int more = SSL_read(ssl_.get(), out.data() + got, static_cast<int>(size - got));
            if (more <= 0) {
                break;
            }
            got += static_cast<std::size_t>(more);
        }
        return out;
    }

    static std::string accept_of(const std::string& request) {
        const std::string name = "Sec-WebSocket-Key: ";
        const std::string text = request.substr(request.find(name) + name.size(), 24) +
                                 "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, 1.3
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
        unsigned char out[32];
        EVP_EncodeBlock(out, digest, static_cast<int>(size));
        return reinterpret_cast<const char*>(out);
    }

    SslContext context_;
    Descriptor listener_;
    Descriptor client_;
    Ssl ssl_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(upgrade_answer, Link)

BOOST_AUTO_TEST_CASE(one_as_it_should_be_is_taken) {
    Agreeing relay(options);
    port = relay.port;
    connect();
    meanwhile([&] { relay.answer(""); });
    BOOST_TEST(until([this] { return client_facts.has_value(); }));
    BOOST_TEST(!end);
}

BOOST_AUTO_TEST_CASE(one_with_an_extension_that_nobody_asked_for_is_not) {
    Agreeing relay(options);
    port = relay.port;
    connect();
    meanwhile([&] { relay.answer("Sec-WebSocket-Extensions: permessage-deflate\r\n"); });
    BOOST_TEST(until([this] { return end.has_value(); }));
    BOOST_TEST(!client_facts);
}

BOOST_AUTO_TEST_CASE(one_that_picks_no_subprotocol_or_another_is_not) {
    for (const char* const protocol : {"", "Sec-WebSocket-Protocol: sotto.v2\r\n"}) {
        BOOST_TEST_CONTEXT(protocol) {
            Agreeing relay(options);
            port = relay.port;
            client_facts.reset();
            end.reset();
            connect();
            meanwhile([&] { relay.answer("", protocol); });
            BOOST_TEST(until([this] { return end.has_value(); }));
            BOOST_TEST(!client_facts);
            BOOST_TEST((end && end->how == LinkEnd::How::not_a_relay));
        }
    }
}

BOOST_AUTO_TEST_CASE(one_that_a_binary_message_follows_is_closed_with_1003) {
    Agreeing relay(options);
    port = relay.port;
    connect();
    std::string answered;
    meanwhile([&] {
        relay.answer("\r\n\x82\x02");  // the head ends early; its last line is the payload
        answered = relay.frame();
    });
    BOOST_TEST(answered.substr(0, 3) == "\x88\x03\xEB");
    BOOST_TEST(received.empty());
}

BOOST_AUTO_TEST_CASE(one_over_an_older_tls_is_not_even_asked_for) {
    Agreeing relay(options, TLS1_2_VERSION);
    port = relay.port;
    connect();
    meanwhile([&] { relay.answer(""); });
    BOOST_TEST(until([this] { return end.has_value(); }));
    BOOST_TEST(!client_facts);
    BOOST_TEST(!judged);
    BOOST_TEST((end && end->how == LinkEnd::How::tls_failed));
}

BOOST_AUTO_TEST_SUITE_END()
