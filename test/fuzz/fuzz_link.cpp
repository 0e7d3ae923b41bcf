// Contact links, addresses and base64: decoded input is encoded and decoded again.
#include "net/wire/base64.h"
#include "net/wire/contact_link.h"
#include "test/fuzz/fuzz.h"

using namespace sotto::wire;
using sotto::fuzz::must;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = sotto::fuzz::text_of(data, size);
    if (const auto link = parse_contact_link(text)) {
        const auto again = parse_contact_link(to_string(*link));
        must(again && again->host == link->host && again->port == link->port &&
                 again->user == link->user && again->identity == link->identity &&
                 again->pin == link->pin,
             "a link comes back");
    }
    if (const auto address = parse_address(text)) {
        must(!address->host.empty() && address->port != 0, "an address has a host and a port");
    }
    if (const auto bytes = from_base64(text)) {
        must(base64(*bytes) == text, "base64 has one spelling");
        must(is_base64_of(text, bytes->size()), "its length is judged alike");
    }
    if (const auto bytes = from_base64url(text)) {
        must(base64url(*bytes) == text, "base64url has one spelling");
    }
    return 0;
}
