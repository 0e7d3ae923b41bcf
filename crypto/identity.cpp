#include "crypto/identity.h"

#include "crypto/base/hex.h"
#include "crypto/transcript.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

namespace sotto::crypto {

namespace {

// A sealed identity:
//   magic(8) || u8 protection || u32 opslimit || u64 memlimit || salt(16) || nonce(24)
//   || XChaCha20-Poly1305(key, nonce, seed(32), AD = all that stands before)
// Without a passphrase the key is a constant: the tag then only tells a damaged file.
constexpr std::string_view kMagic = "sottoID1";
constexpr std::size_t kHeader =
    8 + 1 + 4 + 8 + crypto_pwhash_SALTBYTES + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kSealed = kHeader + 32 + crypto_aead_xchacha20poly1305_ietf_ABYTES;
// A file must not make us spend more than this on Argon2id.
constexpr std::uint32_t kMaxOps = 16;
constexpr std::uint64_t kMaxMemory = 1ULL << 30U;

enum Protection : std::uint8_t { none = 0, passphrase_argon2id = 1 };

struct Header {
    std::uint8_t protection = none;
    std::uint32_t ops = 0;
    std::uint64_t memory = 0;
    ByteView salt;
    ByteView nonce;
    ByteView all;
};

bool derive_key(const Header& header, std::optional<std::string_view> passphrase, Secret<32>& key) {
    if (header.protection == none) {
        wipe(key.bytes());
        return true;
    }
    return crypto_pwhash(key.bytes().data(), key.size(), passphrase->data(), passphrase->size(),
                         header.salt.data(), header.ops, static_cast<std::size_t>(header.memory),
                         crypto_pwhash_ALG_ARGON2ID13) == 0;
}

std::optional<Header> read_header(ByteView sealed) {
    if (sealed.size() != kSealed) {
        return std::nullopt;
    }
    Reader reader(sealed.first(kHeader));
    Header header;
    header.all = sealed.first(kHeader);
    const bool magic = same(reader.raw(kMagic.size()), view(kMagic));
    header.protection = reader.u8();
    header.ops = reader.u32();
    header.memory = reader.u64();
    header.salt = reader.raw(crypto_pwhash_SALTBYTES);
    header.nonce = reader.raw(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    if (!magic || !reader.done() || header.protection > passphrase_argon2id) {
        return std::nullopt;
    }
    return header;
}

}  // namespace

Identity Identity::generate(Random& random) {
    Secret<32> seed;
    random.fill(seed.bytes());
    PublicKey pub{};
    Secret<64> secret;
    crypto_sign_seed_keypair(pub.data(), secret.bytes().data(), seed.bytes().data());
    return Identity(pub, std::move(secret));
}

bool Identity::needs_passphrase(ByteView sealed) noexcept {
    const auto header = read_header(sealed);
    return header && header->protection == passphrase_argon2id;
}

Expected<Identity> Identity::open(ByteView sealed, std::optional<std::string_view> passphrase) {
    const auto header = read_header(sealed);
    if (!header) {
        return fatal("this is not a sotto identity, or it is truncated");
    }
    if (header->protection == passphrase_argon2id && !passphrase) {
        return fatal("the identity is protected by a passphrase");
    }
    if (header->ops > kMaxOps || header->memory > kMaxMemory) {
        return fatal("the identity asks for more work than any sotto would: it is damaged");
    }
    Secret<32> key;
    if (!derive_key(*header, passphrase, key)) {
        return fatal("not enough memory to derive the key from the passphrase");
    }
    Secret<32> seed;
    unsigned long long size = 0;
    const ByteView box = sealed.subspan(kHeader);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            seed.bytes().data(), &size, nullptr, box.data(), box.size(), header->all.data(),
            header->all.size(), header->nonce.data(), key.bytes().data()) != 0) {
        return header->protection == none ? fatal("the identity is damaged")
                                          : fatal("wrong passphrase, or the identity is damaged");
    }
    PublicKey pub{};
    Secret<64> secret;
    crypto_sign_seed_keypair(pub.data(), secret.bytes().data(), seed.bytes().data());
    return Identity(pub, std::move(secret));
}

Bytes Identity::seal(std::optional<std::string_view> passphrase, Random& random) const {
    std::array<std::uint8_t, crypto_pwhash_SALTBYTES> salt{};
    std::array<std::uint8_t, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES> nonce{};
    random.fill(salt);
    random.fill(nonce);
    Writer writer;
    writer.raw(view(kMagic)).u8(passphrase ? passphrase_argon2id : none);
    writer.u32(passphrase ? static_cast<std::uint32_t>(crypto_pwhash_OPSLIMIT_MODERATE) : 0);
    writer.u64(passphrase ? crypto_pwhash_MEMLIMIT_MODERATE : 0);
    writer.raw(salt).raw(nonce);
    Bytes out = std::move(writer).bytes();

    const auto header =
        Header{out[8],
               passphrase ? static_cast<std::uint32_t>(crypto_pwhash_OPSLIMIT_MODERATE) : 0,
               passphrase ? crypto_pwhash_MEMLIMIT_MODERATE : 0,
               salt,
               nonce,
               {}};
    Secret<32> key;
    if (!derive_key(header, passphrase, key)) {
        throw std::bad_alloc();
    }
    Secret<32> seed;
    crypto_sign_ed25519_sk_to_seed(seed.bytes().data(), secret_.bytes().data());
    out.resize(kSealed);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + kHeader, nullptr, seed.bytes().data(),
                                               seed.size(), out.data(), kHeader, nullptr,
                                               nonce.data(), key.bytes().data());
    return out;
}

Signature Identity::sign_whole(ByteView transcript) const {
    Signature out{};
    crypto_sign_detached(out.data(), nullptr, transcript.data(), transcript.size(),
                         secret_.bytes().data());
    return out;
}

Signature Identity::sign(std::string_view domain, ByteView rest) const {
    return sign_whole(Writer().lp(domain).raw(rest).bytes());
}

bool verify_whole(const PublicKey& key, ByteView transcript, const Signature& signature) {
    // libsodium refuses S >= L, small-order R and key, and a non-canonical key; R is
    // compared with the canonical encoding of its own result.
    return crypto_sign_verify_detached(signature.data(), transcript.data(), transcript.size(),
                                       key.data()) == 0;
}

bool verify(const PublicKey& key, std::string_view domain, ByteView rest,
            const Signature& signature) {
    return verify_whole(key, Writer().lp(domain).raw(rest).bytes(), signature);
}

std::string fingerprint(const PublicKey& key) {
    std::string out;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i != 0 && i % 2 == 0) {
            out += ' ';
        }
        base::append_hex(out, key[i]);
    }
    return out;
}

}  // namespace sotto::crypto
