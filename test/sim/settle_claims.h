#pragma once

#include "relay/core/hub.h"
#include "relay/core/relay.h"

/// For tests of a single relay core that look at its actions themselves.
namespace sotto::sim {

/// Hands the registry's part of `actions` to hub and relay at once; what the relay wants done
/// about it is appended.
void settle_claims(relay::Hub& hub, relay::Relay& relay, relay::Actions& actions);
/// The hub's second: what an operator did, and the versions.
void attend(relay::Hub& hub, relay::Relay& relay, relay::Actions& actions);

}  // namespace sotto::sim
