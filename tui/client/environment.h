#pragma once

#include "crypto/consent.h"
#include "crypto/identity.h"
#include "crypto/random.h"
#include "tui/client/client.h"
#include "tui/client/output.h"

namespace sotto::client {

/// What every part of the core is given: who we are, the time, and the way out.
struct Environment {
    Client::Options options;
    const crypto::Identity& identity;
    crypto::Random& random;
    Output& out;
    Now now{};  ///< Client sets it before each call

    [[nodiscard]] crypto::Party me() const { return {options.user, identity.public_key()}; }
};

}  // namespace sotto::client
