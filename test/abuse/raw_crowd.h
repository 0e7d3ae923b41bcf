#pragma once

#include "test/abuse/attacks.h"
#include "test/net/raw_client.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// Thousands of raw clients on addresses of their own, so that their limits do not affect the
// honest users' address.
namespace sotto::abuse {

using Clients = std::vector<std::unique_ptr<net::RawClient>>;
using Step = std::function<void(net::RawClient&)>;

/// An address that no other attack uses; not 127.0.0.1, which the honest users have.
[[nodiscard]] std::string address(std::size_t number);

/// Clients, each brought as far as `prepare` does.
[[nodiscard]] Clients many(const Target& target, std::size_t count, const Step& prepare);

/// Does `step` with one new client after another, and returns how many. The relay may end
/// any of them.
std::size_t again_and_again(const Target& target, const Step& step);

/// Discards what has arrived; true if the other end has closed the connection.
[[nodiscard]] bool is_cut(const net::RawClient& client);
[[nodiscard]] std::size_t cut_of(const Clients& clients);

void breathe();
/// Until the attack must end.
void sit(const Target& target);

[[nodiscard]] Outcome said(std::size_t count, const std::string& what, bool good = true);

}  // namespace sotto::abuse
