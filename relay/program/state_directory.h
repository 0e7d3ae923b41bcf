#pragma once

#include <string>

namespace sotto::relay {

/// Where the relay keeps certificate, key and registry.
struct StateDirectory {
    std::string path;
    [[nodiscard]] std::string certificate() const { return path + "/certificate.pem"; }
    [[nodiscard]] std::string key() const { return path + "/key.pem"; }
    [[nodiscard]] std::string registry() const { return path + "/registry.sqlite"; }
};

/// `given`, or $STATE_DIRECTORY, or $XDG_STATE_HOME/sotto-relay, or
/// ~/.local/state/sotto-relay; made with mode 0700 if it is not there. Throws
/// std::runtime_error with a sentence for the operator.
[[nodiscard]] StateDirectory open_state(const std::string& given);

/// Makes certificate and key (mode 0600) unless both are there. Throws as above; a
/// key that others may read is refused.
void ensure_certificate(const std::string& certificate, const std::string& key);

}  // namespace sotto::relay
