#pragma once

#include "relay/core/action.h"

namespace sotto::relay {

/// What became of a claim.
struct Claimed {
    enum class Result {
        owned,         ///< the name belongs to the key, durably
        taken,         ///< it belongs to another key
        blocked,       ///< the operator lets nobody have it
        not_writable,  ///< the registry could not be written; nothing has changed
    };
    Claim claim;
    Result result = Result::not_writable;
};

/// A user whose name an operator has released or blocked.
struct Dismissal {
    enum class Why { released, blocked };
    Place place;
    Why why = Why::released;
};

}  // namespace sotto::relay
