#include "crypto/base/protocol_values.h"
#include "crypto/bytes.h"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace base = sotto::base;
namespace crypto = sotto::crypto;

namespace {

template <class To, class From>
constexpr bool mixes = std::is_constructible_v<To, const From&> || std::is_assignable_v<To&, From>;

// Of the same length, and yet not one for the other.
static_assert(!mixes<base::IdentityKey, base::Pin>);
static_assert(!mixes<base::Pin, base::Exporter>);
static_assert(!mixes<base::RelayNonce, base::Exporter>);
static_assert(!mixes<base::ChatId, base::MessageId>);
static_assert(!mixes<base::FileId, base::MessageId>);
static_assert(!mixes<crypto::RequestHash, crypto::ConsentHash>);
static_assert(!mixes<crypto::Step1Hash, crypto::ConsentHash>);
static_assert(!mixes<crypto::TranscriptHash, crypto::Digest>);
static_assert(!mixes<crypto::EphemeralKey, crypto::PublicKey>);

// A bare array becomes one only where that is said.
using Bare = std::array<std::uint8_t, 32>;
static_assert(std::is_constructible_v<base::Pin, Bare>);
static_assert(!std::is_convertible_v<Bare, base::Pin>);
static_assert(!std::is_convertible_v<base::Pin, Bare>);

static_assert(sizeof(base::Signature) == 64);
static_assert(std::is_trivially_copyable_v<base::Signature>);

}  // namespace

BOOST_AUTO_TEST_SUITE(octets)

BOOST_AUTO_TEST_CASE(a_value_is_zeros_until_something_is_put_in) {
    base::ChatId id;
    BOOST_TEST((id == base::ChatId{}));
    for (const std::uint8_t octet : id) {
        BOOST_TEST(octet == 0);
    }
    id[15] = 1;
    BOOST_TEST((id != base::ChatId{}));
}

BOOST_AUTO_TEST_CASE(values_are_ordered_by_their_first_different_octet) {
    BOOST_TEST((base::ChatId{1, 9} < base::ChatId{2, 0}));
    BOOST_TEST((base::ChatId{0x80} > base::ChatId{0x7F, 0xFF}));
    BOOST_TEST(!(base::ChatId{1} < base::ChatId{1}));
}

BOOST_AUTO_TEST_CASE(a_run_of_any_other_length_is_no_value) {
    const std::vector<std::uint8_t> run(16, 7);
    base::ChatId sevens;
    sevens.fill(7);
    BOOST_TEST((base::ChatId::from(run) == sevens));
    BOOST_TEST(!base::ChatId::from(std::vector<std::uint8_t>(15, 7)).has_value());
    BOOST_TEST(!base::ChatId::from(std::vector<std::uint8_t>(17, 7)).has_value());
    BOOST_TEST(!base::Pin::from(run).has_value());
    BOOST_TEST((base::ChatId::from(std::string(16, '\x07')) == sevens));
}

BOOST_AUTO_TEST_CASE(more_octets_than_a_value_has_are_refused) {
    using Two = base::Octets<2, struct TwoTag>;
    BOOST_CHECK_THROW((Two{1, 2, 3}), std::length_error);
}

BOOST_AUTO_TEST_SUITE_END()
