#pragma once

#include "crypto/base/time.h"
#include "crypto/bytes.h"
#include "crypto/identity.h"

#include <cstdint>
#include <string>

/// Section 4: who asked whom, and what was answered. Pure functions over the
/// exact bytes; which requests are outstanding is the client's book-keeping.
namespace sotto::crypto {

/// A user name together with the identity key it stands for.
struct Party {
    std::string name;
    PublicKey key{};
};

/// The terms of a chat request. `transcript()` is T_req.
struct ChatRequest {
    Party from;
    Party to;
    ChatId chat{};
    base::WallTime time;

    [[nodiscard]] Bytes transcript() const;
};

[[nodiscard]] Signature sign_request(const Identity& from, const ChatRequest& request);
[[nodiscard]] bool verify_request(const ChatRequest& request, const Signature& sig_req);

/// SHA256(T_req || sig_req): what the response and the signed terminate name.
[[nodiscard]] RequestHash request_hash(const ChatRequest& request, const Signature& sig_req);

/// T_resp.
[[nodiscard]] Bytes response_transcript(const RequestHash& request_hash, bool accept);
[[nodiscard]] Signature sign_response(const Identity& by, const RequestHash& request_hash,
                                      bool accept);
[[nodiscard]] bool verify_response(const PublicKey& by, const RequestHash& request_hash,
                                   bool accept, const Signature& sig_resp);

/// `consent` of an accepted request.
[[nodiscard]] ConsentHash consent_hash(const ChatRequest& request, const Signature& sig_req,
                                       const Signature& sig_resp);

/// Terminate payload 0x02: signed, for when there is no session to say it in.
[[nodiscard]] Bytes make_signed_terminate(const Identity& by, const ChatId& chat,
                                          const RequestHash& request_hash);
[[nodiscard]] bool verify_signed_terminate(const PublicKey& by, ByteView payload,
                                           const ChatId& chat, const RequestHash& request_hash);

/// Terminate payload 0x03: answers a valid step 1 under a consent not held here.
/// `step1_hash` is SHA256(LP(T1) || LP(s1)).
[[nodiscard]] Bytes make_no_consent(const Identity& by, const Step1Hash& step1_hash);
[[nodiscard]] bool verify_no_consent(const PublicKey& by, ByteView payload,
                                     const Step1Hash& step1_hash);

}  // namespace sotto::crypto
