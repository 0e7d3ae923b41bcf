#pragma once

#include "crypto/secure_channel.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace sotto::crypto {

/// The channels of one client, keyed by the peer's user name. At most one per
/// peer (section 4: at most one chat per pair). Erasing wipes.
class SessionTable {
  public:
    SessionTable(const Identity& self, std::string self_name, Random& random);

    /// The channel with `peer`, made if there is none. If one stands under another
    /// key, it is wiped first: a key change ends everything of the old key.
    SecureChannel& open(const Party& peer, SuitePolicy policy);
    [[nodiscard]] SecureChannel* find(std::string_view name);
    void erase(std::string_view name);

    /// The own connection ended: every channel is told.
    void on_disconnected();
    [[nodiscard]] std::optional<Time> next_deadline() const;
    /// Runs `visit(name, outputs)` for every channel whose deadline has passed.
    void on_tick(Time now, const std::function<void(const std::string&, ChannelOutputs)>& visit);

    [[nodiscard]] auto begin() { return channels_.begin(); }
    [[nodiscard]] auto end() { return channels_.end(); }

  private:
    struct Entry {
        PublicKey key;
        SecureChannel channel;
    };
    const Identity& self_;
    std::string self_name_;
    Random& random_;
    std::map<std::string, Entry, std::less<>> channels_;
};

}  // namespace sotto::crypto
