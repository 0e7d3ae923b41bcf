// Section 6: records. One direction is one chain: nothing in it can be swapped or left out.
#include "crypto/session.h"

#include "crypto/key_schedule.h"
#include "crypto/transcript.h"
#include "test/crypto/two_parties.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sotto::crypto;
using namespace sotto::test;

const Bytes kPadded(256, 0x11);

struct Sessions {
    Party a{"alice", {1}};
    Party b{"bob", {2}};

    [[nodiscard]] static Session make(const Party& self, const Party& peer, bool initiator,
                                      std::uint8_t seed = 1) {
        init();
        const TranscriptHash transcript_hash{seed};
        return Session(derive_keys(transcript_hash, Bytes(32, 9), Suite::x25519).session,
                       {self, peer, initiator});
    }
    Session alice = make(a, b, true);
    Session bob = make(b, a, false);

    [[nodiscard]] static Bytes seal(Session& by, Session::Outer outer = Session::Outer::relay) {
        auto record = by.seal(kPadded, outer);
        BOOST_REQUIRE(record.has_value());
        return *record;
    }
    [[nodiscard]] static bool opens(Session& at, const Bytes& record) {
        const auto opened = at.open(record);
        return opened && *opened == kPadded;
    }
    [[nodiscard]] static bool drops(Session& at, ByteView record,
                                    Session::Outer outer = Session::Outer::relay) {
        const std::uint64_t before = at.received();
        const auto opened = at.open(record, outer);
        return !opened && opened.error().verdict == Verdict::drop && at.received() == before;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sessions, Sessions)

BOOST_AUTO_TEST_CASE(records_open_in_order_both_ways) {
    for (std::uint64_t i = 0; i < 50; ++i) {
        BOOST_TEST(opens(bob, seal(alice)));
        BOOST_TEST(opens(alice, seal(bob)));
        BOOST_TEST(bob.received() == i + 1);
        BOOST_TEST(bob.sent() == i + 1);
    }
}

BOOST_AUTO_TEST_CASE(a_record_begins_with_epoch_and_counter_and_has_a_tag) {
    (void)seal(alice);
    const Bytes record = seal(alice);
    Reader in(record);
    BOOST_TEST(in.u32() == 0U);
    BOOST_TEST(in.u64() == 1U);
    BOOST_TEST(in.rest().size() == kPadded.size() + kTagSize);
}

BOOST_AUTO_TEST_CASE(a_record_of_another_epoch_is_dropped_whatever_its_counter) {
    Bytes another = seal(alice);
    another[3] = 1;
    BOOST_TEST(drops(bob, another));
    another[11] = 9;  // of this epoch it would mean that records were lost
    BOOST_TEST(drops(bob, another));
}

BOOST_AUTO_TEST_CASE(equal_contents_never_make_equal_records) {
    const Bytes one = seal(alice);
    const Bytes two = seal(alice);
    BOOST_TEST(!same(ByteView(one).subspan(12), ByteView(two).subspan(12)));
}

BOOST_AUTO_TEST_CASE(a_record_with_any_bit_flipped_does_not_open_and_the_honest_one_still_does) {
    (void)bob.open(seal(alice));  // so that a lower counter exists as well
    const Bytes record = seal(alice);
    for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
        const auto opened = bob.open(flipped(record, bit));
        BOOST_REQUIRE(!opened.has_value());
        // A counter that looks higher says that records were lost; all else is dropped.
        const bool higher = bit / 8 >= 4 && bit / 8 < 12 && bit != 11 * 8;
        BOOST_TEST((opened.error().verdict == Verdict::close) == higher);
        BOOST_TEST(bob.received() == 1U);
    }
    for (std::size_t size = 0; size < record.size(); ++size) {
        BOOST_TEST(drops(bob, ByteView(record).first(size)));
    }
    BOOST_TEST(opens(bob, record));
}

BOOST_AUTO_TEST_CASE(a_replayed_record_is_dropped) {
    const Bytes record = seal(alice);
    BOOST_TEST(opens(bob, record));
    BOOST_TEST(drops(bob, record));
    BOOST_TEST(opens(bob, seal(alice)));
    BOOST_TEST(drops(bob, record));
}

BOOST_AUTO_TEST_CASE(a_gap_closes) {
    const Bytes first = seal(alice);
    const Bytes second = seal(alice);
    const auto opened = bob.open(second);
    BOOST_REQUIRE(!opened.has_value());
    BOOST_TEST((opened.error().verdict == Verdict::close));
}

BOOST_AUTO_TEST_CASE(a_record_sent_back_to_its_sender_is_dropped) {
    BOOST_TEST(drops(alice, seal(alice)));
    BOOST_TEST(opens(alice, seal(bob)));
}

BOOST_AUTO_TEST_CASE(a_record_of_another_session_pair_or_type_is_dropped) {
    Session other = make(a, b, true, 2);
    Session renamed = make({"alicf", a.key}, b, true);
    Session rekeyed = make({"alice", {3}}, b, true);
    Session misaddressed = make(a, {"bobby", b.key}, true);
    for (Session* from : {&other, &renamed, &rekeyed, &misaddressed}) {
        BOOST_TEST(drops(bob, seal(*from)));
    }
    const Bytes terminate = seal(alice, Session::Outer::chat_terminate);
    BOOST_TEST(drops(bob, terminate, Session::Outer::relay));
    BOOST_TEST(bob.open(terminate, Session::Outer::chat_terminate).has_value());
    BOOST_TEST(drops(bob, seal(alice), Session::Outer::chat_terminate));
}

BOOST_AUTO_TEST_CASE(a_new_epoch_has_new_keys_and_goes_on_counting) {
    BOOST_TEST(opens(bob, seal(alice)));
    const Bytes old = seal(alice);
    alice.next_epoch(Bytes(32, 4));
    bob.next_epoch(Bytes(32, 4));
    BOOST_TEST(drops(bob, old));
    BOOST_TEST(alice.epoch() == 1U);
    BOOST_TEST(alice.sent() == 2U);
    // The record above was lost: in the new epoch that is a gap.
    BOOST_TEST(!bob.open(seal(alice)).has_value());
    BOOST_TEST(opens(alice, seal(bob)));
}

BOOST_AUTO_TEST_CASE(epochs_of_different_secrets_do_not_open_each_other) {
    alice.next_epoch(Bytes(32, 4));
    bob.next_epoch(Bytes(32, 5));
    BOOST_TEST(drops(bob, seal(alice)));
}

BOOST_AUTO_TEST_SUITE_END()
