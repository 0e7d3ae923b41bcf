// What a handshake exchanged keys with is gone once it is over, and the connection goes on.
#include "net/tls/key_shares.h"

#include "net/tls/certificate.h"
#include "net/tls/tls_context.h"
#include "test/net/memory_handshake.h"
#include "test/net/raw_client.h"
#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <string>

using namespace sotto;
using net::Ssl;

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key own_share(const Ssl& ssl) {
    EVP_PKEY* key = nullptr;
    return {SSL_get_tmp_key(ssl.get(), &key) == 1 ? key : nullptr, EVP_PKEY_free};
}
Key share_of_the_peer(const Ssl& ssl) {
    EVP_PKEY* key = nullptr;
    return {SSL_get_peer_tmp_key(ssl.get(), &key) == 1 ? key : nullptr, EVP_PKEY_free};
}

/// The key can be exchanged with, so it has a private part.
bool is_private(const Key& key) {
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr), EVP_PKEY_CTX_free);
    return context && EVP_PKEY_private_check(context.get()) == 1;
}
/// It has at least a public part.
bool is_a_key(const Key& key) {
    unsigned char* encoded = nullptr;
    const std::size_t size = EVP_PKEY_get1_encoded_public_key(key.get(), &encoded);
    OPENSSL_free(encoded);
    return size > 0;
}

/// A server and a client of `groups` whose handshake is over, joined in memory.
struct Pair : test::TemporaryFolder {
    void shake_hands(const std::string& groups) {
        const net::CertificatePair made = net::make_self_signed("relay.example");
        std::ofstream(path / "certificate.pem") << made.certificate;
        std::ofstream(path / "key.pem") << made.key;
        server_context = net::make_server_context(path / "certificate.pem", path / "key.pem");
        client_context = net::make_client_context("relay.example", judge);
        server = net::make_ssl(server_context.get());
        client = net::make_ssl(client_context.get());
        SSL_ctrl(client.get(), SSL_CTRL_SET_GROUPS_LIST, 0, const_cast<char*>(groups.c_str()));
        BOOST_REQUIRE(test::shake_hands(server, client));
    }
    static bool hears(const Ssl& from, const Ssl& to, const std::string& text) {
        std::string heard(100, '\0');
        const int written = SSL_write(from.get(), text.data(), static_cast<int>(text.size()));
        const int read = SSL_read(to.get(), heard.data(), static_cast<int>(heard.size()));
        heard.resize(read > 0 ? static_cast<std::size_t>(read) : 0);
        return written > 0 && heard == text;
    }
    static std::string exported(const Ssl& ssl) {
        std::array<unsigned char, 32> out{};
        SSL_export_keying_material(ssl.get(), out.data(), out.size(), "test", 4, nullptr, 0, 0);
        return {out.begin(), out.end()};
    }

    net::JudgeCertificate judge = [](const net::PresentedCertificate&) { return true; };
    net::SslContext server_context;
    net::SslContext client_context;
    Ssl server;
    Ssl client;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(key_shares, Pair)

BOOST_AUTO_TEST_CASE(are_gone_from_both_ends_and_the_connection_goes_on) {
    for (const char* const groups : {"X25519", "P-256", "X25519MLKEM768"}) {
        if (!net::RawClient::knows_groups(groups)) {
            continue;
        }
        BOOST_TEST_CONTEXT(groups) {
            shake_hands(groups);
            const Key own = own_share(client);
            const Key peers = share_of_the_peer(server);
            BOOST_REQUIRE(peers);
            BOOST_TEST(is_a_key(peers));
            BOOST_TEST((!own || is_private(own)));
            const std::string before = exported(server);

            net::forget_key_shares(*server);
            net::forget_key_shares(*client);

            BOOST_TEST((!own || !is_private(own)));
            BOOST_TEST(!is_a_key(peers));
            BOOST_TEST(exported(server) == before);
            BOOST_TEST(exported(client) == before);
            BOOST_TEST(hears(client, server, "hello"));
            BOOST_TEST(hears(server, client, "and you"));
            BOOST_TEST(SSL_key_update(client.get(), SSL_KEY_UPDATE_REQUESTED) == 1);
            BOOST_TEST(hears(client, server, "with new keys"));
            BOOST_TEST(hears(server, client, "in both directions"));
        }
    }
}

BOOST_AUTO_TEST_CASE(that_are_not_there_yet_are_nothing_to_forget) {
    const Ssl fresh(SSL_new(net::SslContext(SSL_CTX_new(TLS_client_method())).get()));
    net::forget_key_shares(*fresh);
    net::forget_key_shares(*fresh);
    BOOST_TEST(SSL_is_init_finished(fresh.get()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
