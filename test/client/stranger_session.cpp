// Sections 5 to 7 by the stranger: handshake, records, rekeying.
#include "test/client/stranger.h"

#include <json/json.h>

#include <utility>

namespace sotto::stranger {

namespace {

const Octets kZeroNonce(12, '\0');

Octets padded(Octets content) {
    content += '\x80';
    const std::size_t step = content.size() > 4'096 ? 4'096 : 256;
    content.resize((content.size() + step - 1) / step * step, '\0');
    return content;
}

Octets unpadded(const Octets& plain) {
    const auto end = plain.find_last_not_of('\0');
    expect(end != Octets::npos && plain[end] == '\x80', "no 0x80 ends the content");
    Octets content = plain.substr(0, end);
    expect(!content.empty() && padded(content) == plain, "the padding is not the smallest");
    return content;
}

bool offers(const Octets& suites, char suite) {
    return suites.find(suite) != Octets::npos;
}

}  // namespace

void Stranger::relay(const char* kind, const Octets& payload) {
    Json::Value message = to_peer("relay", consent->chat);
    message["kind"] = kind;
    message["payload"] = b64(payload);
    emit(message);
}

KeyPair Stranger::ephemeral_key() const {
    KeyPair made = x25519();
    return lies.small_order ? KeyPair{Octets(32, '\0'), made.secret} : made;
}
Octets Stranger::agree(const KeyPair& mine, const Octets& other) const {
    return lies.small_order ? Octets(32, '\0') : x25519(mine.secret, other);
}

// --- section 5 --------------------------------------------------------------------------------

void Stranger::start_handshake() {
    Attempt made;
    made.ephemeral = ephemeral_key();
    if (offers(suites, 2)) {
        made.kem.emplace();
    }
    made.t1 = told("T1", lp("sotto/1 handshake 1") + consent->hash + lp(suites) + lp(name) +
                             identity.pub + lp(peer->name) + peer->key + random(32) +
                             made.ephemeral.pub + lp(made.kem ? made.kem->pub : Octets()));
    made.s1 = sign_whole(made.t1);
    attempt_ = std::move(made);
    relay("handshake", attempt_->m1());
}

void Stranger::on_step1(const Octets& m1, const Octets& chat) {
    expect(m1.size() > 65, "step 1 is short");
    const Octets t1 = m1.substr(1, m1.size() - 65);
    const Octets s1 = m1.substr(m1.size() - 64);
    Cut in(t1);
    expect(in.lp() == "sotto/1 handshake 1", "the domain of step 1");
    const Octets named = in.take(32);
    const Octets offered = in.lp();
    expect(in.lp() == peer->name && in.take(32) == peer->key, "A of step 1");
    expect(in.lp() == name && in.take(32) == identity.pub, "B of step 1");
    in.take(32);  // n_A
    const Octets ephemeral_a = in.take(32);
    const Octets kem_ek = in.lp();
    in.done();
    for (std::size_t i = 1; i < offered.size(); ++i) {
        expect(number(offered.substr(i, 1)) < number(offered.substr(i - 1, 1)), "suites rise");
    }
    expect(!offered.empty() && offered.size() <= 8, "suites");
    expect(kem_ek.size() == (offers(offered, 2) ? 1'184U : 0U), "the length of kem_ek");
    expect(verifies(peer->key, t1, s1), "s1");
    if (!consent || named != consent->hash) {
        terminate(chat, u8(3) + sign("sotto/1 no consent", sha256(lp(t1) + lp(s1))));
        return;
    }
    expect(chat == consent->chat, "the chat of step 1");
    if (answered_ && answered_->m1 == m1) {
        relay("handshake", answered_->m2);
        return;
    }
    if (attempt_ && identity.pub < peer->key) {
        events.emplace_back("crossing: mine again");
        relay("handshake", attempt_->m1());
        return;
    }
    const auto chosen = offered.find_first_of(suites);
    if (chosen == Octets::npos) {
        events.emplace_back("no common suite");
        return;
    }
    if (attempt_) {
        events.emplace_back("crossing: answered");
        attempt_.reset();
    }
    const KeyPair ephemeral = ephemeral_key();
    Encapsulated kem;
    if (offered[chosen] == 2) {
        kem = encapsulate(kem_ek);
    }
    const Octets t2 =
        told("T2", lp("sotto/1 handshake 2") + sha256(lp(t1) + lp(s1)) + offered.substr(chosen, 1) +
                       lp(name) + identity.pub + lp(peer->name) + peer->key + random(32) +
                       ephemeral.pub + lp(kem.ciphertext));
    const Octets s2 = sign_whole(t2);
    Answered made;
    made.m1 = m1;
    made.th = sha256(lp(t1) + lp(s1) + lp(t2) + lp(s2));
    made.session.suite = static_cast<unsigned char>(offered[chosen]);
    made.session.confirmed = true;
    Octets confirm_b;
    derive(made.session, made.th, kem.secret + agree(ephemeral, ephemeral_a), made.confirm_a,
           confirm_b);
    made.m2 = u8(2) + t2 + s2 +
              told("tag_B", gcm_seal(confirm_b, kZeroNonce, lp("sotto/1 confirm B") + made.th, ""));
    relay("handshake", made.m2);
    answered_ = std::move(made);
}

void Stranger::on_step2(const Octets& m2) {
    if (!attempt_) {
        events.emplace_back("dropped step 2");
        return;
    }
    expect(m2.size() > 81, "step 2 is short");
    const Octets t2 = m2.substr(1, m2.size() - 81);
    const Octets s2 = m2.substr(m2.size() - 80, 64);
    Cut in(t2);
    expect(in.lp() == "sotto/1 handshake 2", "the domain of step 2");
    expect(in.take(32) == sha256(lp(attempt_->t1) + lp(attempt_->s1)), "the hash of step 1");
    const Octets suite = in.take(1);
    expect(in.lp() == peer->name && in.take(32) == peer->key, "B of step 2");
    expect(in.lp() == name && in.take(32) == identity.pub, "A of step 2");
    in.take(32);  // n_B
    const Octets ephemeral_b = in.take(32);
    const Octets kem_ct = in.lp();
    in.done();
    expect(offers(suites, suite[0]), "a suite that was not offered");
    expect(kem_ct.size() == (suite[0] == 2 ? 1'088U : 0U), "the length of kem_ct");
    expect(verifies(peer->key, t2, s2), "s2");
    const Octets th = sha256(lp(attempt_->t1) + lp(attempt_->s1) + lp(t2) + lp(s2));
    Session made;
    made.initiator = true;
    made.suite = static_cast<unsigned char>(suite[0]);
    Octets confirm_a;
    Octets confirm_b;
    const Octets kem_secret = suite[0] == 2 ? attempt_->kem->decapsulate(kem_ct) : Octets();
    derive(made, th, kem_secret + agree(attempt_->ephemeral, ephemeral_b), confirm_a, confirm_b);
    expect(gcm_open(confirm_b, kZeroNonce, lp("sotto/1 confirm B") + th,
                    m2.substr(m2.size() - 16)) == Octets(),
           "tag_B");
    const Octets s3 = told("s3", sign("sotto/1 handshake 3", th));
    relay("handshake", u8(3) + gcm_seal(confirm_a, kZeroNonce, lp("sotto/1 confirm A") + th, s3));
    attempt_.reset();
    session = std::move(made);
}

void Stranger::on_step3(const Octets& m3) {
    expect(answered_.has_value() && m3.size() == 1 + 64 + 16 && m3[0] == 3, "step 3");
    const auto s3 = gcm_open(answered_->confirm_a, kZeroNonce,
                             lp("sotto/1 confirm A") + answered_->th, m3.substr(1));
    expect(s3 && signed_by_peer("sotto/1 handshake 3", answered_->th, *s3), "s3");
    session = std::move(answered_->session);
    answered_.reset();
    send(u8(0x02));  // an empty `received`: the session stands
}

void Stranger::derive(Session& into, const Octets& th, const Octets& shared, Octets& confirm_a,
                      Octets& confirm_b) const {
    const Octets prk = extract(th, shared);
    confirm_a = expand(prk, "sotto/1 confirm A");
    confirm_b = expand(prk, "sotto/1 confirm B");
    into.root = expand(prk, "sotto/1 root");
    into.send_key = expand(prk, into.initiator ? "sotto/1 key A to B" : "sotto/1 key B to A");
    into.receive_key = expand(prk, into.initiator ? "sotto/1 key B to A" : "sotto/1 key A to B");
    into.sid = expand(prk, "sotto/1 session", 16);
}

// --- section 6 --------------------------------------------------------------------------------

Octets Stranger::ad(const Octets& type, bool from_me) const {
    const Octets me = lp(name) + identity.pub;
    const Octets other = lp(peer->name) + peer->key;
    return lp("sotto/1 record") + lp(type) + (from_me ? me + other : other + me) + session->sid;
}

Octets Stranger::seal(const Octets& content, const Octets& type) {
    const Octets nonce = u32(session->epoch) + u64(session->sent++);
    const Octets sealed =
        gcm_seal(session->send_key, nonce, ad(type, true) + nonce, told("padded", padded(content)));
    session->send_key = expand(session->send_key, "sotto/1 next key");
    return nonce + sealed;
}

Octets Stranger::open(const Octets& record, const Octets& type) {
    expect(session.has_value(), "a record without a session");
    const Octets nonce = u32(session->epoch) + u64(session->received);
    expect(record.size() > 28 && record.substr(0, 12) == nonce, "epoch or counter");
    const auto plain =
        gcm_open(session->receive_key, nonce, ad(type, false) + nonce, record.substr(12));
    expect(plain.has_value(), "a record that does not open");
    ++session->received;
    session->receive_key = expand(session->receive_key, "sotto/1 next key");
    session->confirmed = true;
    return unpadded(*plain);
}

void Stranger::send(const Octets& content) {
    relay("record", seal(content, "relay"));
}

Octets Stranger::say(const Octets& utf8) {
    Octets id = random(16);
    send(u8(0x01) + id + u64(now_ms) + utf8);
    return id;
}

void Stranger::on_content(const Octets& content) {
    Cut in(content);
    const auto kind = number(in.take(1));
    if (kind == 0x01) {
        const Octets id = in.take(16);
        expect(number(in.take(8)) > 0, "the time of a text");
        texts.push_back(in.rest());
        expect(!texts.back().empty() && texts.back().size() <= 16'384, "the size of a text");
        send(u8(0x02) + id);
    } else if (kind == 0x02) {
        for (Octets rest = in.rest(); !rest.empty(); rest.erase(0, 16)) {
            expect(rest.size() % 16 == 0, "the length of received");
            acknowledged.push_back(rest.substr(0, 16));
        }
    } else if (kind == 0x03) {
        events.push_back("typing " + std::to_string(number(in.take(1))));
    } else if (kind == 0x10) {
        on_rekey(in.rest());
    } else {
        expect(kind == 0x11, "a kind that nobody asked for");
        on_rekeyed(in.rest());
    }
    in.done();
}

// --- section 7 --------------------------------------------------------------------------------

void Stranger::rekey() {
    Rekeying made{ephemeral_key(), {}};
    if (session->suite == 2) {
        made.kem.emplace();
    }
    const Octets kem_ek = made.kem ? made.kem->pub : Octets();
    const Octets terms = session->sid + u32(session->epoch + 1) + made.ephemeral.pub + lp(kem_ek);
    send(u8(0x10) + made.ephemeral.pub + lp(kem_ek) + sign("sotto/1 rekey", terms));
    session->rekeying = std::move(made);
}

void Stranger::on_rekey(const Octets& body) {
    Cut in(body);
    const Octets theirs_e = in.take(32);
    const Octets kem_ek = in.lp();
    const Octets sig = in.take(64);
    in.done();
    expect(!session->initiator, "a rekey from the wrong side");
    expect(kem_ek.size() == (session->suite == 2 ? 1'184U : 0U), "the length of kem_ek");
    const Octets next = session->sid + u32(session->epoch + 1);
    expect(signed_by_peer("sotto/1 rekey", next + theirs_e + lp(kem_ek), sig), "sig of rekey");
    const KeyPair ephemeral = ephemeral_key();
    Encapsulated kem = session->suite == 2 ? encapsulate(kem_ek) : Encapsulated{};
    kem.ciphertext = told("kem_ct", kem.ciphertext);
    const Octets terms = next + theirs_e + ephemeral.pub + lp(kem_ek) + lp(kem.ciphertext);
    send(u8(0x11) + ephemeral.pub + lp(kem.ciphertext) + sign("sotto/1 rekeyed", terms));
    next_epoch(kem.secret + agree(ephemeral, theirs_e));
}

void Stranger::on_rekeyed(const Octets& body) {
    Cut in(body);
    const Octets theirs_e = in.take(32);
    const Octets kem_ct = in.lp();
    const Octets sig = in.take(64);
    in.done();
    expect(session->rekeying.has_value(), "a rekeyed unasked");
    const Rekeying mine = *std::exchange(session->rekeying, std::nullopt);
    const Octets kem_ek = mine.kem ? mine.kem->pub : Octets();
    const Octets terms = session->sid + u32(session->epoch + 1) + mine.ephemeral.pub + theirs_e +
                         lp(kem_ek) + lp(kem_ct);
    expect(signed_by_peer("sotto/1 rekeyed", terms, sig), "sig of rekeyed");
    const Octets kem_secret = mine.kem ? mine.kem->decapsulate(kem_ct) : Octets();
    next_epoch(kem_secret + agree(mine.ephemeral, theirs_e));
    send(u8(0x02));
}

void Stranger::next_epoch(const Octets& shared) {
    const Octets root = extract(session->root, shared);
    ++session->epoch;
    const auto derived = [&](const Octets& label) {
        return expand(root, label + session->sid + u32(session->epoch));
    };
    session->root = derived("sotto/1 root");
    const Octets a_to_b = derived("sotto/1 key A to B");
    const Octets b_to_a = derived("sotto/1 key B to A");
    session->send_key = session->initiator ? a_to_b : b_to_a;
    session->receive_key = session->initiator ? b_to_a : a_to_b;
}

}  // namespace sotto::stranger
