#include "tui/client/backed_store.h"

#include <utility>

namespace sotto::client {

template <class Durable>
bool BackedStore::either(Durable&& durable, bool memory) {
    try {
        return std::forward<Durable>(durable)() && memory;
    } catch (const StoreError& error) {
        tell_(std::string("this will be forgotten when you quit: ") + error.what());
        return memory;
    }
}

void BackedStore::put_contact(const StoredContact& contact) {
    (void)either(
        [&] {
            store_.put_contact(contact);
            return true;
        },
        true);
}

bool BackedStore::remember_chat(const crypto::PublicKey& sender, const crypto::ChatId& chat,
                                base::WallTime now) {
    const bool memory = memory_.remember_chat(sender, chat, now);
    return either([&] { return store_.remember_chat(sender, chat, now); }, memory);
}

}  // namespace sotto::client
