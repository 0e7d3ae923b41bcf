// Section 4. The expected bytes were computed by another implementation from the text alone.
#include "crypto/consent.h"

#include "crypto/transcript.h"
#include "test/support/hex.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>

namespace {

using namespace sotto::crypto;
using sotto::test::from_hex;
using sotto::test::octets_from_hex;

class Repeated final : public Random {
  public:
    explicit Repeated(std::uint8_t byte) : byte_(byte) {}
    void fill(gsl::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), byte_); }

  private:
    std::uint8_t byte_;
};

Identity identity_of(std::uint8_t seed) {
    init();
    Repeated random(seed);
    return Identity::generate(random);
}

struct Pair {
    Identity alice = identity_of(0xa1);
    Identity bob = identity_of(0xb2);
    ChatRequest request{{"alice", alice.public_key()},
                        {"bob", bob.public_key()},
                        octets_from_hex<ChatId>("cccccccccccccccccccccccccccccccc"),
                        sotto::base::WallTime(1'700'000'000'123)};
    Signature sig_req = sign_request(alice, request);
    RequestHash hash = request_hash(request, sig_req);
};

template <class T>
T flipped(T bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
    return bytes;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(consent, Pair)

BOOST_AUTO_TEST_CASE(the_request_is_signed_over_exactly_the_bytes_of_the_protocol) {
    BOOST_TEST(request.transcript() ==
                   from_hex("00000014736f74746f2f3120636861745f7265717565737400000005616c696365bc"
                            "7cbcb5636375fa1d82434d466724d92377f53b980695dd49d26d0ce12205a5000000"
                            "03626f6255154f42065ea5a1bea05463826be2684eb92df92c100027aabaae57ca55"
                            "4207cccccccccccccccccccccccccccccccc0000018bcfe5687b"),
               boost::test_tools::per_element());
    BOOST_TEST(sig_req == octets_from_hex<Signature>(
                              "22f75ca0f98c1119d7415bd5fc0be4e6c51307f92431b84479f26eab5d9cabc900"
                              "963c90a44964ec80dce6b12a544b25598c2b3340b02aab2b5ee473de049e07"),
               boost::test_tools::per_element());
    BOOST_TEST(hash == octets_from_hex<RequestHash>(
                           "9f2fedba7e5917ea95ced365fa15d7c746513d88aac6054f81d32a66d4ccf2c1"),
               boost::test_tools::per_element());
    BOOST_TEST(verify_request(request, sig_req));
}

BOOST_AUTO_TEST_CASE(the_response_and_the_consent_are_those_of_the_protocol) {
    const Signature yes = sign_response(bob, hash, true);
    const Signature no = sign_response(bob, hash, false);
    BOOST_TEST(yes == octets_from_hex<Signature>(
                          "d82e0586b057898d53006b3445171204cc7c96bc7280f8cab9c91f15fc0e524729e3e3"
                          "74205382f6123abbd001559724dc10f2b6b52243f2459d341dc19d3b0d"),
               boost::test_tools::per_element());
    BOOST_TEST(no == octets_from_hex<Signature>(
                         "54027a584dcd7dd82b41365c5e7c580ffe3f0e59e8520872b14d60eb3d099f572549ce4"
                         "7f2f83c0a6d1b11b3f188638e6b773e5d40ff049f766577f223ada606"),
               boost::test_tools::per_element());
    BOOST_TEST(response_transcript(hash, true) ==
                   from_hex("00000015736f74746f2f3120636861745f726573706f6e73659f2fedba7e5917ea95ce"
                            "d365fa15d7c746513d88aac6054f81d32a66d4ccf2c101"),
               boost::test_tools::per_element());
    BOOST_TEST(consent_hash(request, sig_req, yes) ==
                   octets_from_hex<ConsentHash>(
                       "dd376c53c4fcf4bc33a06f215b78c4f5b637080e7de39038d9591388d3d1ee75"),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_request_with_any_other_term_does_not_verify) {
    const auto refused = [&](auto&& change) {
        ChatRequest other = request;
        change(other);
        return !verify_request(other, sig_req) && other.transcript() != request.transcript();
    };
    BOOST_TEST(refused([](ChatRequest& r) { r.from.name = "alicf"; }));
    BOOST_TEST(refused([](ChatRequest& r) { r.to.name = "bo"; }));
    BOOST_TEST(refused([&](ChatRequest& r) { r.from.key = bob.public_key(); }));
    BOOST_TEST(refused([&](ChatRequest& r) { r.to.key = alice.public_key(); }));
    BOOST_TEST(refused([](ChatRequest& r) { r.chat[15] ^= 1U; }));
    BOOST_TEST(refused([](ChatRequest& r) { r.time += std::chrono::milliseconds(1); }));
    BOOST_TEST(refused([](ChatRequest& r) { std::swap(r.from, r.to); }));
    for (std::size_t bit = 0; bit < 512; ++bit) {
        BOOST_TEST(!verify_request(request, flipped(sig_req, bit)));
    }
}

BOOST_AUTO_TEST_CASE(a_response_is_good_for_its_request_its_answer_and_its_signer_only) {
    const Signature yes = sign_response(bob, hash, true);
    BOOST_TEST(verify_response(bob.public_key(), hash, true, yes));
    BOOST_TEST(!verify_response(bob.public_key(), hash, false, yes));
    BOOST_TEST(!verify_response(alice.public_key(), hash, true, yes));
    BOOST_TEST(!verify_response(bob.public_key(), flipped(hash, 0), true, yes));
    for (std::size_t bit = 0; bit < 512; ++bit) {
        BOOST_TEST(!verify_response(bob.public_key(), hash, true, flipped(yes, bit)));
    }
}

BOOST_AUTO_TEST_CASE(the_consent_depends_on_every_signature_and_term) {
    const Signature yes = sign_response(bob, hash, true);
    const ConsentHash consent = consent_hash(request, sig_req, yes);
    ChatRequest later = request;
    later.time += std::chrono::milliseconds(1);
    BOOST_TEST((consent_hash(later, sig_req, yes) != consent));
    BOOST_TEST((consent_hash(request, flipped(sig_req, 3), yes) != consent));
    BOOST_TEST((consent_hash(request, sig_req, flipped(yes, 3)) != consent));
}

BOOST_AUTO_TEST_CASE(a_signed_terminate_names_one_chat_and_one_request) {
    const Bytes payload = make_signed_terminate(alice, request.chat, hash);
    BOOST_TEST(
        payload ==
            from_hex("0221318f65eaa192a35eac00811a456f318d12389285bebcaf58ee95228c2ee99abd2010"
                     "758eaaddbc5fd0f931d9af1b95a7c4889aa05c9b63b21060ce9b90f308"),
        boost::test_tools::per_element());
    const PublicKey& by = alice.public_key();
    BOOST_TEST(verify_signed_terminate(by, payload, request.chat, hash));
    BOOST_TEST(!verify_signed_terminate(bob.public_key(), payload, request.chat, hash));
    BOOST_TEST(!verify_signed_terminate(by, payload, flipped(request.chat, 1), hash));
    BOOST_TEST(!verify_signed_terminate(by, payload, request.chat, flipped(hash, 1)));
    for (std::size_t bit = 0; bit < payload.size() * 8; ++bit) {
        BOOST_TEST(!verify_signed_terminate(by, flipped(payload, bit), request.chat, hash));
    }
    for (std::size_t size = 0; size < payload.size(); ++size) {
        BOOST_TEST(!verify_signed_terminate(by, ByteView(payload).first(size), request.chat, hash));
    }
    Bytes longer = payload;
    longer.push_back(0);
    BOOST_TEST(!verify_signed_terminate(by, longer, request.chat, hash));
}

BOOST_AUTO_TEST_CASE(a_no_consent_answer_is_good_for_one_step_1) {
    const auto step1 = octets_from_hex<Step1Hash>(
        "3333333333333333333333333333333333333333333333333333333333333333");
    const Bytes payload = make_no_consent(bob, step1);
    BOOST_TEST(
        payload ==
            from_hex("039f9373914212870097568a13f231c245b59014decefb598b4459f45a80b2f964ea180c"
                     "8aad4b16cbe9f14afda55879a6b04312708359bd4ee3b64ecc30cde302"),
        boost::test_tools::per_element());
    BOOST_TEST(verify_no_consent(bob.public_key(), payload, step1));
    BOOST_TEST(!verify_no_consent(alice.public_key(), payload, step1));
    BOOST_TEST(!verify_no_consent(bob.public_key(), payload, flipped(step1, 255)));
    for (std::size_t bit = 0; bit < payload.size() * 8; ++bit) {
        BOOST_TEST(!verify_no_consent(bob.public_key(), flipped(payload, bit), step1));
    }
    for (std::size_t size = 0; size < payload.size(); ++size) {
        BOOST_TEST(!verify_no_consent(bob.public_key(), ByteView(payload).first(size), step1));
    }
}

BOOST_AUTO_TEST_SUITE_END()
