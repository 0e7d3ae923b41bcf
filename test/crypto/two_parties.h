#pragma once

#include "crypto/secure_channel.h"
#include "test/support/seeded_random.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

/// Two channels in one process, and what their tests ask of the outputs.
namespace sotto::test {

/// Every output of type T, in order.
template <class T>
[[nodiscard]] std::vector<T> all(const crypto::ChannelOutputs& outputs) {
    std::vector<T> found;
    for (const crypto::ChannelOutput& output : outputs) {
        if (const T* one = std::get_if<T>(&output)) {
            found.push_back(*one);
        }
    }
    return found;
}

template <class T>
[[nodiscard]] bool has(const crypto::ChannelOutputs& outputs) {
    return !all<T>(outputs).empty();
}

/// True if the message was dropped: nothing but its counter, so no answer either.
[[nodiscard]] inline bool only_dropped(const crypto::ChannelOutputs& outputs) {
    return outputs.size() == 1 && has<crypto::channel::Dropped>(outputs);
}

[[nodiscard]] inline crypto::Bytes handshake_in(const crypto::ChannelOutputs& outputs) {
    const auto sent = all<crypto::channel::SendHandshake>(outputs);
    BOOST_REQUIRE_EQUAL(sent.size(), 1U);
    return sent.front().payload;
}
[[nodiscard]] inline crypto::Bytes record_in(const crypto::ChannelOutputs& outputs) {
    const auto sent = all<crypto::channel::SendRecord>(outputs);
    BOOST_REQUIRE_EQUAL(sent.size(), 1U);
    return sent.front().payload;
}

[[nodiscard]] inline crypto::Bytes flipped(crypto::Bytes bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
    return bytes;
}

[[nodiscard]] inline crypto::Text text(std::string utf8) {
    return crypto::Text{{1}, {}, std::move(utf8), true};
}
/// The texts among the opened contents.
[[nodiscard]] inline std::vector<std::string> texts_in(const crypto::ChannelOutputs& outputs) {
    std::vector<std::string> out;
    for (const auto& opened : all<crypto::channel::Opened>(outputs)) {
        if (const auto* one = std::get_if<crypto::Text>(&opened.content)) {
            out.push_back(one->utf8);
        }
    }
    return out;
}

/// Alice has the bytewise smaller identity key: in a crossing hers is the one that stays.
struct TwoParties {
    explicit TwoParties(std::uint64_t seed = 1) : random(seed) {
        if (alice_id.public_key() > bob_id.public_key()) {
            std::swap(alice_id, bob_id);
        }
        alice = channel(alice_id, "alice", {"bob", bob_id.public_key()});
        bob = channel(bob_id, "bob", {"alice", alice_id.public_key()});
        consent = {7, 7, 7};
        alice.hold_consent(chat, consent);
        bob.hold_consent(chat, consent);
    }
    TwoParties(const TwoParties&) = delete;  // the channels refer to the identities
    TwoParties& operator=(const TwoParties&) = delete;

    [[nodiscard]] crypto::SecureChannel channel(const crypto::Identity& self, std::string name,
                                                crypto::Party peer,
                                                crypto::SuitePolicy policy = {}) {
        return crypto::SecureChannel(self, {std::move(name), std::move(peer)}, policy, random);
    }

    [[nodiscard]] crypto::Bytes step1(crypto::SecureChannel& by) {
        const auto begun = by.initiate(now);
        BOOST_REQUIRE(begun.has_value());
        return handshake_in(*begun);
    }
    [[nodiscard]] crypto::Bytes answer(crypto::SecureChannel& by, const crypto::Bytes& step) {
        return handshake_in(by.on_handshake(step, now));
    }
    /// A whole handshake, `initiator` asking.
    void establish(crypto::SecureChannel& initiator, crypto::SecureChannel& responder) {
        const crypto::Bytes m3 = answer(initiator, answer(responder, step1(initiator)));
        const auto stands = responder.on_handshake(m3, now);
        BOOST_REQUIRE(has<crypto::channel::Established>(stands));
        const auto confirmed = initiator.on_record(record_in(stands), now);
        BOOST_REQUIRE(has<crypto::channel::Established>(confirmed));
    }
    void establish() { establish(alice, bob); }

    /// Seals one text; the record.
    [[nodiscard]] crypto::Bytes seal(crypto::SecureChannel& by, std::string utf8) {
        const auto sent = by.send(text(std::move(utf8)), now);
        BOOST_REQUIRE(sent.has_value());
        const auto records = all<crypto::channel::SendRecord>(*sent);
        BOOST_REQUIRE(!records.empty());
        return records.front().payload;
    }
    /// True if texts go both ways.
    [[nodiscard]] bool talk() {
        return texts_in(bob.on_record(seal(alice, "hi"), now)) == std::vector<std::string>{"hi"} &&
               texts_in(alice.on_record(seal(bob, "yo"), now)) == std::vector<std::string>{"yo"};
    }

    struct Started {
        Started() { crypto::init(); }
    } started;
    SeededRandom random;
    crypto::Identity alice_id = crypto::Identity::generate(random);
    crypto::Identity bob_id = crypto::Identity::generate(random);
    crypto::ChatId chat{3};
    crypto::ConsentHash consent{};
    crypto::Time now{std::chrono::hours(1)};
    crypto::SecureChannel alice = channel(alice_id, "alice", {});
    crypto::SecureChannel bob = channel(bob_id, "bob", {});
};

}  // namespace sotto::test
