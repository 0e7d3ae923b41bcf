#pragma once

#include "tui/client/store.h"

#include <deque>
#include <set>
#include <utility>

namespace sotto::client {

/// A Store that forgets with the process: for the demo, `--incognito` and tests.
class MemoryStore final : public Store {
  public:
    [[nodiscard]] std::vector<StoredContact> contacts() override;
    void put_contact(const StoredContact& contact) override;
    [[nodiscard]] bool remember_chat(const crypto::PublicKey& sender, const crypto::ChatId& chat,
                                     base::WallTime now) override;

  private:
    std::map<std::string, StoredContact> contacts_;
    using Chat = std::pair<crypto::PublicKey, crypto::ChatId>;
    std::set<Chat> chats_;
    std::deque<std::pair<base::WallTime, Chat>> chat_order_;  ///< by when they were remembered
};

}  // namespace sotto::client
