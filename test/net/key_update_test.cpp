// New keys in TLS, asked for by a client that cuts the message as OpenSSL never would.
#include "test/net/link.h"
#include "test/net/raw_client.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sys/socket.h>

#include <stdexcept>

using namespace sotto::net;

namespace {

void must(bool worked) {
    if (!worked) {
        throw std::runtime_error("a record can't be made");
    }
}

/// Makes records of the handshake's type with a client's keys (RFC 8446, 5.2 and 7.3).
class RecordMaker {
  public:
    RecordMaker(const RawClient& client, std::uint64_t records_before)
        : secret_(client.traffic_secret()),
          digest_(SSL_CIPHER_get_handshake_digest(SSL_get_current_cipher(client.ssl()))),
          sequence_(records_before) {}

    std::string operator()(const std::string& message) {
        const std::string key = expand("key", 32);
        std::string nonce = expand("iv", 12);
        for (std::size_t i = 0; i < 8; ++i) {
            nonce[11 - i] =
                static_cast<char>(nonce[11 - i] ^ static_cast<char>(sequence_ >> 8 * i));
        }
        ++sequence_;
        const std::string plain = message + '\x16';
        std::string out{23, 3, 3, 0, static_cast<char>(plain.size() + 16)};
        std::string sealed(plain.size() + 16, '\0');
        const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> aead(
            EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
        int done = 0;
        must(EVP_EncryptInit_ex(aead.get(), EVP_aes_256_gcm(), nullptr, bytes(key), bytes(nonce)) ==
                 1 &&
             EVP_EncryptUpdate(aead.get(), nullptr, &done, bytes(out), 5) == 1 &&
             EVP_EncryptUpdate(aead.get(), bytes(sealed), &done, bytes(plain),
                               static_cast<int>(plain.size())) == 1 &&
             EVP_EncryptFinal_ex(aead.get(), bytes(sealed) + done, &done) == 1 &&
             EVP_CIPHER_CTX_ctrl(aead.get(), EVP_CTRL_AEAD_GET_TAG, 16,
                                 bytes(sealed) + plain.size()) == 1);
        return out + sealed;
    }

  private:
    static unsigned char* bytes(std::string& text) {
        return reinterpret_cast<unsigned char*>(text.data());
    }
    static const unsigned char* bytes(const std::string& text) {
        return reinterpret_cast<const unsigned char*>(text.data());
    }
    /// HKDF-Expand-Label with no context.
    [[nodiscard]] std::string expand(const std::string& name, std::size_t size) const {
        const std::string label = "tls13 " + name;
        std::string info{0, static_cast<char>(size), static_cast<char>(label.size())};
        info += label + '\0';
        std::string secret = secret_;
        std::string digest = EVP_MD_get0_name(digest_);
        int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
        const OSSL_PARAM params[] = {
            OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
            OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
            OSSL_PARAM_construct_end()};
        const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(
            EVP_KDF_fetch(nullptr, "HKDF", nullptr), EVP_KDF_free);
        const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
            EVP_KDF_CTX_new(kdf.get()), EVP_KDF_CTX_free);
        std::string out(size, '\0');
        must(EVP_KDF_derive(context.get(), bytes(out), out.size(), params) == 1);
        return out;
    }

    std::string secret_;
    const EVP_MD* digest_;
    std::uint64_t sequence_;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_is_written_between_two_halves_of_a_key_update_leaves_after_them,
                        Link) {
    options.memory = std::make_shared<MemoryBudget>();
    serve();
    RawClient raw(port);
    meanwhile([&] { raw.upgrade(); });
    BOOST_REQUIRE(until([&] { return ids.size() == 1; }));
    RecordMaker record(raw, 1);  // the upgrade's
    const auto send = [&](const std::string& bytes) {
        BOOST_REQUIRE(::send(raw.socket(), bytes.data(), bytes.size(), 0) ==
                      static_cast<ssize_t>(bytes.size()));
    };
    const std::string key_update{24, 0, 0, 1, 1};  // and answer with new ones
    send(record(key_update.substr(0, 4)));         // of less OpenSSL takes no notice
    BOOST_REQUIRE(
        until([&] { return options.memory->used(MemoryBudget::Use::half_received) > 0; }));
    server->send(ids.front(), "meanwhile");
    loop.run_for(std::chrono::milliseconds(2));
    send(record(key_update.substr(4)));
    meanwhile([&] { BOOST_TEST(raw.read_frame_past_pings().payload == "meanwhile"); });
    BOOST_TEST(ended.empty());
}
