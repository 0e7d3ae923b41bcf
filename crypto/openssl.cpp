// The one file of this room that knows OpenSSL: HKDF, AES-256-GCM, ML-KEM-768.
#include "crypto/primitives.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <utility>

namespace sotto::crypto {

namespace {

// A primitive that fails on sound arguments is a broken invariant (no memory, a crippled
// library), never something the network can cause.
void must(bool done) {
    if (!done) {
        throw std::runtime_error("OpenSSL: a cryptographic primitive failed");
    }
}

void sha256_into(ByteView bytes, gsl::span<std::uint8_t> out) {
    static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    unsigned size = 0;
    must(sha256 != nullptr && out.size() == 32 &&
         EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, sha256, nullptr) == 1);
}

/// HMAC-SHA256 (RFC 2104), by hand: an EVP_MAC context that is kept keeps the key's state
/// too, and one that is made anew costs more than the hash.
void hmac(ByteView key, std::initializer_list<ByteView> parts, gsl::span<std::uint8_t> out) {
    constexpr std::size_t kBlock = 64;
    constexpr std::uint8_t kInner = 0x36;
    constexpr std::uint8_t kOuter = 0x5c;
    Secret<kBlock> block;
    if (key.size() > kBlock) {
        sha256_into(key, block.bytes().first<32>());
    } else {
        std::copy_n(key.data(), key.size(), block.bytes().data());
    }
    const auto mask = [&](std::uint8_t with) {
        for (std::uint8_t& byte : block.bytes()) {
            byte ^= with;
        }
    };
    mask(kInner);
    std::size_t size = kBlock;
    for (const ByteView part : parts) {
        size += part.size();
    }
    Bytes message;
    message.reserve(size);  // as it grows it would leave copies of the key behind
    append(message, block.bytes());
    for (const ByteView part : parts) {
        append(message, part);
    }
    std::array<std::uint8_t, 32> inner{};
    sha256_into(message, inner);
    wipe(message);
    mask(kInner ^ kOuter);
    std::array<std::uint8_t, kBlock + 32> last{};
    std::copy_n(block.bytes().data(), kBlock, last.begin());
    std::copy(inner.begin(), inner.end(), last.begin() + kBlock);
    sha256_into(last, out);
    wipe(last);
    wipe(inner);
}

EVP_CIPHER_CTX* cipher_context() {
    struct Free {
        void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
    };
    thread_local const std::unique_ptr<EVP_CIPHER_CTX, Free> context(EVP_CIPHER_CTX_new());
    must(context != nullptr);
    return context.get();
}

const EVP_CIPHER* aes_256_gcm() {
    static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    must(cipher != nullptr);
    return cipher;
}

// The context is reused; its key schedule must not outlive the call.
struct ResetAfterwards {
    EVP_CIPHER_CTX* context;
    ~ResetAfterwards() { EVP_CIPHER_CTX_reset(context); }
};

}  // namespace

void hkdf_extract(ByteView salt, ByteView key_material, gsl::span<std::uint8_t> prk) {
    hmac(salt, {key_material}, prk);
}

void hkdf_expand(ByteView prk, ByteView info, gsl::span<std::uint8_t> out) {
    must(out.size() <= std::size_t{255} * 32);
    std::array<std::uint8_t, 32> block{};
    std::size_t have = 0;
    std::uint8_t number = 0;
    for (std::size_t written = 0; written < out.size();) {
        ++number;
        hmac(prk, {ByteView(block.data(), have), info, ByteView(&number, 1)}, block);
        have = block.size();
        const std::size_t take = std::min(have, out.size() - written);
        std::copy_n(block.begin(), take, out.begin() + static_cast<std::ptrdiff_t>(written));
        written += take;
    }
    wipe(block);
}

Bytes aead_seal(ByteView key, const Nonce& nonce, ByteView ad, ByteView plaintext) {
    must(key.size() == 32);
    EVP_CIPHER_CTX* context = cipher_context();
    const ResetAfterwards reset{context};
    Bytes out(plaintext.size() + kTagSize);
    int length = 0;
    must(EVP_EncryptInit_ex2(context, aes_256_gcm(), key.data(), nonce.data(), nullptr) == 1);
    must(EVP_EncryptUpdate(context, nullptr, &length, ad.data(), static_cast<int>(ad.size())) == 1);
    if (!plaintext.empty()) {
        must(EVP_EncryptUpdate(context, out.data(), &length, plaintext.data(),
                               static_cast<int>(plaintext.size())) == 1);
    }
    must(EVP_EncryptFinal_ex(context, out.data() + plaintext.size(), &length) == 1);
    must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagSize),
                             out.data() + plaintext.size()) == 1);
    return out;
}

