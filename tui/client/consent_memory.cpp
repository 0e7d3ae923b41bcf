#include "tui/client/consent_memory.h"

#include <algorithm>
#include <utility>

namespace sotto::client {

namespace {

// Chats with one peer of which something is remembered. Who outlives so many is told by
// a 0x03 what a 0x02 would have told.
constexpr std::size_t kChats = 64;

template <class Item>
void keep(std::deque<Item>& items, const Item& item) {
    if (items.size() >= kChats) {
        items.pop_front();
    }
    items.push_back(item);
}

template <class Item, class Fits>
const Item* find(const std::deque<Item>& items, Fits&& fits) {
    const auto at = std::find_if(items.begin(), items.end(), fits);
    return at == items.end() ? nullptr : &*at;
}

}  // namespace

SignedRequest signed_request(crypto::ChatRequest terms, const crypto::Signature& signature) {
    const crypto::RequestHash hash = crypto::request_hash(terms, signature);
    return {std::move(terms), signature, hash};
}

void ConsentMemory::answered(const GivenAnswer& answer) {
    keep(answers_, answer);
}

const GivenAnswer* ConsentMemory::answer_to(const crypto::RequestHash& request) const {
    return find(answers_, [&](const GivenAnswer& answer) { return answer.request == request; });
}

void ConsentMemory::terminated(const crypto::ChatId& chat) {
    answers_.erase(std::remove_if(answers_.begin(), answers_.end(),
                                  [&](const GivenAnswer& answer) { return answer.chat == chat; }),
                   answers_.end());
}

void ConsentMemory::ended(const ConsentTerms& terms) {
    terminated(terms.chat);
    keep(endings_, terms);
}

const ConsentTerms* ConsentMemory::ending(const crypto::ConsentHash& consent,
                                          const crypto::ChatId& chat) const {
    return find(endings_, [&](const ConsentTerms& terms) {
        return terms.consent ? *terms.consent == consent : terms.chat == chat;
    });
}

bool ConsentMemory::ended_here(const crypto::ChatId& chat) const {
    return find(endings_, [&](const ConsentTerms& terms) { return terms.chat == chat; }) != nullptr;
}

std::int64_t ChatIds::next(const crypto::ChatId& chat) {
    const auto at = std::find_if(counts_.begin(), counts_.end(),
                                 [&](const Count& count) { return count.chat == chat; });
    Count count{chat, 0};
    if (at != counts_.end()) {
        count = *at;
        counts_.erase(at);
    }
    ++count.last;
    keep(counts_, count);
    return count.last;
}

}  // namespace sotto::client
