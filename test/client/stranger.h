#pragma once

#include "test/client/octets.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace Json {
class Value;
}

namespace sotto::stranger {

/// What a stranger does otherwise than the page says. All else of it fits: what is said
/// wrongly is signed, hashed and encrypted just like the truth.
struct Lies {
    std::set<Octets> forged;   ///< domains in which it signs with a key that is not its own
    bool small_order = false;  ///< its ephemerals are zeros, and so is what both sides agree on
    /// Changes what is about to be signed, hashed or encrypted: "T_req", "T1", "T2", "tag_B", "s3",
    /// "padded", "kem_ct" of rekeyed.
    std::function<Octets(const Octets& what, Octets truth)> change;
};

/// A client by somebody who has sotto-protocol(7) and nothing else: none of the house's
/// crypto or wire. It talks with one peer at a time, keeps no time, never retries, and
/// throws Deviation at whatever does not fit the page to the byte.
class Stranger {
  public:
    Stranger(std::string name, std::uint8_t seed, Octets suites);

    std::deque<std::string> out;  ///< messages for the relay
    Octets suites;                ///< offered and allowed, in falling order
    std::uint64_t now_ms = 0;     ///< milliseconds since 1970
    Lies lies;                    ///< none, unless a test wants one

    void connected(const Octets& spki_sha256, const Octets& exporter);
    void disconnected();
    void receive(const std::string& message);

    // what its person does
    void ask(const std::string& user);  ///< looks the key up, then asks
    void answer(bool accept);           ///< the pending request
    void take_back();
    void start_handshake();
    Octets say(const Octets& utf8);  ///< the message_id
    void send(const Octets& content);
    void rekey();
    void end(std::uint8_t reason = 0);  ///< 0x01 if it may send in a session, else 0x02
    void forget_consent() { consent.reset(); }
    [[nodiscard]] Octets safety_number() const;

    // the same by hand, for whoever wants to say what does not belong there
    void terminate(const Octets& chat, const Octets& payload);
    [[nodiscard]] Octets seal(const Octets& content, const Octets& type);
    [[nodiscard]] Octets sign(const Octets& domain, const Octets& rest) const;

    struct Peer {
        std::string name;
        Octets key;
    };
    struct Request {
        Octets chat;
        Octets terms;      ///< T_req
        Octets signature;  ///< sig_req
        [[nodiscard]] Octets hash() const { return sha256(terms + signature); }
    };
    struct Consent {
        Octets chat;
        Octets request;  ///< SHA256(T_req || sig_req)
        Octets hash;
    };
    struct Rekeying {
        KeyPair ephemeral;
        std::optional<KemKeys> kem;
    };
    struct Session {
        bool initiator = false;
        int suite = 0;
        Octets sid, root, send_key, receive_key;
        std::uint64_t sent = 0, received = 0;
        std::uint64_t epoch = 0;
        bool confirmed = false;  ///< the initiator's: the first record has opened
        std::optional<Rekeying> rekeying;
    };
    const std::string name;
    const KeyPair identity;
    std::optional<Peer> peer;
    std::optional<Request> own, theirs;
    std::optional<Consent> consent;
    std::optional<Session> session;
    bool registered = false;
    std::vector<Octets> texts;         ///< bodies' UTF-8
    std::vector<Octets> acknowledged;  ///< message_ids
    std::vector<std::string> events;   ///< "declined", "terminate 0x01" ...
    std::vector<std::string> errors;   ///< codes

  private:
    struct Attempt {  ///< as initiator
        Octets t1, s1;
        KeyPair ephemeral;
        std::optional<KemKeys> kem;
        [[nodiscard]] Octets m1() const { return u8(1) + t1 + s1; }
    };
    struct Answered {  ///< as responder
        Octets m1, m2, th, confirm_a;
        Session session;
    };
    void on_hello(const Json::Value& message);
    void on_pubkey(const Json::Value& message);
    void on_request(const Json::Value& message);
    void on_response(const Json::Value& message);
    void on_terminate(const Json::Value& message);
    void on_step1(const Octets& m1, const Octets& chat);
    void on_step2(const Octets& m2);
    void on_step3(const Octets& m3);
    void on_content(const Octets& content);
    void on_rekey(const Octets& body);
    void on_rekeyed(const Octets& body);

    void emit(Json::Value message);
    [[nodiscard]] Json::Value to_peer(const char* type, const Octets& chat);
    void send_request();
    void send_response(const Request& request, bool accept);
    void relay(const char* kind, const Octets& payload);
    [[nodiscard]] Octets sign_whole(const Octets& terms) const;
    [[nodiscard]] Octets told(const Octets& what, Octets truth) const;
    [[nodiscard]] KeyPair ephemeral_key() const;
    [[nodiscard]] Octets agree(const KeyPair& mine, const Octets& other) const;
    [[nodiscard]] bool signed_by_peer(const Octets& domain, const Octets& rest,
                                      const Octets& sig) const;
    void derive(Session& session, const Octets& th, const Octets& shared, Octets& confirm_a,
                Octets& confirm_b) const;
    void next_epoch(const Octets& shared);
    [[nodiscard]] Octets ad(const Octets& type, bool from_me) const;
    [[nodiscard]] Octets open(const Octets& record, const Octets& type);

    Octets spki_sha256_, exporter_;
    std::optional<Attempt> attempt_;
    std::optional<Answered> answered_;
    std::map<Octets, int> ids_, peer_ids_;  ///< by chat
    int lookups_ = 0;
};

}  // namespace sotto::stranger
