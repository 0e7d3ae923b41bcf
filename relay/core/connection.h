#pragma once

#include "relay/core/action.h"
#include "relay/core/allowance.h"

#include <cstdint>
#include <memory>
#include <string>

namespace sotto::relay {

/// Who a connection wrote to last, for as long as nobody comes or goes. Most messages go to
/// the receiver of the last one, and then no table is searched and no lock taken.
struct Receiver {
    std::string user;
    Place place;
    std::int64_t as_of = 0;  ///< version of the presence
    bool is_known = false;   ///< among the acquaintances
};

/// One connection's place in the protocol (section 2):
///
///     fresh -- hello --> greeted -- register, name has an owner --> registered
///                           |                                           ^
///                           +-- register, new name --> claiming -- owned+
///
///     any of these -- error that closes, replaced, too late, shutdown --> closing
class Connection {
  public:
    enum class State { fresh, greeted, claiming, registered, closing };

    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] bool is(State state) const noexcept { return state_ == state; }
    /// Throws std::logic_error for a step that the diagram does not have.
    void become(State next);

    base::Exporter exporter{};
    base::RelayNonce nonce{};
    base::Pin pin{};  ///< of the certificate this connection saw
    Time deadline{};  ///< for its registration
    std::string user;
    std::shared_ptr<NetworkAllowance> network;
    std::shared_ptr<UserAllowance> allowance;  ///< null until it is registered
    std::uint32_t refused = 0;                 ///< errors that `refusals` does not count yet
    std::int64_t listing = 0;     ///< the version at which its listing of everyone started
    std::int64_t listing_at = 0;  ///< where that listing goes on; 0: none under way
    Receiver receiver;

  private:
    State state_ = State::fresh;
};

}  // namespace sotto::relay
