#pragma once

#include "net/tls/link_facts.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sotto::net {

/// Which rule of section 1 decides about a relay's key.
enum class TrustDecision {
    trusted,  ///< by a given pin, a stored one, or the CA store
    refused,  ///< a given or stored pin says otherwise: the key changed
    ask,      ///< nothing decides: show the pin to the person
};

/// Pins of relays, one line `host:port sha256-hex` each, in a file (mode 0600).
/// The first rule of section 1 that applies decides alone.
class PinStore {
  public:
    /// A missing file is an empty store. An unreadable or malformed one, or two pins of one
    /// relay, is an error that names file and line: a pin must not be lost silently.
    [[nodiscard]] static tl::expected<PinStore, std::string> load(std::string path);

    [[nodiscard]] std::optional<Pin> find(const std::string& host, std::uint16_t port) const;
    /// Stores durably (write, sync, rename) before it returns; a sentence on failure.
    /// Replacing a different pin is the caller's, that is the person's, decision.
    [[nodiscard]] tl::expected<void, std::string> put(const std::string& host, std::uint16_t port,
                                                      const Pin& pin);
    [[nodiscard]] TrustDecision decide(const std::string& host, std::uint16_t port,
                                       const std::optional<Pin>& given, const Pin& seen,
                                       bool chain_verified) const;

  private:
    explicit PinStore(std::string path) : path_(std::move(path)) {}
    std::string path_;
    std::map<std::string, Pin> pins_;  ///< by "host:port" in lower case, IPv6 in brackets
};

}  // namespace sotto::net
