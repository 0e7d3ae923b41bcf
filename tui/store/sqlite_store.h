#pragma once

#include "tui/client/store.h"

#include <memory>
#include <string>

namespace sotto::client {

/// The client's durable memory in one SQLite file (mode 0600): contacts of one relay,
/// chats seen. Writes are durable when they return.
class SqliteStore final : public Store {
  public:
    /// Opens or creates. `relay` is host:port in lower case. Throws StoreError if the file can't be
    /// used, is damaged, open to others or of another program.
    SqliteStore(const std::string& path, std::string relay);
    ~SqliteStore() override;

    [[nodiscard]] std::vector<StoredContact> contacts() override;
    void put_contact(const StoredContact& contact) override;
    [[nodiscard]] bool remember_chat(const crypto::PublicKey& sender, const crypto::ChatId& chat,
                                     base::WallTime now) override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::client
