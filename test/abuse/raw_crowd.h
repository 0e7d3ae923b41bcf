#pragma once

#include "test/abuse/attacks.h"
#include "test/net/raw_client.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// Raw clients by the thousand, on addresses of their own, so that the honest users' address pays
// for nothing.
namespace sotto::abuse {

using Clients = std::vector<std::unique_ptr<net::RawClient>>;
using Step = std::function<void(net::RawClient&)>;

/// One that no other attack has, and not 127.0.0.1: there the honest users are.
[[nodiscard]] std::string address(std::size_t number);

/// Clients, each brought as far as `prepare` does.
[[nodiscard]] Clients many(const Target& target, std::size_t count, const Step& prepare);

/// Does `step` with a new client again and again: how often. That the relay ends one is no
/// surprise.
std::size_t again_and_again(const Target& target, const Step& step);

/// Reads away what came; true if the other end has ended the connection.
[[nodiscard]] bool is_cut(const net::RawClient& client);
[[nodiscard]] std::size_t cut_of(const Clients& clients);

void breathe();
/// Until the attack is to end.
void sit(const Target& target);

[[nodiscard]] Outcome said(std::size_t count, const std::string& what, bool good = true);

}  // namespace sotto::abuse