std::optional<Bytes> aead_open(ByteView key, const Nonce& nonce, ByteView ad, ByteView sealed) {
    must(key.size() == 32);
    if (sealed.size() < kTagSize) {
        return std::nullopt;
    }
    EVP_CIPHER_CTX* context = cipher_context();
    const ResetAfterwards reset{context};
    const std::size_t size = sealed.size() - kTagSize;
    Bytes out(size);
    std::array<std::uint8_t, kTagSize> tag{};
    std::copy(sealed.end() - static_cast<std::ptrdiff_t>(kTagSize), sealed.end(), tag.begin());
    int length = 0;
    must(EVP_DecryptInit_ex2(context, aes_256_gcm(), key.data(), nonce.data(), nullptr) == 1);
    must(EVP_DecryptUpdate(context, nullptr, &length, ad.data(), static_cast<int>(ad.size())) == 1);
    if (size != 0) {
        must(EVP_DecryptUpdate(context, out.data(), &length, sealed.data(),
                               static_cast<int>(size)) == 1);
    }
    must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagSize),
                             tag.data()) == 1);
    std::uint8_t nothing = 0;
    if (EVP_DecryptFinal_ex(context, &nothing, &length) != 1) {
        wipe(out);  // unauthenticated plaintext goes nowhere
        return std::nullopt;
    }
    return out;
}

// --- ML-KEM-768. All calls are OpenSSL 3.0's; whether the algorithm is there is asked when
// the program runs, as the library may be another than it was built with.

namespace {

constexpr const char* kMlKem = "ML-KEM-768";
constexpr const char* kSeed = "seed";  // a name that OpenSSL's headers have from 3.5 on

struct FreeContext {
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeContext>;

}  // namespace

bool KemKey::available() noexcept {
    static const bool there = [] {
        EVP_KEM* kem = EVP_KEM_fetch(nullptr, kMlKem, nullptr);
        EVP_KEM_free(kem);
        return kem != nullptr;
    }();
    return there;
}

KemKey::KemKey(Random& random) {
    if (!available()) {
        throw std::runtime_error("this OpenSSL has no ML-KEM (3.5 or later has)");
    }
    Secret<64> seed;  // d || z of FIPS 203
    random.fill(seed.bytes());
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kMlKem, nullptr));
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(kSeed, seed.bytes().data(), seed.size()),
        OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    must(context != nullptr && EVP_PKEY_keygen_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_params(context.get(), parameters) == 1 &&
         EVP_PKEY_generate(context.get(), &key) == 1);
    key_ = key;
    public_.resize(kKemPublicKeySize);
    std::size_t size = 0;
    must(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, public_.data(),
                                         public_.size(), &size) == 1 &&
         size == kKemPublicKeySize);
}

KemKey::~KemKey() {
    EVP_PKEY_free(static_cast<EVP_PKEY*>(key_));
}

bool KemKey::decapsulate(ByteView ciphertext, gsl::span<std::uint8_t> secret) const {
    must(secret.size() == kKemSecretSize);
    const KeyContext context(
        EVP_PKEY_CTX_new_from_pkey(nullptr, static_cast<EVP_PKEY*>(key_), nullptr));
    std::size_t size = secret.size();
    return context != nullptr && EVP_PKEY_decapsulate_init(context.get(), nullptr) == 1 &&
           EVP_PKEY_decapsulate(context.get(), secret.data(), &size, ciphertext.data(),
                                ciphertext.size()) == 1 &&
           size == kKemSecretSize;
}

std::optional<Bytes> kem_encapsulate(ByteView public_key, gsl::span<std::uint8_t> secret) {
    must(secret.size() == kKemSecretSize);
    if (!KemKey::available() || public_key.size() != kKemPublicKeySize) {
        return std::nullopt;
    }
    // Refuses a key that fails the modulus check of FIPS 203.
    EVP_PKEY* key = EVP_PKEY_new_raw_public_key_ex(nullptr, kMlKem, nullptr, public_key.data(),
                                                   public_key.size());
    const KeyContext context(key != nullptr ? EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)
                                            : nullptr);
    EVP_PKEY_free(key);  // the context holds it
    Bytes ciphertext(kKemCiphertextSize);
    std::size_t ciphertext_size = ciphertext.size();
    std::size_t secret_size = secret.size();
    const bool done = context != nullptr &&
                      EVP_PKEY_encapsulate_init(context.get(), nullptr) == 1 &&
                      EVP_PKEY_encapsulate(context.get(), ciphertext.data(), &ciphertext_size,
                                           secret.data(), &secret_size) == 1 &&
                      ciphertext_size == kKemCiphertextSize && secret_size == kKemSecretSize;
    return done ? std::optional<Bytes>(std::move(ciphertext)) : std::nullopt;
}

KemKey::KemKey(KemKey&& other) noexcept
    : key_(std::exchange(other.key_, nullptr)), public_(std::move(other.public_)) {}
KemKey& KemKey::operator=(KemKey&& other) noexcept {
    std::swap(key_, other.key_);
    std::swap(public_, other.public_);
    return *this;
}

}  // namespace sotto::crypto
