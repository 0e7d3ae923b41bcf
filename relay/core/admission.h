#pragma once

#include "relay/core/allowance.h"
#include "relay/core/token_bucket.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace sotto::relay {

/// The allowances of all networks and users, whichever loop they come to. A connection holds
/// the one that it uses; one that nobody holds is kept until it is as good as new. Any
/// thread may use it.
class Admission {
  public:
    using Time = TokenBucket::Time;

    [[nodiscard]] std::shared_ptr<NetworkAllowance> of_network(const std::string& network);
    [[nodiscard]] std::shared_ptr<UserAllowance> of_user(const std::string& user);
    /// Forgets allowances that nobody holds and that are as good as new. Looks at a part of
    /// them each time: call it about once a second.
    void forget_rested(Time now);
    [[nodiscard]] std::size_t size() const;  ///< allowances kept, held or not

  private:
    template <class Allowance>
    struct Table {
        std::unordered_map<std::string, std::shared_ptr<Allowance>> kept;
        std::size_t next_bucket = 0;  ///< of the hash table, to be looked at next

        [[nodiscard]] std::shared_ptr<Allowance> of(const std::string& whose);
        void forget_rested(Time now);
    };

    mutable std::mutex lock_;
    Table<NetworkAllowance> networks_;
    Table<UserAllowance> users_;
};

}  // namespace sotto::relay
