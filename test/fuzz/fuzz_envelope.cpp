// Both decoders handle any input; what they accept is encoded, decoded and encoded again to
// the same text.
#include "net/wire/envelope.h"
#include "test/fuzz/fuzz.h"

using namespace sotto::wire;
using sotto::fuzz::must;

namespace {

template <class Decode>
void round_trip(std::string_view text, const Decode& decode) {
    const auto written = [](const auto& message) {
        return std::visit([](const auto& one) { return encode(one); }, message);
    };
    const auto first = decode(text);
    if (!first) {
        return;
    }
    const std::string once = written(*first);
    if (once.size() > kMaxMessage) {
        return;  // "\n" is written as \u000a: a text full of them grows
    }
    const auto second = decode(once);
    must(second.has_value(), "what was encoded is decoded");
    must(first->index() == second->index(), "it is of the same type");
    must(written(*second) == once, "it holds the same");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = sotto::fuzz::text_of(data, size);
    round_trip(text, decode_from_client);
    round_trip(text, decode_from_relay);
    must(type_of(text).has_value() || !decode_from_relay(text), "what is decoded has a type");
    return 0;
}
