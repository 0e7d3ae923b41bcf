// Sections 2 to 4 and 8 by the stranger: registration, consent, safety numbers.
#include "test/client/stranger.h"

#include <json/json.h>

#include <algorithm>
#include <utility>

namespace sotto::stranger {

Stranger::Stranger(std::string own_name, std::uint8_t seed, Octets allowed)
    : suites(std::move(allowed)), name(std::move(own_name)), identity(ed25519(seed)) {}

// --- JSON around it all -----------------------------------------------------------------------

void Stranger::emit(Json::Value message) {
    Json::StreamWriterBuilder writer;
    writer["indentation"] = "";
    out.push_back(Json::writeString(writer, message));
}

Json::Value Stranger::to_peer(const char* type, const Octets& chat) {
    Json::Value out_message;
    out_message["type"] = type;
    out_message["id"] = ++ids_[chat];
    out_message["from"] = name;
    out_message["to"] = peer->name;
    out_message["chat"] = b64(chat);
    return out_message;
}

void Stranger::receive(const std::string& text) {
    Json::Value message;
    Json::CharReaderBuilder builder;
    Json::CharReaderBuilder::strictMode(&builder.settings_);
    const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
    expect(reader->parse(text.data(), text.data() + text.size(), &message, nullptr), "not JSON");
    expect(text.size() <= 65'536, "a message over 65,536 bytes");
    const std::string type = message["type"].asString();
    if (type == "hello") {
        on_hello(message);
    } else if (type == "register") {
        expect(message["user"].asString() == name && message["ok"].asBool(), "register");
        registered = true;
    } else if (type == "error") {
        errors.push_back(message["code"].asString());
    } else if (type == "get_pubkey") {
        on_pubkey(message);
    } else if (type == "user_list") {
        events.emplace_back("user_list");
    } else {
        expect(message["to"].asString() == name, "not for me");
        expect(!peer || message["from"].asString() == peer->name, "not from my peer");
        const Octets chat = unb64(message["chat"].asString());
        const int id = message["id"].asInt();
        expect(chat.size() == 16, "chat is not 16 bytes");
        expect(id > std::exchange(peer_ids_[chat], id), "ids do not rise from 1 per chat");
        if (type == "chat_request") {
            on_request(message);
        } else if (type == "chat_response") {
            on_response(message);
        } else if (type == "chat_terminate") {
            on_terminate(message);
        } else {
            expect(type == "relay", "a type that the page does not know");
            const Octets payload = unb64(message["payload"].asString());
            if (message["kind"].asString() == "record") {
                expect(consent && consent->chat == chat, "a record of another chat");
                on_content(open(payload, "relay"));
            } else {
                expect(message["kind"].asString() == "handshake", "kind");
                const Octets first = payload.substr(0, 1);
                first == u8(1)   ? on_step1(payload, chat)
                : first == u8(2) ? on_step2(payload)
                                 : on_step3(payload);
            }
        }
    }
}

// --- section 2 --------------------------------------------------------------------------------

void Stranger::connected(const Octets& spki_sha256, const Octets& exporter) {
    spki_sha256_ = spki_sha256;
    exporter_ = exporter;
    Json::Value hello;
    hello["type"] = "hello";
    hello["versions"].append(1);
    hello["software"] = "stranger/1";
    emit(hello);
}

void Stranger::disconnected() {
    registered = false;
    session.reset();
    attempt_.reset();
    answered_.reset();
    own.reset();
    out.clear();
}

void Stranger::on_hello(const Json::Value& message) {
    expect(message["version"].asInt() == 1, "version");
    const Octets nonce = unb64(message["nonce"].asString());
    expect(nonce.size() == 32, "the nonce is not 32 bytes");
    expect(message["limits"]["max_message"].asInt() >= 65'536, "max_message");
    Json::Value answer;
    answer["type"] = "register";
    answer["user"] = name;
    answer["identity"] = b64(identity.pub);
    answer["signature"] = b64(
        sign("sotto/1 register", lp(spki_sha256_) + lp(name) + identity.pub + nonce + exporter_));
    emit(answer);
}

// --- sections 3 and 4 -------------------------------------------------------------------------

/// `terms` begin with LP of their domain.
Octets Stranger::sign_whole(const Octets& terms) const {
    static const KeyPair another = ed25519(250);
    const bool forged = lies.forged.count(Cut(terms).lp()) != 0;
    return signature(forged ? another : identity, terms);
}
Octets Stranger::sign(const Octets& domain, const Octets& rest) const {
    return sign_whole(lp(domain) + rest);
}
Octets Stranger::told(const Octets& what, Octets truth) const {
    return lies.change ? lies.change(what, std::move(truth)) : truth;
}
bool Stranger::signed_by_peer(const Octets& domain, const Octets& rest, const Octets& sig) const {
    return verifies(peer->key, lp(domain) + rest, sig);
}

void Stranger::ask(const std::string& user) {
    Json::Value lookup;
    lookup["type"] = "get_pubkey";
    lookup["id"] = ++lookups_;
    lookup["user"] = user;
    emit(lookup);
}

void Stranger::on_pubkey(const Json::Value& message) {
    peer = Peer{message["user"].asString(), unb64(message["identity"].asString())};
    const Octets chat = random(16);
    const Octets terms = told("T_req", lp("sotto/1 chat_request") + lp(name) + identity.pub +
                                           lp(peer->name) + peer->key + chat + u64(now_ms));
    own = Request{chat, terms, sign_whole(terms)};
    send_request();
}

void Stranger::send_request() {
    Json::Value message = to_peer("chat_request", own->chat);
    message["identity"] = b64(identity.pub);
    message["time"] = static_cast<Json::UInt64>(number(own->terms.substr(own->terms.size() - 8)));
    message["signature"] = b64(own->signature);
    emit(message);
}

void Stranger::on_request(const Json::Value& message) {
    const Peer from{message["from"].asString(), unb64(message["identity"].asString())};
    expect(!peer || peer->key == from.key, "the peer's key has changed");
    Request request;
    request.chat = unb64(message["chat"].asString());
    request.signature = unb64(message["signature"].asString());
    request.terms = lp("sotto/1 chat_request") + lp(from.name) + from.key + lp(name) +
                    identity.pub + request.chat + u64(message["time"].asUInt64());
    expect(verifies(from.key, request.terms, request.signature), "sig_req");
    if (own && identity.pub < from.key) {  // glare
        send_request();
        return;
    }
    peer = from;
    if (own) {
        send_response(request, true);
        return;
    }
    theirs = request;
}

void Stranger::answer(bool accept) {
    send_response(*std::exchange(theirs, std::nullopt), accept);
}

void Stranger::send_response(const Request& request, bool accept) {
    const Octets terms = lp("sotto/1 chat_response") + request.hash() + u8(accept ? 1 : 0);
    const Octets sig = sign_whole(terms);
    Json::Value message = to_peer("chat_response", request.chat);
    message["accept"] = accept;
    message["signature"] = b64(sig);
    emit(message);
    if (accept) {
        consent = Consent{request.chat, request.hash(),
                          sha256(lp(request.terms) + lp(request.signature) + lp(terms) + lp(sig))};
    }
}

void Stranger::on_response(const Json::Value& message) {
    if (!own || unb64(message["chat"].asString()) != own->chat) {
        events.emplace_back("dropped a response");
        return;
    }
    const bool accept = message["accept"].asBool();
    const Octets terms = lp("sotto/1 chat_response") + own->hash() + u8(accept ? 1 : 0);
    const Octets sig = unb64(message["signature"].asString());
    expect(verifies(peer->key, terms, sig), "sig_resp");
    const Request request = *std::exchange(own, std::nullopt);
    if (!accept) {
        events.emplace_back("declined");
        return;
    }
    consent = Consent{request.chat, request.hash(),
                      sha256(lp(request.terms) + lp(request.signature) + lp(terms) + lp(sig))};
    start_handshake();
}

void Stranger::terminate(const Octets& chat, const Octets& payload) {
    Json::Value message = to_peer("chat_terminate", chat);
    message["payload"] = b64(payload);
    emit(message);
}

void Stranger::take_back() {
    const Request request = *std::exchange(own, std::nullopt);
    terminate(request.chat, u8(2) + sign("sotto/1 chat_terminate", request.chat + request.hash()));
}

void Stranger::end(std::uint8_t reason) {
    Octets payload;
    if (session && session->confirmed && !session->rekeying) {
        const Octets counts = u64(session->sent) + u64(session->received);
        payload = u8(1) + seal(u8(0x1f) + counts + u8(reason), "chat_terminate");
    } else {
        payload = u8(2) + sign("sotto/1 chat_terminate", consent->chat + consent->request);
    }
    terminate(consent->chat, payload);
    session.reset();
    consent.reset();
}

void Stranger::on_terminate(const Json::Value& message) {
    const Octets chat = unb64(message["chat"].asString());
    Cut in(unb64(message["payload"].asString()));
    const auto how = number(in.take(1));
    const Octets rest = in.rest();
    if (how == 1) {
        expect(consent && consent->chat == chat, "0x01 of another chat");
        if (!session) {
            events.emplace_back("dropped a record");
            return;
        }
        const std::uint64_t sent = session->sent;
        const std::uint64_t received = session->received;
        Cut content(open(rest, "chat_terminate"));
        expect(content.take(1) == u8(0x1f), "something else than terminate");
        expect(number(content.take(8)) == received, "sent is not what was received");
        expect(number(content.take(8)) == sent, "received is not what was sent");
        events.push_back("terminate 0x01, reason " + std::to_string(number(content.take(1))));
        content.done();
    } else if (how == 2) {
        const Request* request = own && own->chat == chat         ? &*own
                                 : theirs && theirs->chat == chat ? &*theirs
                                                                  : nullptr;
        expect(request != nullptr || (consent && consent->chat == chat), "0x02 about nothing");
        const Octets hash = request != nullptr ? request->hash() : consent->request;
        expect(signed_by_peer("sotto/1 chat_terminate", chat + hash, rest), "0x02");
        events.emplace_back("terminate 0x02");
        theirs.reset();
    } else {
        expect(how == 3 && attempt_.has_value(), "0x03 without a step 1 under way");
        const Octets step1 = sha256(lp(attempt_->t1) + lp(attempt_->s1));
        expect(signed_by_peer("sotto/1 no consent", step1, rest), "0x03");
        events.emplace_back("terminate 0x03");
        attempt_.reset();
    }
    session.reset();
    consent.reset();
}

Octets Stranger::safety_number() const {
    const auto half = [](const Octets& user, const Octets& key) {
        Octets digest = sha512(Octets(2, '\0') + key + user + key);
        for (int round = 0; round < 5'199; ++round) {
            digest = sha512(digest + key);
        }
        Octets digits;
        for (std::size_t at = 0; at < 30; at += 5) {
            const auto group = std::to_string(number(digest.substr(at, 5)) % 100'000);
            digits += Octets(5 - group.size(), '0') + group;
        }
        return digits;
    };
    const Octets mine = half(name, identity.pub);
    const Octets other = half(peer->name, peer->key);
    return std::min(mine, other) + std::max(mine, other);
}

}  // namespace sotto::stranger
