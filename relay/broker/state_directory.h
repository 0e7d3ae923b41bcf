#pragma once

#include "net/system/descriptor.h"

#include <string>

namespace sotto::relay {

/// Where the relay keeps certificate, key and registry.
struct StateDirectory {
    std::string path;
    [[nodiscard]] std::string certificate() const { return path + "/certificate.pem"; }
    [[nodiscard]] std::string key() const { return path + "/key.pem"; }
    [[nodiscard]] std::string registry() const { return path + "/registry.sqlite"; }
    [[nodiscard]] std::string lock() const { return path + "/lock"; }
};

/// `given`, or $STATE_DIRECTORY, or $XDG_STATE_HOME/sotto-relay, or
/// ~/.local/state/sotto-relay, there or not. Throws std::runtime_error with a sentence for
/// the operator if there is no home directory.
[[nodiscard]] StateDirectory find_state(const std::string& given);

/// Whether a key is there and no registry: the relay has run here, and its names are lost.
[[nodiscard]] bool has_lost_registry(const StateDirectory& state);

/// Where the systemd unit keeps its state, which a shell knows nothing of.
constexpr const char* kServiceState = "/var/lib/sotto-relay";

/// A clause that names `service` if that has a registry and `state` has none; else nothing.
[[nodiscard]] std::string service_hint(const StateDirectory& state,
                                       const std::string& service = kServiceState);

/// As find_state; made with mode 0700 if it is not there. Throws as above.
[[nodiscard]] StateDirectory open_state(const std::string& given);

/// Keeps other relays out of the directory as long as it is held: two on one registry
/// would give one name to two keys. Throws as above if another one holds it.
[[nodiscard]] net::Descriptor lock_state(const StateDirectory& state);

/// Throws as above if no file can grow in the directory, as on a full disk. What it writes has
/// no name and is gone when it returns.
void require_room(const std::string& directory);

/// Makes certificate and key (mode 0600) unless both are there. Throws as above.
void ensure_certificate(const std::string& certificate, const std::string& key);

/// Throws as above if others than the owner may read the key.
void check_key_mode(const std::string& key);

}  // namespace sotto::relay
