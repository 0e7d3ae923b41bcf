#pragma once

#include "test/sim/describe.h"
#include "test/sim/sometimes.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace sotto::sim {

/// Sees every message as it is given to the wire and as it arrives, and knows the rare moments
/// from that.
class WireWatch {
  public:
    explicit WireWatch(Sometimes& sometimes) : sometimes_(sometimes) {}

    void sent(const std::string& by, const Seen& message);
    void arrived(const std::string& at, const Seen& message);
    void cut(const std::string& user);
    /// The chat of the two is open.
    void opened(const std::string& one, const std::string& other);

  private:
    using Way = std::pair<std::string, std::string>;  ///< from, to

    Sometimes& sometimes_;
    std::map<std::string, std::set<Way>> under_way_;  ///< by what: "request", "accept"...
    std::set<Way> handshakes_;                        ///< begun and without a record yet
    std::set<Way> crossed_requests_;
    std::set<std::string> registering_;
};

}  // namespace sotto::sim
