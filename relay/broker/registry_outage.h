#pragma once

#include "crypto/base/say_once.h"
#include "relay/core/hub.h"

#include <map>
#include <string>
#include <vector>

namespace sotto::relay {

/// What of the registrar's rounds is news: while the disk is full each says the same, and each
/// name that somebody wants says it again.
class RegistryOutage {
  public:
    /// Notes of the round that are not errors told before, for as long as they come at least
    /// once a minute; and that names are written again, once they are.
    [[nodiscard]] std::vector<Note> news(const Hub::Round& round, Time now);

  private:
    std::map<std::string, base::SayOnce<Time>> errors_;
    bool unwritable_ = false;
};

}  // namespace sotto::relay
