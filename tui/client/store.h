#pragma once

#include "crypto/base/time.h"
#include "crypto/bytes.h"
#include "crypto/suite.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace sotto::client {

/// What is remembered of a peer, per relay and user name (section 8).
struct StoredContact {
    std::string user;
    std::optional<crypto::PublicKey> key;          ///< the pin
    std::optional<crypto::PublicKey> changed_key;  ///< seen, not accepted: the chat is blocked
    bool verified = false;
    bool from_link = false;
    bool blocked = false;
    base::WallTime first_seen;
    crypto::Suite best_suite = crypto::Suite::x25519;  ///< the floor (section 5)
};

/// Why a store can't be opened, read or written: a sentence for the person.
class StoreError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// How long a store remembers the chats of requests (section 4).
inline constexpr std::chrono::milliseconds kChatMemory = std::chrono::minutes(20);

/// The client's durable memory. Writes are durable when they return; an
/// implementation that can't write throws StoreError, and the core says so.
class Store {
  public:
    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    [[nodiscard]] virtual std::vector<StoredContact> contacts() = 0;
    virtual void put_contact(const StoredContact& contact) = 0;

    /// Remembers a `chat` that `sender`'s key has used in a request (section 4: 20
    /// minutes, per sender, across restarts). False if it was there already.
    [[nodiscard]] virtual bool remember_chat(const crypto::PublicKey& sender,
                                             const crypto::ChatId& chat, base::WallTime now) = 0;
};

}  // namespace sotto::client
