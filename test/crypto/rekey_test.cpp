// Section 7: when a new epoch is due, who starts it, and what closes the session.
#include "test/crypto/two_parties.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sotto::crypto;
using namespace sotto::test;
using namespace std::chrono_literals;

struct World : TwoParties {
    World() { establish(); }

    /// The `rekey` that Alice sends once five minutes are over.
    [[nodiscard]] Bytes rekey() {
        now += 5min;
        return record_in(alice.on_tick(now));
    }
    /// Takes `rekeyed` and hands Alice's first record of the new epoch to Bob.
    void finish(const Bytes& rekeyed) {
        const auto taken = alice.on_record(rekeyed, now);
        BOOST_REQUIRE(has<channel::NewEpoch>(taken));
        BOOST_REQUIRE(has<channel::Opened>(bob.on_record(record_in(taken), now)));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rekeying, World)

BOOST_AUTO_TEST_CASE(after_5_minutes_the_initiator_rekeys_and_texts_go_on) {
    BOOST_TEST(alice.on_tick(now + 5min - 1ms).empty());
    BOOST_TEST((alice.next_deadline() == now + 5min));
    for (std::uint32_t epoch = 1; epoch <= 3; ++epoch) {
        const auto answered = bob.on_record(rekey(), now);
        BOOST_TEST(has<channel::NewEpoch>(answered));
        finish(record_in(answered));
        BOOST_TEST(alice.epoch() == epoch);
        BOOST_TEST(bob.epoch() == epoch);
        BOOST_TEST(talk());
    }
}

BOOST_AUTO_TEST_CASE(the_responder_never_starts_a_rekey) {
    BOOST_TEST(bob.on_tick(now + 14min).empty());
    for (int i = 0; i < 150; ++i) {
        const auto sent = bob.send(text("x"), now);
        BOOST_REQUIRE(sent.has_value());
        BOOST_TEST(all<channel::SendRecord>(*sent).size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(after_100_records_of_both_directions_together_a_rekey_follows) {
    // Bob's first record, opened by Alice, was the first of the hundred.
    for (int i = 0; i < 49; ++i) {
        BOOST_TEST(talk());
    }
    const auto sent = alice.send(text("the hundredth"), now);
    BOOST_REQUIRE(sent.has_value());
    const auto records = all<channel::SendRecord>(*sent);
    BOOST_REQUIRE(records.size() == 2U);
    BOOST_TEST(!alice.may_send());
    BOOST_TEST(texts_in(bob.on_record(records[0].payload, now)).size() == 1U);
    finish(record_in(bob.on_record(records[1].payload, now)));
    BOOST_TEST(talk());
}

BOOST_AUTO_TEST_CASE(file_data_and_progress_do_not_count_but_64_mib_do) {
    const FileData data{{}, 0, Bytes(32'742, 1)};
    constexpr std::size_t until_due = (64U << 20U) / 32'742 + 1;
    for (std::size_t i = 1; i <= until_due; ++i) {
        const auto sent = alice.send(data, now);
        BOOST_REQUIRE(sent.has_value());
        BOOST_REQUIRE_EQUAL(all<channel::SendRecord>(*sent).size(), i == until_due ? 2U : 1U);
    }
}

BOOST_AUTO_TEST_CASE(
    while_a_rekey_is_in_flight_the_initiator_holds_back_and_the_answerer_may_send) {
    const Bytes asked = rekey();
    BOOST_TEST(!alice.may_send());
    BOOST_TEST(!alice.send(text("held back"), now).has_value());
    const Bytes crossing = seal(bob, "on its way");
    const auto answered = bob.on_record(asked, now);
    BOOST_TEST(texts_in(alice.on_record(crossing, now)).size() == 1U);
    finish(record_in(answered));
    BOOST_TEST(alice.may_send());
}

BOOST_AUTO_TEST_CASE(after_the_rekey_records_of_the_old_epoch_are_dropped) {
    const Bytes old = seal(alice, "old");
    BOOST_TEST(texts_in(bob.on_record(old, now)).size() == 1U);
    finish(record_in(bob.on_record(rekey(), now)));
    BOOST_TEST(only_dropped(bob.on_record(old, now)));
    BOOST_TEST(talk());
}

BOOST_AUTO_TEST_CASE(no_rekeyed_within_30_seconds_closes) {
    (void)rekey();
    BOOST_TEST(alice.on_tick(now + 30s - 1ms).empty());
    BOOST_TEST(has<channel::Broken>(alice.on_tick(now + 30s)));
    BOOST_TEST(!alice.established());
    BOOST_TEST(alice.holds_consent());
}

BOOST_AUTO_TEST_CASE(an_epoch_of_15_minutes_closes) {
    BOOST_TEST(bob.on_tick(now + 15min - 1ms).empty());
    BOOST_TEST(has<channel::Broken>(bob.on_tick(now + 15min)));
}

BOOST_AUTO_TEST_CASE(an_epoch_of_4096_records_of_one_direction_closes) {
    for (int i = 1; i < 4'095; ++i) {  // the first went out with the handshake
        const auto sent = bob.send(Typing{true}, now);
        BOOST_REQUIRE((sent && !has<channel::Broken>(*sent)));
    }
    BOOST_TEST(has<channel::Broken>(*bob.send(Typing{true}, now)));
}

BOOST_AUTO_TEST_CASE(a_damaged_rekey_or_rekeyed_is_dropped_and_the_honest_one_still_works) {
    const Bytes asked = rekey();
    for (std::size_t bit = 12 * 8; bit < asked.size() * 8; bit += 7) {
        BOOST_TEST(only_dropped(bob.on_record(flipped(asked, bit), now)));
    }
    const Bytes answered = record_in(bob.on_record(asked, now));
    for (std::size_t bit = 12 * 8; bit < answered.size() * 8; bit += 7) {
        BOOST_TEST(only_dropped(alice.on_record(flipped(answered, bit), now)));
    }
    finish(answered);
}

BOOST_AUTO_TEST_CASE(the_channel_sends_no_rekey_that_its_owner_asks_for) {
    for (const Content& content : {Content(Rekey{}), Content(Rekeyed{}), Content(Terminate{})}) {
        BOOST_TEST(!alice.send(content, now).has_value());
    }
    BOOST_TEST(talk());
}

BOOST_AUTO_TEST_SUITE_END()
