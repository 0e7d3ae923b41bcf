#include "tui/client/held_requests.h"

#include <algorithm>
#include <utility>

namespace sotto::client {

namespace {

constexpr std::size_t kKeys =
    4;  // the pinned one and a changed one; whoever makes up more gains nothing

template <class Fits>
bool remove(std::deque<HeardRequest>& requests, Fits&& fits) {
    const auto end = std::remove_if(requests.begin(), requests.end(), fits);
    const bool any = end != requests.end();
    requests.erase(end, requests.end());
    return any;
}

}  // namespace

void HeldRequests::hold(HeardRequest heard) {
    (void)take(heard.request.terms.from.key);
    if (requests_.size() >= kKeys) {
        requests_.pop_front();
    }
    requests_.push_back(std::move(heard));
}

bool HeldRequests::holds(const crypto::RequestHash& request) const {
    return std::any_of(requests_.begin(), requests_.end(),
                       [&](const HeardRequest& heard) { return heard.request.hash == request; });
}

std::optional<HeardRequest> HeldRequests::take(const crypto::PublicKey& key) {
    const auto at = std::find_if(
        requests_.begin(), requests_.end(),
        [&](const HeardRequest& heard) { return heard.request.terms.from.key == key; });
    if (at == requests_.end()) {
        return std::nullopt;
    }
    std::optional<HeardRequest> out = std::move(*at);
    requests_.erase(at);
    return out;
}

bool HeldRequests::taken_back(const crypto::ChatId& chat, crypto::ByteView payload) {
    return remove(requests_, [&](const HeardRequest& heard) {
        const crypto::ChatRequest& terms = heard.request.terms;
        return terms.chat == chat &&
               crypto::verify_signed_terminate(terms.from.key, payload, chat, heard.request.hash);
    });
}

void HeldRequests::forget_before(crypto::Time when) {
    (void)remove(requests_, [&](const HeardRequest& heard) { return heard.came < when; });
}

}  // namespace sotto::client
