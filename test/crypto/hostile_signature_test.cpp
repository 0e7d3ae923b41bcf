// Section 0: signatures that satisfy the equation of Ed25519 and must be refused all the same.
#include "crypto/identity.h"
#include "crypto/transcript.h"
#include "test/support/hex.h"
#include "test/support/seeded_random.h"

#include <boost/test/unit_test.hpp>
#include <sodium.h>

#include <algorithm>
#include <string>

namespace {

using namespace sotto::crypto;
using sotto::test::array_from_hex;
using sotto::test::octets_from_hex;

using Scalar = std::array<std::uint8_t, 32>;

constexpr std::array kSmallOrder{
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"};

/// The neutral element and others, written with y >= p or with the sign of x = 0 set.
constexpr std::array kNonCanonical{
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};

Signature joined(ByteView r, ByteView s) {
    Signature out{};
    std::copy(r.begin(), r.end(), out.begin());
    std::copy(s.begin(), s.end(), out.begin() + 32);
    return out;
}

/// h = SHA-512(R || key || message) mod L.
Scalar challenge(ByteView r, ByteView key, ByteView message) {
    std::array<std::uint8_t, 64> wide{};
    const Bytes input = Writer().raw(r).raw(key).raw(message).bytes();
    crypto_hash_sha512(wide.data(), input.data(), input.size());
    Scalar out{};
    crypto_core_ed25519_scalar_reduce(out.data(), wide.data());
    return out;
}

/// A key pair whose secret scalar is at hand, for signatures that no signer makes.
struct OpenKey {
    OpenKey() {
        init();
        std::array<std::uint8_t, 32> seed{};
        seed.fill(0x5a);
        std::array<std::uint8_t, 64> secret{};
        crypto_sign_seed_keypair(key.data(), secret.data(), seed.data());
        std::array<std::uint8_t, 64> wide{};
        crypto_hash_sha512(wide.data(), seed.data(), seed.size());
        wide[0] &= 248U;
        wide[31] = static_cast<std::uint8_t>((wide[31] & 127U) | 64U);
        std::fill(wide.begin() + 32, wide.end(), std::uint8_t{0});
        crypto_core_ed25519_scalar_reduce(scalar.data(), wide.data());
    }
    /// S = r + h a, for an R that need not be r B.
    [[nodiscard]] Signature sign(ByteView r_point, const Scalar& r, ByteView message) const {
        Scalar s = challenge(r_point, key, message);
        crypto_core_ed25519_scalar_mul(s.data(), s.data(), scalar.data());
        crypto_core_ed25519_scalar_add(s.data(), s.data(), r.data());
        return joined(r_point, s);
    }
    PublicKey key{};
    Scalar scalar{};
};

Scalar base_times(const Scalar& scalar) {
    Scalar out{};
    BOOST_REQUIRE_EQUAL(crypto_scalarmult_ed25519_base_noclamp(out.data(), scalar.data()), 0);
    return out;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_signatures, OpenKey)

BOOST_AUTO_TEST_CASE(the_hand_made_signer_makes_signatures_that_verify) {
    const Scalar r{7};
    BOOST_TEST(verify_whole(key, view("hello"), sign(base_times(r), r, view("hello"))));
}

BOOST_AUTO_TEST_CASE(an_s_that_is_l_or_more_is_refused) {
    // S + L satisfies the same equation: without the rule every signature has a twin.
    const Scalar r{9};
    const Signature honest = sign(base_times(r), r, view("hello"));
    const auto order =
        array_from_hex<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    Signature twin = honest;
    for (int times = 0; times < 7; ++times) {
        unsigned carry = 0;
        for (std::size_t i = 0; i < 32; ++i) {
            carry += unsigned{twin[32 + i]} + unsigned{order[i]};
            twin[32 + i] = static_cast<std::uint8_t>(carry);
            carry >>= 8U;
        }
        BOOST_TEST(!verify_whole(key, view("hello"), twin));
    }
    BOOST_TEST(verify_whole(key, view("hello"), honest));
}

BOOST_AUTO_TEST_CASE(a_small_order_key_signs_nothing) {
    // With R = S B the equation holds whenever h A is neutral: for every message if A is
    // neutral itself, for one in eight at worst.
    const Scalar s{11};
    const Signature signature = joined(base_times(s), s);
    for (const char* hex : kSmallOrder) {
        const auto small = octets_from_hex<PublicKey>(hex);
        bool would_hold = false;
        for (int i = 0; i < 128; ++i) {
            const std::string message = "message " + std::to_string(i);
            would_hold = would_hold || challenge(signature, small, view(message))[0] % 8 == 0;
            BOOST_TEST(!verify_whole(small, view(message), signature), hex);
        }
        BOOST_TEST(would_hold);
    }
}

BOOST_AUTO_TEST_CASE(a_non_canonical_key_signs_nothing) {
    const Scalar s{13};
    const Signature signature = joined(base_times(s), s);
    for (const char* hex : kNonCanonical) {
        for (int i = 0; i < 64; ++i) {
            BOOST_TEST(!verify_whole(octets_from_hex<PublicKey>(hex),
                                     view("message " + std::to_string(i)), signature),
                       hex);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_small_order_or_non_canonical_r_is_refused) {
    // R neutral and S = h a satisfies S B = R + h A; the others do once both are times eight.
    const auto refused = [&](const char* hex) {
        const Signature forged = sign(array_from_hex<32>(hex), Scalar{}, view("hello"));
        BOOST_TEST(!verify_whole(key, view("hello"), forged), hex);
    };
    std::for_each(kSmallOrder.begin(), kSmallOrder.end(), refused);
    std::for_each(kNonCanonical.begin(), kNonCanonical.end(), refused);
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_of_a_signature_key_or_message_is_refused) {
    const Scalar r{17};
    const Bytes message{'h', 'e', 'l', 'l', 'o'};
    const Signature honest = sign(base_times(r), r, message);
    const auto flip = [](auto& bytes, std::size_t bit) {
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
    };
    for (std::size_t bit = 0; bit < honest.size() * 8; ++bit) {
        Signature bad = honest;
        flip(bad, bit);
        BOOST_TEST(!verify_whole(key, message, bad));
    }
    for (std::size_t bit = 0; bit < key.size() * 8; ++bit) {
        PublicKey bad = key;
        flip(bad, bit);
        BOOST_TEST(!verify_whole(bad, message, honest));
    }
    for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
        Bytes bad = message;
        flip(bad, bit);
        BOOST_TEST(!verify_whole(key, bad, honest));
    }
}

BOOST_AUTO_TEST_CASE(a_signature_is_good_for_its_domain_only) {
    sotto::test::SeededRandom random(1);
    const Identity identity = Identity::generate(random);
    const Bytes rest{1, 2, 3};
    const Signature signature = identity.sign("sotto/1 rekey", rest);
    BOOST_TEST(verify(identity.public_key(), "sotto/1 rekey", rest, signature));
    BOOST_TEST(!verify(identity.public_key(), "sotto/1 rekeyed", rest, signature));
    BOOST_TEST(verify_whole(identity.public_key(), Writer().lp("sotto/1 rekey").raw(rest).bytes(),
                            signature));
}

BOOST_AUTO_TEST_SUITE_END()
