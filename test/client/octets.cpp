#include "test/client/octets.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <memory>

namespace sotto::stranger {

namespace {

unsigned char* raw(Octets& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}
const unsigned char* raw(const Octets& bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

void must(bool done) {
    if (!done) {
        throw std::runtime_error("a primitive of the stranger failed");
    }
}

Octets big_endian(std::uint64_t value, int size) {
    Octets out;
    for (int i = size - 1; i >= 0; --i) {
        out += static_cast<char>(value >> 8 * i & 0xffU);
    }
    return out;
}

Octets hmac(const Octets& key, const Octets& bytes) {
    Octets out(32, '\0');
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, raw(key), key.size());
    crypto_auth_hmacsha256_update(&state, raw(bytes), bytes.size());
    crypto_auth_hmacsha256_final(&state, raw(out));
    return out;
}

struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Free>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

}  // namespace

void expect(bool fits, const char* what) {
    if (!fits) {
        throw Deviation(what);
    }
}

Octets Cut::take(std::size_t size) {
    expect(rest_.size() >= size, "something is cut short");
    Octets out = rest_.substr(0, size);
    rest_.erase(0, size);
    return out;
}

Octets u8(std::uint64_t value) {
    return big_endian(value, 1);
}
Octets u32(std::uint64_t value) {
    return big_endian(value, 4);
}
Octets u64(std::uint64_t value) {
    return big_endian(value, 8);
}
Octets lp(const Octets& bytes) {
    return u32(bytes.size()) + bytes;
}
std::uint64_t number(const Octets& bytes) {
    std::uint64_t out = 0;
    for (const char byte : bytes) {
        out = out << 8U | static_cast<unsigned char>(byte);
    }
    return out;
}

Octets b64(const Octets& bytes) {
    std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), raw(bytes), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();  // the terminating NUL
    return out;
}

Octets unb64(const std::string& text) {
    Octets out(text.size(), '\0');
    std::size_t size = 0;
    must(sodium_base642bin(raw(out), out.size(), text.data(), text.size(), nullptr, &size, nullptr,
                           sodium_base64_VARIANT_ORIGINAL) == 0);
    out.resize(size);
    must(b64(out) == text);
    return out;
}

Octets random(std::size_t size) {
    Octets out(size, '\0');
    randombytes_buf(out.data(), size);
    return out;
}

Octets sha256(const Octets& bytes) {
    Octets out(32, '\0');
    crypto_hash_sha256(raw(out), raw(bytes), bytes.size());
    return out;
}

Octets sha512(const Octets& bytes) {
    Octets out(64, '\0');
    crypto_hash_sha512(raw(out), raw(bytes), bytes.size());
    return out;
}

Octets extract(const Octets& salt, const Octets& key_material) {
    return hmac(salt, key_material);
}

Octets expand(const Octets& prk, const Octets& info, std::size_t size) {
    must(size <= 32);  // one block is all that the protocol asks for
    return hmac(prk, info + u8(1)).substr(0, size);
}

KeyPair ed25519(std::uint8_t seed) {
    const Octets bytes(32, static_cast<char>(seed));
    KeyPair out{Octets(32, '\0'), Octets(64, '\0')};
    crypto_sign_seed_keypair(raw(out.pub), raw(out.secret), raw(bytes));
    return out;
}

Octets signature(const KeyPair& key, const Octets& whole) {
    Octets out(64, '\0');
    crypto_sign_detached(raw(out), nullptr, raw(whole), whole.size(), raw(key.secret));
    return out;
}

bool verifies(const Octets& pub, const Octets& whole, const Octets& sig) {
    return sig.size() == 64 && pub.size() == 32 &&
           crypto_sign_verify_detached(raw(sig), raw(whole), whole.size(), raw(pub)) == 0;
}

KeyPair x25519() {
    KeyPair out{Octets(32, '\0'), random(32)};
    crypto_scalarmult_base(raw(out.pub), raw(out.secret));
    return out;
}

