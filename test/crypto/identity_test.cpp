// The key file: whatever is damaged, cut or guessed at opens nothing.
#include "crypto/identity.h"

#include "crypto/transcript.h"
#include "test/support/hex.h"
#include "test/support/seeded_random.h"

#include <boost/test/unit_test.hpp>
#include <sodium.h>

#include <algorithm>

namespace {

using namespace sotto::crypto;

struct Sealed {
    Sealed() { init(); }
    sotto::test::SeededRandom random{42};
    Identity identity = Identity::generate(random);
    Bytes open_file = identity.seal(std::nullopt, random);
};

constexpr std::size_t kProtection = 8;
constexpr std::size_t kOps = 9;
constexpr std::size_t kMemory = 13;

bool fatal_error(const Expected<Identity>& opened) {
    return !opened && opened.error().verdict == Verdict::fatal && !opened.error().what.empty();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(identities, Sealed)

BOOST_AUTO_TEST_CASE(a_sealed_identity_opens_to_the_same_key_pair) {
    const auto opened = Identity::open(open_file, std::nullopt);
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST((opened->public_key() == identity.public_key()));
    BOOST_TEST(verify(identity.public_key(), "sotto/1 rekey", Bytes{1},
                      opened->sign("sotto/1 rekey", Bytes{1})));
    BOOST_TEST(!Identity::needs_passphrase(open_file));
    BOOST_TEST(Identity::open(open_file, "a passphrase that is not needed").has_value());
}

BOOST_AUTO_TEST_CASE(identities_are_made_from_the_given_randomness) {
    sotto::test::SeededRandom same(42);
    sotto::test::SeededRandom other(43);
    BOOST_TEST((Identity::generate(same).public_key() == identity.public_key()));
    BOOST_TEST((Identity::generate(other).public_key() != identity.public_key()));
}

BOOST_AUTO_TEST_CASE(a_file_cut_at_any_length_or_too_long_opens_nothing) {
    for (std::size_t size = 0; size < open_file.size(); ++size) {
        const ByteView cut = ByteView(open_file).first(size);
        BOOST_TEST(fatal_error(Identity::open(cut, std::nullopt)));
        BOOST_TEST(fatal_error(Identity::open(cut, "passphrase")));
        BOOST_TEST(!Identity::needs_passphrase(cut));
    }
    Bytes longer = open_file;
    longer.push_back(0);
    BOOST_TEST(fatal_error(Identity::open(longer, std::nullopt)));
}

BOOST_AUTO_TEST_CASE(a_file_with_any_bit_flipped_opens_nothing) {
    for (std::size_t bit = 0; bit < open_file.size() * 8; ++bit) {
        Bytes bad = open_file;
        bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ 1U << bit % 8);
        BOOST_TEST(fatal_error(Identity::open(bad, std::nullopt)));
    }
}

BOOST_AUTO_TEST_CASE(no_secret_stands_in_a_file_with_a_passphrase_and_only_the_right_one_opens_it) {
    const Bytes file = identity.seal("correct horse", random);
    BOOST_TEST(Identity::needs_passphrase(file));
    BOOST_TEST(file.size() == open_file.size());
    const auto opened = Identity::open(file, "correct horse");
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST((opened->public_key() == identity.public_key()));

    BOOST_TEST(fatal_error(Identity::open(file, "correct horsf")));
    BOOST_TEST(fatal_error(Identity::open(file, std::nullopt)));
    for (std::size_t size = 0; size < file.size(); ++size) {
        BOOST_TEST(fatal_error(Identity::open(ByteView(file).first(size), "correct horse")));
    }
    // Calling it unprotected does not make it so.
    Bytes unprotected = file;
    unprotected[kProtection] = 0;
    BOOST_TEST(fatal_error(Identity::open(unprotected, std::nullopt)));
    // Each opening costs Argon2id its moderate time: one byte of each field will do.
    for (const std::size_t at : {file.size() - 1, file.size() - 40, file.size() - 65}) {
        Bytes bad = file;
        bad[at] ^= 1U;
        BOOST_TEST(fatal_error(Identity::open(bad, "correct horse")));
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_asks_for_endless_work_is_refused_before_it_is_done) {
    Bytes file = open_file;
    file[kProtection] = 1;
    Bytes slow = file;
    std::fill_n(slow.begin() + kOps, 4, std::uint8_t{0xff});
    BOOST_TEST(fatal_error(Identity::open(slow, "x")));
    Bytes large = file;
    large[kOps + 3] = 1;
    std::fill_n(large.begin() + kMemory, 8, std::uint8_t{0xff});
    BOOST_TEST(fatal_error(Identity::open(large, "x")));
    BOOST_TEST(fatal_error(Identity::open(file, "x")));  // no work at all is no key either
}

/// What another program may have sealed: all in order, with costs of its own.
Bytes sealed_with_costs(std::uint32_t ops, std::uint64_t memory) {
    const std::string passphrase = "x";
    const Bytes salt(crypto_pwhash_SALTBYTES, 1);
    const Bytes nonce(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, 2);
    Bytes file =
        Writer().raw(view("sottoID1")).u8(1).u32(ops).u64(memory).raw(salt).raw(nonce).bytes();
    const Bytes seed(32, 3);
    Bytes key(32);
    const auto ad_size = file.size();
    BOOST_REQUIRE(crypto_pwhash(key.data(), key.size(), passphrase.data(), passphrase.size(),
                                salt.data(), ops, memory, crypto_pwhash_ALG_ARGON2ID13) == 0);
    file.resize(ad_size + seed.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(file.data() + ad_size, nullptr, seed.data(),
                                               seed.size(), file.data(), ad_size, nullptr,
                                               nonce.data(), key.data());
    return file;
}

BOOST_AUTO_TEST_CASE(a_sound_file_of_more_work_than_any_sotto_asks_for_opens_nothing) {
    constexpr std::uint64_t little = crypto_pwhash_MEMLIMIT_MIN;
    BOOST_TEST(Identity::open(sealed_with_costs(16, little), "x").has_value());
    BOOST_TEST(fatal_error(Identity::open(sealed_with_costs(17, little), "x")));
}

BOOST_AUTO_TEST_CASE(the_same_identity_is_never_sealed_to_the_same_bytes) {
    BOOST_TEST((identity.seal(std::nullopt, random) != open_file));
}

BOOST_AUTO_TEST_CASE(a_fingerprint_is_the_first_16_hex_digits_in_groups_of_four) {
    BOOST_TEST(fingerprint(sotto::test::octets_from_hex<sotto::crypto::PublicKey>(
                   "0123456789abcdef000000000000000000000000000000000000000000000000")) ==
               "0123 4567 89ab cdef");
}

BOOST_AUTO_TEST_SUITE_END()
