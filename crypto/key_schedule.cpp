#include "crypto/key_schedule.h"

#include "crypto/transcript.h"

namespace sotto::crypto {

KeySchedule derive_keys(const TranscriptHash& transcript_hash, ByteView shared, Suite suite) {
    Secret<32> prk;
    hkdf_extract(transcript_hash, shared, prk.bytes());
    KeySchedule out;
    out.session.suite = suite;
    hkdf_expand(prk.bytes(), view("sotto/1 confirm A"), out.confirm_a.bytes());
    hkdf_expand(prk.bytes(), view("sotto/1 confirm B"), out.confirm_b.bytes());
    hkdf_expand(prk.bytes(), view("sotto/1 root"), out.session.root.bytes());
    hkdf_expand(prk.bytes(), view("sotto/1 key A to B"), out.session.a_to_b.bytes());
    hkdf_expand(prk.bytes(), view("sotto/1 key B to A"), out.session.b_to_a.bytes());
    hkdf_expand(prk.bytes(), view("sotto/1 session"), out.session.sid);
    return out;
}

}  // namespace sotto::crypto
