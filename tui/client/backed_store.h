#pragma once

#include "tui/client/memory_store.h"

#include <functional>
#include <string>

namespace sotto::client {

/// A Store that never fails: what can't be written is remembered until the process
/// ends, and said. So a full disk costs durability, not the chat.
class BackedStore final : public Store {
  public:
    /// `tell` gets a sentence at every failure. `store` must outlive this.
    BackedStore(Store& store, std::function<void(std::string)> tell)
        : store_(store), tell_(std::move(tell)) {}

    /// The one call that may throw StoreError: at start-up.
    [[nodiscard]] std::vector<StoredContact> contacts() override { return store_.contacts(); }
    void put_contact(const StoredContact& contact) override;
    [[nodiscard]] bool remember_chat(const crypto::PublicKey& sender, const crypto::ChatId& chat,
                                     base::WallTime now) override;

  private:
    /// `durable` if it succeeds, `memory` if it does not.
    template <class Durable>
    bool either(Durable&& durable, bool memory);

    Store& store_;
    MemoryStore memory_;
    std::function<void(std::string)> tell_;
};

}  // namespace sotto::client
