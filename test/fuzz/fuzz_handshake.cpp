// A first handshake message and a sealed identity from a stranger: refused, or parsed without
// reading beyond the end.
#include "crypto/handshake.h"
#include "crypto/identity.h"
#include "crypto/secret.h"
#include "test/fuzz/fuzz.h"

using namespace sotto::crypto;
using sotto::fuzz::must;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    init();
    const ByteView bytes(data, size);
    const Party bob{"bob", {2}};
    const Party alice{"alice", {1}};
    if (const auto step1 = step1_parse(bytes, bob, alice)) {
        must(!step1_verify(*step1, alice.key), "nobody signs with a key that is none");
        must(!step1->suites.empty(), "there is a suite to choose");
    }
    if (!Identity::needs_passphrase(bytes)) {  // Argon2id would make each run slow
        must(!Identity::open(bytes, std::nullopt) || size > 64, "an identity has its key in it");
    }
    must(!verify_no_consent(alice.key, bytes, Step1Hash{}), "nobody signs with a key that is none");
    return 0;
}
