// The TLS contexts of both sides against peers of OpenSSL alone that do one thing otherwise than
// section 1 wants it, with certificates that are sound for all the rest.
#include "net/tls/tls_context.h"
#include "test/net/memory_handshake.h"
#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

using namespace sotto;
using net::Ssl;
using net::SslContext;

namespace {

template <auto Function>
struct Free {
    template <class T>
    void operator()(T* object) const {
        Function(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;

Key new_key() {
    return Key(EVP_EC_gen("P-256"));
}

void add_extension(X509* to, int kind, const std::string& value) {
    X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    BOOST_REQUIRE(made != nullptr);
    BOOST_REQUIRE_EQUAL(X509_add_ext(to, made, -1), 1);
    X509_EXTENSION_free(made);
}

void name(X509_NAME* who, const std::string& common_name) {
    X509_NAME_add_entry_by_txt(who, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                               0);
}

/// Of `key`, for an hour from an hour ago, not signed yet.
Certificate unsigned_certificate(const std::string& common_name, const Key& key) {
    Certificate made(X509_new());
    X509_set_version(made.get(), 2);
    static long serial = 0;
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3'600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3'600);
    name(X509_get_subject_name(made.get()), common_name);
    X509_set_pubkey(made.get(), key.get());
    return made;
}

/// A certification authority, and what it certifies.
struct Authority {
    Authority() {
        X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
        add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
        BOOST_REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
    }
    /// For `names`, as OpenSSL writes them: "DNS:relay.example".
    [[nodiscard]] Certificate certify(const Key& of, const std::string& names) const {
        Certificate made = unsigned_certificate("a relay", of);
        X509_set_issuer_name(made.get(), X509_get_subject_name(certificate.get()));
        add_extension(made.get(), NID_subject_alt_name, names);
        BOOST_REQUIRE(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
        return made;
    }
    Key key = new_key();
    Certificate certificate = unsigned_certificate("an authority", key);
};

int count_ticket(SSL* ssl, SSL_SESSION* /*session*/) {
    ++*static_cast<int*>(SSL_get_app_data(ssl));
    return 0;
}

struct Ends {
    /// A server of OpenSSL's own that shows what `by` certifies for `names`.
    void serve(const Authority& by, const std::string& names) {
        const Key key = new_key();
        const Certificate leaf = by.certify(key, names);
        server_context.reset(SSL_CTX_new(TLS_server_method()));
        SSL_CTX_use_certificate(server_context.get(), leaf.get());
        SSL_CTX_use_PrivateKey(server_context.get(), key.get());
    }
    /// The relay's own context, with what `authority` certifies.
    void serve_as_the_relay() {
        const Key key = new_key();
        const Certificate leaf = authority.certify(key, "DNS:relay.example");
        const test::TemporaryFolder folder;
        const std::string certificate = folder.path / "certificate.pem";
        const std::string private_key = folder.path / "key.pem";
        const std::unique_ptr<std::FILE, Free<std::fclose>> one(
            std::fopen(certificate.c_str(), "we"));
        const std::unique_ptr<std::FILE, Free<std::fclose>> other(
            std::fopen(private_key.c_str(), "we"));
        PEM_write_X509(one.get(), leaf.get());
        PEM_write_PrivateKey(other.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fflush(one.get());
        std::fflush(other.get());
        server_context = net::make_server_context(certificate, private_key);
    }
    /// The client's own context, for `host`; it knows `authority`.
    void connect_to(const std::string& host) {
        client_context = net::make_client_context(host, judge);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(client_context.get()),
                            authority.certificate.get());
    }
    /// A client of OpenSSL's own that trusts anybody.
    void connect_as_anybody() {
        client_context.reset(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_session_cache_mode(client_context.get(), SSL_SESS_CACHE_CLIENT);
        SSL_CTX_sess_set_new_cb(client_context.get(), count_ticket);
    }
    /// True if both are through, and the server's first byte came.
    [[nodiscard]] bool shake_hands() {
        server.reset(SSL_new(server_context.get()));
        client.reset(SSL_new(client_context.get()));
        SSL_set_app_data(client.get(), &tickets);
        char byte = 0;
        return test::shake_hands(server, client) && SSL_write(server.get(), "x", 1) == 1 &&
               SSL_read(client.get(), &byte, 1) == 1;  // tickets come before it
    }
    /// What the client finds of a server with a certificate for `names`.
    [[nodiscard]] bool verified(const Authority& by, const std::string& names,
                                const std::string& host) {
        seen.reset();
        serve(by, names);
        connect_to(host);
        BOOST_TEST(shake_hands());
        BOOST_REQUIRE(seen.has_value());
        return seen->chain_verified;
    }

    Authority authority;
    std::optional<net::PresentedCertificate> seen;
    net::JudgeCertificate judge = [this](const net::PresentedCertificate& presented) {
        seen = presented;
        return true;
    };
    int tickets = 0;
    SslContext server_context;
    SslContext client_context;
    Ssl server;
    Ssl client;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(an_end_with_one_lie, Ends)

BOOST_AUTO_TEST_CASE(a_good_chain_for_the_right_name_is_verified) {
    BOOST_TEST(verified(authority, "DNS:relay.example", "relay.example"));
    BOOST_TEST(verified(authority, "DNS:other.example,DNS:*.relay.example", "a.relay.example"));
    BOOST_TEST(verified(authority, "IP:127.0.0.1", "127.0.0.1"));
    BOOST_TEST(verified(authority, "IP:::1", "::1"));
}

BOOST_AUTO_TEST_CASE(a_good_chain_for_another_name_is_not) {
    BOOST_TEST(!verified(authority, "DNS:other.example", "relay.example"));
    BOOST_TEST(!verified(authority, "DNS:relay.example.other.example", "relay.example"));
    BOOST_TEST(!verified(authority, "DNS:a.relay.example", "relay.example"));
    BOOST_TEST(!verified(authority, "IP:127.0.0.2", "127.0.0.1"));
    BOOST_TEST(!verified(authority, "DNS:127.0.0.2", "127.0.0.1"));
}

BOOST_AUTO_TEST_CASE(the_right_name_from_an_authority_that_nobody_knows_is_not) {
    const Authority unknown;
    BOOST_TEST(!verified(unknown, "DNS:relay.example", "relay.example"));
}

BOOST_AUTO_TEST_CASE(a_server_that_has_tls_1_2_at_best_gets_no_handshake) {
    serve(authority, "DNS:relay.example");
    SSL_CTX_set_max_proto_version(server_context.get(), TLS1_2_VERSION);
    connect_to("relay.example");
    BOOST_TEST(!shake_hands());
    BOOST_TEST(!seen.has_value());
}

BOOST_AUTO_TEST_CASE(a_client_that_has_tls_1_2_at_best_gets_no_handshake) {
    serve_as_the_relay();
    connect_as_anybody();
    BOOST_TEST(shake_hands());
    SSL_CTX_set_max_proto_version(client_context.get(), TLS1_2_VERSION);
    BOOST_TEST(!shake_hands());
}

BOOST_AUTO_TEST_CASE(a_client_that_would_resume_gets_no_ticket) {
    serve_as_the_relay();
    connect_as_anybody();
    BOOST_TEST(shake_hands());
    BOOST_TEST(tickets == 0);
    // It would have noticed: a server of OpenSSL's own gives two.
    serve(authority, "DNS:relay.example");
    BOOST_TEST(shake_hands());
    BOOST_TEST(tickets == 2);
}

BOOST_AUTO_TEST_CASE(a_client_that_would_send_early_finds_that_nothing_is_taken_early) {
    serve_as_the_relay();
    BOOST_TEST(SSL_CTX_get_max_early_data(server_context.get()) == 0U);
}

BOOST_AUTO_TEST_CASE(an_end_that_has_only_dear_groups_gets_no_handshake) {
    const auto set_groups = [](const SslContext& context, const char* groups) {
        BOOST_REQUIRE_EQUAL(
            SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_GROUPS_LIST, 0, const_cast<char*>(groups)), 1);
    };
    for (const char* const dear : {"ffdhe8192", "ffdhe2048", "P-521", "X448"}) {
        BOOST_TEST_CONTEXT(dear) {
            serve_as_the_relay();
            connect_as_anybody();
            set_groups(client_context, dear);
            BOOST_TEST(!shake_hands());
            serve(authority, "DNS:relay.example");
            set_groups(server_context, dear);
            connect_to("relay.example");
            BOOST_TEST(!shake_hands());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
