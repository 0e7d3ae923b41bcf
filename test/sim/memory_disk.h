#pragma once

#include "tui/client/memory_store.h"

#include <cstdint>

namespace sotto::sim {

/// A client's store in memory that survives its process and can fail as a disk does: what
/// could not be written is not there after a restart.
class MemoryDisk final : public client::Store {
  public:
    [[nodiscard]] std::vector<client::StoredContact> contacts() override {
        return written_.contacts();
    }
    void put_contact(const client::StoredContact& contact) override {
        write();
        written_.put_contact(contact);
    }
    [[nodiscard]] bool remember_chat(const crypto::PublicKey& sender, const crypto::ChatId& chat,
                                     base::WallTime now) override {
        write();
        return written_.remember_chat(sender, chat, now);
    }

    bool full = false;           ///< every write fails until it is false again
    std::uint64_t fail_nth = 0;  ///< the nth write from now fails; 0: none does
    std::uint64_t failed = 0;    ///< writes, since the start

  private:
    void write() {
        const bool fails = full || fail_nth == 1;
        fail_nth -= fail_nth > 0 ? 1 : 0;
        if (fails) {
            ++failed;
            throw client::StoreError("no space left on device");
        }
    }

    client::MemoryStore written_;
};

}  // namespace sotto::sim
