#pragma once

#include "crypto/bytes.h"

#include <deque>
#include <map>
#include <set>

namespace sotto::client {

/// The ids of texts received, so that each is shown once (section 9: the newest 10,000 per
/// peer identity). In memory, like the texts: an id that outlived its text would have the
/// text acknowledged when it comes again, and never shown.
class SeenTexts {
  public:
    /// False if `peer` has sent it before.
    [[nodiscard]] bool add(const crypto::PublicKey& peer, const crypto::MessageId& id);

  private:
    struct Ids {
        std::set<crypto::MessageId> all;
        std::deque<crypto::MessageId> order;
    };
    std::map<crypto::PublicKey, Ids> peers_;
};

}  // namespace sotto::client
