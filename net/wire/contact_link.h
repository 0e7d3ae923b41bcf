#pragma once

#include "net/wire/envelope.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::wire {

/// `sotto://host[:port]/bob?identity=...&pin=...` of section 8.
struct ContactLink {
    std::string host;  ///< in lower case, without the brackets of IPv6
    std::uint16_t port = kDefaultPort;
    std::string user;
    std::optional<IdentityKey> identity;
    std::optional<base::Pin> pin;
};

/// Both parameters optional, in any order, each at most once, unknown ones
/// ignored, no percent escapes. Errors are `drop`, with a sentence for the person.
[[nodiscard]] Expected<ContactLink> parse_contact_link(std::string_view text);
[[nodiscard]] std::string to_string(const ContactLink& link);

/// `NAME@HOST[:PORT]` of the command line; IPv6 in brackets; the name may be absent.
struct Address {
    std::string user;
    std::string host;  ///< as in a ContactLink
    std::uint16_t port = kDefaultPort;
};
[[nodiscard]] Expected<Address> parse_address(std::string_view text);

}  // namespace sotto::wire
