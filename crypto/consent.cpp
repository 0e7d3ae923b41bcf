#include "crypto/consent.h"

#include "crypto/primitives.h"
#include "crypto/transcript.h"

#include <algorithm>

namespace sotto::crypto {

namespace {

constexpr std::string_view kRequest = "sotto/1 chat_request";
constexpr std::string_view kResponse = "sotto/1 chat_response";
constexpr std::string_view kTerminate = "sotto/1 chat_terminate";
constexpr std::string_view kNoConsent = "sotto/1 no consent";
constexpr std::uint8_t kSignedTerminate = 0x02;
constexpr std::uint8_t kNoConsentAnswer = 0x03;

Bytes tagged(std::uint8_t tag, const Signature& signature) {
    return Writer().u8(tag).raw(signature).bytes();
}

bool verify_tagged(std::uint8_t tag, const PublicKey& by, std::string_view domain, ByteView rest,
                   ByteView payload) {
    Reader reader(payload);
    const bool fits = reader.u8() == tag;
    const auto signature = reader.take<Signature>();
    return fits && reader.done() && verify(by, domain, rest, signature);
}

Bytes terminate_terms(const ChatId& chat, const RequestHash& request) {
    return Writer().raw(chat).raw(request).bytes();
}

}  // namespace

Bytes ChatRequest::transcript() const {
    return Writer()
        .lp(kRequest)
        .lp(from.name)
        .raw(from.key)
        .lp(to.name)
        .raw(to.key)
        .raw(chat)
        .u64(time.ms())
        .bytes();
}

Signature sign_request(const Identity& from, const ChatRequest& request) {
    return from.sign_whole(request.transcript());
}

bool verify_request(const ChatRequest& request, const Signature& sig_req) {
    return verify_whole(request.from.key, request.transcript(), sig_req);
}

RequestHash request_hash(const ChatRequest& request, const Signature& sig_req) {
    return sha256_of<RequestHash>(Writer().raw(request.transcript()).raw(sig_req).bytes());
}

Bytes response_transcript(const RequestHash& request, bool accept) {
    return Writer().lp(kResponse).raw(request).u8(accept ? 1 : 0).bytes();
}

Signature sign_response(const Identity& by, const RequestHash& request, bool accept) {
    return by.sign_whole(response_transcript(request, accept));
}

bool verify_response(const PublicKey& by, const RequestHash& request, bool accept,
                     const Signature& sig_resp) {
    return verify_whole(by, response_transcript(request, accept), sig_resp);
}

ConsentHash consent_hash(const ChatRequest& request, const Signature& sig_req,
                         const Signature& sig_resp) {
    return sha256_of<ConsentHash>(Writer()
                                      .lp(request.transcript())
                                      .lp(sig_req)
                                      .lp(response_transcript(request_hash(request, sig_req), true))
                                      .lp(sig_resp)
                                      .bytes());
}

Bytes make_signed_terminate(const Identity& by, const ChatId& chat, const RequestHash& request) {
    return tagged(kSignedTerminate, by.sign(kTerminate, terminate_terms(chat, request)));
}

bool verify_signed_terminate(const PublicKey& by, ByteView payload, const ChatId& chat,
                             const RequestHash& request) {
    return verify_tagged(kSignedTerminate, by, kTerminate, terminate_terms(chat, request), payload);
}

Bytes make_no_consent(const Identity& by, const Step1Hash& step1_hash) {
    return tagged(kNoConsentAnswer, by.sign(kNoConsent, step1_hash));
}

bool verify_no_consent(const PublicKey& by, ByteView payload, const Step1Hash& step1_hash) {
    return verify_tagged(kNoConsentAnswer, by, kNoConsent, step1_hash, payload);
}

}  // namespace sotto::crypto
