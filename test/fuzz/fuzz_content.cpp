// The content of a record: any bytes are decoded or refused, and what can be encoded again is
// decoded to the same.
#include "crypto/content.h"
#include "test/fuzz/fuzz.h"

using namespace sotto::crypto;
using sotto::fuzz::must;

namespace {

void round_trip(ByteView padded) {
    const auto content = decode(padded);
    if (!content) {
        return;
    }
    const auto once = encode(*content);
    if (!once) {
        return;  // such as an unreadable text: acknowledged, but never sent
    }
    const auto again = decode(*once);
    must(again.has_value() && kind_of(*again) == kind_of(*content), "what was written is read");
    must(encode(*again).value() == *once, "it holds the same");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    round_trip(bytes);
    Bytes padded(bytes.begin(), bytes.end());
    pad(padded);
    must(unpadded_length(padded).value() == size, "padding comes off as it went on");
    round_trip(padded);
    return 0;
}
