#pragma once

#include "crypto/consent.h"
#include "crypto/error.h"
#include "crypto/primitives.h"
#include "crypto/session.h"
#include "crypto/suite.h"

#include <optional>

/// The three-message handshake of section 5. A is the initiator, B the responder;
/// functions carry the step they belong to. Pure: attempts, their deadlines and
/// what they replace are SecureChannel's.
namespace sotto::crypto {

/// What both sides must agree on before a handshake, seen from this side.
struct HandshakeTerms {
    Party self;
    Party peer;
    ConsentHash consent{};
};

/// M1 taken apart, its form, names, keys, suites and lengths checked against the
/// terms; consent and signature are the caller's next two checks, in this order.
struct Step1 {
    ConsentHash consent{};
    Bytes suites;
    EphemeralKey ephemeral{};
    Bytes kem_ek;
    Bytes transcript;  ///< T1
    Signature signature{};

    [[nodiscard]] Step1Hash hash() const;  ///< SHA256(LP(T1) || LP(s1))
};

/// Order of checks, first part: form, names and keys, suites and lengths.
[[nodiscard]] Expected<Step1> step1_parse(ByteView m1, const Party& self, const Party& peer);
/// The last check before new keys: s1 under the peer's pinned key.
[[nodiscard]] bool step1_verify(const Step1& step1, const PublicKey& peer);

/// A's side of one attempt. Its secrets go with it.
class Initiator {
  public:
    /// Step 1: fresh ephemerals and M1.
    [[nodiscard]] static Initiator step1_begin(const Identity& self, HandshakeTerms terms,
                                               const SuitePolicy& policy, Random& random);

    [[nodiscard]] const Bytes& message1() const noexcept { return message1_; }
    [[nodiscard]] const Step1Hash& step1_hash() const noexcept { return step1_hash_; }

    struct Finished {
        Bytes message3;
        Session session;
    };
    /// Step 2 verified (s2, tag_B), step 3 made. On error nothing has changed and an
    /// honest step 2 still works; afterwards the attempt is spent.
    [[nodiscard]] Expected<Finished> step2_verify_step3_make(const Identity& self, ByteView m2);

  private:
    Initiator(HandshakeTerms terms, SuitePolicy policy, Ephemeral ephemeral,
              std::optional<KemKey> kem)
        : terms_(std::move(terms)),
          policy_(policy),
          ephemeral_(std::move(ephemeral)),
          kem_(std::move(kem)) {}

    HandshakeTerms terms_;
    SuitePolicy policy_;
    Ephemeral ephemeral_;
    std::optional<KemKey> kem_;
    Bytes transcript1_;
    Signature signature1_{};
    Bytes message1_;
    Step1Hash step1_hash_{};
};

/// B's side of one attempt.
class Responder {
  public:
    /// Step 2 for a step 1 that passed every check. Errors: no common suite, or a
    /// key exchange that fails; then nothing is sent.
    [[nodiscard]] static Expected<Responder> step2_make(const Identity& self, HandshakeTerms terms,
                                                        const SuitePolicy& policy,
                                                        const Step1& step1, Random& random);

    [[nodiscard]] const Bytes& message2() const noexcept { return message2_; }
    [[nodiscard]] const Step1Hash& step1_hash() const noexcept { return step1_hash_; }

    /// s3 verified: the session. On error nothing has changed; afterwards spent.
    [[nodiscard]] Expected<Session> step3_verify(ByteView m3);

  private:
    Responder(HandshakeTerms terms, Step1Hash step1_hash)
        : terms_(std::move(terms)), step1_hash_(step1_hash) {}

    HandshakeTerms terms_;
    Step1Hash step1_hash_;
    Bytes message2_;
    TranscriptHash transcript_hash_{};  ///< TH
    Secret<32> confirm_a_;              ///< kc_A
    std::optional<SessionKeys> keys_;
};

}  // namespace sotto::crypto
