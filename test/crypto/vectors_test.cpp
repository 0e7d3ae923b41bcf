// Published vectors through our own wrappers, and signatures that only a lax verifier takes.
#include "crypto/identity.h"
#include "crypto/primitives.h"
#include "crypto/transcript.h"
#include "test/support/hex.h"
#include "test/support/seeded_random.h"

#include <boost/test/unit_test.hpp>
#include <sodium.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace sotto::crypto;
using sotto::test::from_hex;
using sotto::test::octets_from_hex;

struct Init {
    Init() { init(); }
};

/// Hands out the given bytes: the way to a key pair with a known seed.
class FixedRandom final : public Random {
  public:
    explicit FixedRandom(Bytes bytes) : bytes_(std::move(bytes)) {}
    void fill(gsl::span<std::uint8_t> out) override {
        BOOST_REQUIRE_EQUAL(out.size(), bytes_.size());
        std::copy(bytes_.begin(), bytes_.end(), out.begin());
    }

  private:
    Bytes bytes_;
};

Identity identity_from(const char* seed) {
    FixedRandom random(from_hex(seed));
    return Identity::generate(random);
}

Bytes counting(std::uint8_t first, std::size_t size) {
    Bytes out(size);
    std::iota(out.begin(), out.end(), first);
    return out;
}

Secret<32> secret(ByteView bytes) {
    Secret<32> out;
    std::copy(bytes.begin(), bytes.end(), out.bytes().begin());
    return out;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(vectors, Init)

BOOST_AUTO_TEST_CASE(sha256_of_abc_is_that_of_fips_180) {
    BOOST_TEST(sha256(view("abc")) ==
                   octets_from_hex<Digest>(
                       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(hkdf_gives_the_outputs_of_rfc_5869) {
    struct Case {
        Bytes ikm, salt, info, prk, okm;
    };
    const std::vector<Case> cases{
        {Bytes(22, 0x0b), counting(0x00, 13), counting(0xf0, 10),
         from_hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"),
         from_hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                  "34007208d5b887185865")},
        {counting(0x00, 80), counting(0x60, 80), counting(0xb0, 80),
         from_hex("06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244"),
         from_hex("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                  "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                  "cc30c58179ec3e87c14c01d5c1f3434f1d87")},
        {Bytes(22, 0x0b),
         {},
         {},
         from_hex("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"),
         from_hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                  "9d201395faa4b61a96c8")}};
    for (const Case& one : cases) {
        Bytes prk(32);
        hkdf_extract(one.salt, one.ikm, prk);
        BOOST_TEST(prk == one.prk, boost::test_tools::per_element());
        Bytes okm(one.okm.size());
        hkdf_expand(prk, one.info, okm);
        BOOST_TEST(okm == one.okm, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(x25519_gives_the_outputs_of_rfc_7748) {
    struct Case {
        const char *scalar, *point, *result;
    };
    constexpr std::array cases{
        Case{"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
             "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
             "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"},
        Case{"4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
             "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
             "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"},
        Case{"77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
             "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
             "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"}};
    for (const Case& one : cases) {
        Bytes out(32);
        BOOST_TEST(x25519(secret(from_hex(one.scalar)), from_hex(one.point), out));
        BOOST_TEST(out == from_hex(one.result), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(an_ephemeral_key_pair_is_the_one_of_rfc_7748_for_its_scalar) {
    FixedRandom random(
        from_hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
    BOOST_TEST(Ephemeral(random).public_key ==
                   octets_from_hex<EphemeralKey>(
                       "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(x25519_refuses_every_small_order_point_and_wrong_lengths) {
    const Secret<32> mine = secret(Bytes(32, 0x42));
    for (const char* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                              "0100000000000000000000000000000000000000000000000000000000000000",
                              "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                              "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                              "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                              "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                              "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
        Bytes out(32, 0xaa);
        BOOST_TEST(!x25519(mine, from_hex(point), out), point);
        BOOST_TEST(out == Bytes(32, 0), boost::test_tools::per_element());
    }
    Bytes out(32);
    BOOST_TEST(!x25519(mine, Bytes(31, 9), out));
    BOOST_TEST(!x25519(mine, Bytes(33, 9), out));
}

BOOST_AUTO_TEST_CASE(aes_256_gcm_gives_the_outputs_of_the_nist_submission) {
    struct Case {
        const char *key, *nonce, *ad, *plain, *sealed;
    };
    constexpr auto zero_key = "0000000000000000000000000000000000000000000000000000000000000000";
    constexpr auto key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    constexpr auto nonce = "cafebabefacedbaddecaf888";
    constexpr std::array cases{
        Case{zero_key, "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
        Case{zero_key, "000000000000000000000000", "", "00000000000000000000000000000000",
             "cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919"},
        Case{key, nonce, "",
             "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
             "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
             "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
             "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
             "b094dac5d93471bdec1a502270e3cc6c"},
        Case{key, nonce, "feedfacedeadbeeffeedfacedeadbeefabaddad2",
             "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
             "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
             "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
             "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
             "76fc6ece0f4e1768cddf8853bb2d551b"}};
    for (const Case& one : cases) {
        const auto iv = octets_from_hex<Nonce>(one.nonce);
        const Bytes sealed =
            aead_seal(from_hex(one.key), iv, from_hex(one.ad), from_hex(one.plain));
        BOOST_TEST(sealed == from_hex(one.sealed), boost::test_tools::per_element());
        const auto opened = aead_open(from_hex(one.key), iv, from_hex(one.ad), sealed);
        BOOST_REQUIRE(opened.has_value());
        BOOST_TEST(*opened == from_hex(one.plain), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(aes_256_gcm_opens_nothing_whose_key_nonce_ad_or_bytes_differ) {
    const Bytes key(32, 1);
    const Bytes ad{1, 2, 3};
    const Bytes sealed = aead_seal(key, Nonce{}, ad, Bytes(20, 7));
    BOOST_REQUIRE(aead_open(key, Nonce{}, ad, sealed));
    BOOST_TEST(!aead_open(Bytes(32, 2), Nonce{}, ad, sealed));
    BOOST_TEST(!aead_open(key, Nonce{1}, ad, sealed));
    BOOST_TEST(!aead_open(key, Nonce{}, Bytes{1, 2}, sealed));
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        Bytes bad = sealed;
        bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ 1U << bit % 8);
        BOOST_TEST(!aead_open(key, Nonce{}, ad, bad));
    }
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        BOOST_TEST(!aead_open(key, Nonce{}, ad, ByteView(sealed).first(size)));
    }
}

BOOST_AUTO_TEST_CASE(ed25519_gives_the_signatures_of_rfc_8032) {
    struct Case {
        const char *seed, *key, *message, *signature;
    };
    constexpr std::array cases{
        Case{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
             "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
             "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
             "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        Case{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
             "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
             "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
             "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        Case{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
             "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
             "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
             "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"}};
    for (const Case& one : cases) {
        const Identity identity = identity_from(one.seed);
        const Bytes message = from_hex(one.message);
        const auto signature = octets_from_hex<Signature>(one.signature);
        BOOST_TEST(identity.public_key() == octets_from_hex<PublicKey>(one.key),
                   boost::test_tools::per_element());
        BOOST_TEST(identity.sign_whole(message) == signature, boost::test_tools::per_element());
        BOOST_TEST(verify_whole(identity.public_key(), message, signature));
    }
}

BOOST_AUTO_TEST_SUITE_END()
