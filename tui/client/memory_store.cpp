#include "tui/client/memory_store.h"

namespace sotto::client {

std::vector<StoredContact> MemoryStore::contacts() {
    std::vector<StoredContact> out;
    for (const auto& [name, contact] : contacts_) {
        out.push_back(contact);
    }
    return out;
}

void MemoryStore::put_contact(const StoredContact& contact) {
    contacts_[contact.user] = contact;
}

bool MemoryStore::remember_chat(const crypto::PublicKey& sender, const crypto::ChatId& chat,
                                base::WallTime now) {
    for (; !chat_order_.empty() && chat_order_.front().first + kChatMemory < now;
         chat_order_.pop_front()) {
        chats_.erase(chat_order_.front().second);
    }
    const auto added = chats_.emplace(sender, chat);
    if (added.second) {
        chat_order_.emplace_back(now, *added.first);
    }
    return added.second;
}

}  // namespace sotto::client