Octets x25519(const Octets& secret, const Octets& pub) {
    Octets out(32, '\0');
    must(crypto_scalarmult(raw(out), raw(secret), raw(pub)) == 0 && out != Octets(32, '\0'));
    return out;
}

Octets gcm_seal(const Octets& key, const Octets& nonce, const Octets& ad, const Octets& plain) {
    const Cipher context(EVP_CIPHER_CTX_new());
    Octets out(plain.size(), '\0');
    Octets tag(16, '\0');
    int size = 0;
    must(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(nonce)) == 1);
    must(EVP_EncryptUpdate(context.get(), nullptr, &size, raw(ad), static_cast<int>(ad.size())));
    if (!plain.empty()) {
        must(EVP_EncryptUpdate(context.get(), raw(out), &size, raw(plain),
                               static_cast<int>(plain.size())) == 1);
    }
    must(EVP_EncryptFinal_ex(context.get(), raw(tag), &size) == 1);
    must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, 16, tag.data()) == 1);
    return out + tag;
}

std::optional<Octets> gcm_open(const Octets& key, const Octets& nonce, const Octets& ad,
                               const Octets& sealed) {
    must(sealed.size() >= 16);
    const Octets body = sealed.substr(0, sealed.size() - 16);
    Octets tag = sealed.substr(body.size());
    const Cipher context(EVP_CIPHER_CTX_new());
    Octets out(body.size(), '\0');
    int size = 0;
    must(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(nonce)) == 1);
    must(EVP_DecryptUpdate(context.get(), nullptr, &size, raw(ad), static_cast<int>(ad.size())));
    if (!body.empty()) {
        must(EVP_DecryptUpdate(context.get(), raw(out), &size, raw(body),
                               static_cast<int>(body.size())) == 1);
    }
    must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, 16, tag.data()) == 1);
    Octets end(16, '\0');
    return EVP_DecryptFinal_ex(context.get(), raw(end), &size) == 1 ? std::optional(out)
                                                                    : std::nullopt;
}

bool has_ml_kem() {
    EVP_KEM* kem = EVP_KEM_fetch(nullptr, "ML-KEM-768", nullptr);
    EVP_KEM_free(kem);
    return kem != nullptr;
}

KemKeys::KemKeys() {
    const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "ML-KEM-768", nullptr));
    EVP_PKEY* made = nullptr;
    must(context != nullptr && EVP_PKEY_keygen_init(context.get()) == 1 &&
         EVP_PKEY_generate(context.get(), &made) == 1);
    key_.reset(made, EVP_PKEY_free);
    pub.resize(1'184);
    std::size_t size = pub.size();
    must(EVP_PKEY_get_raw_public_key(key_.get(), raw(pub), &size) == 1 && size == pub.size());
}

Octets KemKeys::decapsulate(const Octets& ciphertext) const {
    const Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
    Octets out(32, '\0');
    std::size_t size = out.size();
    must(EVP_PKEY_decapsulate_init(context.get(), nullptr) == 1);
    must(EVP_PKEY_decapsulate(context.get(), raw(out), &size, raw(ciphertext), ciphertext.size()) ==
         1);
    return out;
}

Encapsulated encapsulate(const Octets& pub) {
    const Key key(
        EVP_PKEY_new_raw_public_key_ex(nullptr, "ML-KEM-768", nullptr, raw(pub), pub.size()));
    must(key != nullptr);
    const Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    Encapsulated out{Octets(1'088, '\0'), Octets(32, '\0')};
    std::size_t ciphertext_size = out.ciphertext.size();
    std::size_t secret_size = out.secret.size();
    must(EVP_PKEY_encapsulate_init(context.get(), nullptr) == 1);
    must(EVP_PKEY_encapsulate(context.get(), raw(out.ciphertext), &ciphertext_size, raw(out.secret),
                              &secret_size) == 1);
    return out;
}

}  // namespace sotto::stranger
