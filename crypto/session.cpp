#include "crypto/session.h"

#include "crypto/primitives.h"
#include "crypto/transcript.h"

#include <algorithm>
#include <utility>

namespace sotto::crypto {

namespace {

constexpr std::uint64_t kCounterEnd = 1ULL << 32U;
constexpr std::size_t kRoomForAd = 256;  // with names of 32 bytes it takes 200
constexpr std::string_view kNextKey = "sotto/1 next key";
constexpr std::string_view kKeyAtoB = "sotto/1 key A to B";
constexpr std::string_view kKeyBtoA = "sotto/1 key B to A";
constexpr std::string_view kRoot = "sotto/1 root";

/// u32(epoch) || u64(counter): what a record begins with, and its nonce.
Nonce nonce_of(std::uint32_t epoch, std::uint64_t counter) {
    Nonce out{};
    for (std::size_t i = 0; i < 4; ++i) {
        out[3 - i] = static_cast<std::uint8_t>(epoch >> 8 * i);
    }
    for (std::size_t i = 0; i < 8; ++i) {
        out[11 - i] = static_cast<std::uint8_t>(counter >> 8 * i);
    }
    return out;
}

}  // namespace

void Session::Direction::step() {
    Secret<32> next;
    hkdf_expand(key.bytes(), view(kNextKey), next.bytes());
    std::swap(key, next);  // the old one is wiped as it goes
    ++counter;
}

Session::Session(SessionKeys keys, Ends ends)
    : ends_(std::move(ends)), suite_(keys.suite), sid_(keys.sid), root_(std::move(keys.root)) {
    send_.key = std::move(ends_.initiator ? keys.a_to_b : keys.b_to_a);
    receive_.key = std::move(ends_.initiator ? keys.b_to_a : keys.a_to_b);
}

Bytes Session::associated_data(Outer outer, const Party& from, const Party& to,
                               std::uint64_t counter) const {
    return Writer(kRoomForAd)
        .lp("sotto/1 record")
        .lp(outer == Outer::relay ? "relay" : "chat_terminate")
        .lp(from.name)
        .raw(from.key)
        .lp(to.name)
        .raw(to.key)
        .raw(sid_)
        .u32(epoch_)
        .u64(counter)
        .bytes();
}

Expected<Bytes> Session::seal(ByteView padded, Outer outer) {
    if (send_.counter + 1 >= kCounterEnd) {
        return close("the session's counter is used up");
    }
    const Bytes ad = associated_data(outer, ends_.self, ends_.peer, send_.counter);
    const Nonce nonce = nonce_of(epoch_, send_.counter);
    const Bytes sealed = aead_seal(send_.key.bytes(), nonce, ad, padded);
    Bytes record = Writer(nonce.size() + sealed.size()).raw(nonce).raw(sealed).bytes();
    send_.step();
    return record;
}

Expected<Bytes> Session::open(ByteView record, Outer outer) {
    Reader reader(record);
    const std::uint32_t epoch = reader.u32();
    const std::uint64_t counter = reader.u64();
    const ByteView sealed = reader.rest();
    if (!reader.ok() || sealed.size() < kTagSize) {
        return drop("a record that is too short");
    }
    if (epoch != epoch_) {
        return drop("a record of another epoch");
    }
    if (counter < receive_.counter) {
        return drop("a record that came before");
    }
    if (counter > receive_.counter) {
        return close("records were lost on the way");
    }
    if (counter + 1 >= kCounterEnd) {
        return close("the session's counter is used up");
    }
    const Bytes ad = associated_data(outer, ends_.peer, ends_.self, counter);
    auto padded = aead_open(receive_.key.bytes(), nonce_of(epoch, counter), ad, sealed);
    if (!padded) {
        return drop("a record that does not open");
    }
    receive_.step();
    return std::move(*padded);
}

void Session::next_epoch(ByteView shared) {
    // root' = HKDF-Extract(salt = root, IKM = shared); then the three keys of the epoch.
    Secret<32> prk;
    hkdf_extract(root_.bytes(), shared, prk.bytes());
    ++epoch_;
    const auto derive = [&](std::string_view label, Secret<32>& out) {
        const Bytes info = Writer().raw(view(label)).raw(sid_).u32(epoch_).bytes();
        hkdf_expand(prk.bytes(), info, out.bytes());
    };
    derive(ends_.initiator ? kKeyAtoB : kKeyBtoA, send_.key);
    derive(ends_.initiator ? kKeyBtoA : kKeyAtoB, receive_.key);
    derive(kRoot, root_);
}

}  // namespace sotto::crypto
