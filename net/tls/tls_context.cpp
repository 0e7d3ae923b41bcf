#include "net/tls/tls_context.h"

#include "net/tls/certificate.h"
#include "net/tls/server_credentials.h"
#include "net/tls/tls_trial.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <memory>
#include <new>
#include <stdexcept>

namespace sotto::net {

namespace {

/// What every TLS 1.3 speaks (RFC 8446 section 9.1) and costs little, and the hybrid that
/// OpenSSL 3.5 has; a client sends a key at once for those with an asterisk. Left to itself
/// OpenSSL takes ffdhe8192 too: 20 ms of the relay's for a stranger's first word.
void set_groups(SSL_CTX* context) {
    for (const char* groups : {"*X25519MLKEM768:*X25519:P-256", "X25519:P-256"}) {
        ERR_clear_error();
        // SSL_CTX_set1_groups_list, which is a macro with an old-style cast
        if (SSL_CTX_ctrl(context, SSL_CTRL_SET_GROUPS_LIST, 0, const_cast<char*>(groups)) == 1) {
            return;
        }
    }
    throw std::runtime_error("OpenSSL does not know the groups of TLS 1.3");
}

SslContext make_context(const SSL_METHOD* method) {
    SslContext context(SSL_CTX_new(method));
    if (!context) {
        throw std::bad_alloc();
    }
    SSL_CTX* raw = context.get();
    SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION);
    SSL_CTX_set_max_proto_version(raw, TLS1_3_VERSION);
    set_groups(raw);
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return context;
}

/// The client's question, held by its context.
struct Question {
    std::string host;
    const JudgeCertificate* judge;
};

void free_question(void* /*parent*/, void* pointer, CRYPTO_EX_DATA* /*data*/, int /*index*/,
                   long /*number*/, void* /*argument*/) {
    delete static_cast<Question*>(pointer);
}

int question_index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_question);
    return index;
}

/// The chain is looked at, but the verdict is the judge's alone (section 1), once.
int verify_certificate(X509_STORE_CTX* store, void* argument) {
    const auto* question = static_cast<const Question*>(argument);
    X509* leaf = X509_STORE_CTX_get0_cert(store);
    if (leaf == nullptr) {
        return 0;
    }
    try {
        PresentedCertificate seen;
        seen.pin = spki_pin(leaf);
        const bool chain = X509_verify_cert(store) == 1;
        const char* host = question->host.c_str();
        const bool name = X509_check_host(leaf, host, 0, 0, nullptr) == 1 ||
                          X509_check_ip_asc(leaf, host, 0) == 1;
        seen.chain_verified = chain && name;
        const bool trusted = (*question->judge)(seen);
        X509_STORE_CTX_set_error(store, trusted ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
        return trusted ? 1 : 0;
    } catch (const std::exception&) {
        return 0;  // no exception through OpenSSL
    }
}

}  // namespace

SslContext make_server_context(const std::string& certificate_file, const std::string& key_file) {
    SslContext context = make_context(TLS_server_method());
    SSL_CTX* raw = context.get();
    SSL_CTX_set_max_early_data(raw, 0);
    SSL_CTX_set_num_tickets(raw, 0);  // nobody resumes: a registration binds to its connection
    use_credentials(raw, certificate_file, key_file);
    if (const auto why = try_handshake(raw)) {
        throw std::runtime_error("no client can connect with the certificate " + certificate_file +
                                 ": " + *why +
                                 "; TLS 1.3 signs with RSA, Ed25519, Ed448, and ECDSA on P-256, "
                                 "P-384 and P-521");
    }
    return context;
}

SslContext make_client_context(const std::string& host, const JudgeCertificate& judge) {
    SslContext context = make_context(TLS_client_method());
    SSL_CTX* raw = context.get();
    auto question = std::make_unique<Question>(Question{host, &judge});
    SSL_CTX_set_default_verify_paths(raw);
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(raw, verify_certificate, question.get());
    if (SSL_CTX_set_ex_data(raw, question_index(), question.get()) != 1) {
        throw std::bad_alloc();
    }
    (void)question.release();
    return context;
}

Ssl make_ssl(SSL_CTX* context, const std::string& sni) {
    Ssl ssl(SSL_new(context));
    if (!ssl) {
        throw std::bad_alloc();
    }
    if (!sni.empty()) {
        // SSL_set_tlsext_host_name, which is a macro with an old-style cast
        SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(sni.c_str()));
    }
    return ssl;
}

}  // namespace sotto::net
