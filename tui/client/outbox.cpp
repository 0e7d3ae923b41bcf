#include "tui/client/outbox.h"

#include <algorithm>
#include <utility>

namespace sotto::client {

namespace {

constexpr std::size_t kOnWire = 64;          // section 9
constexpr std::size_t kMaxReceived = 1'024;  // section 6
constexpr std::size_t kMaxWaiting = 10'000;  // our own bound

}  // namespace

bool Outbox::full() const noexcept {
    return texts_.size() >= kMaxWaiting;
}

void Outbox::add(crypto::Text text) {
    texts_.push_back(std::move(text));
}

const crypto::Text* Outbox::next() const {
    return on_wire_ < std::min(texts_.size(), kOnWire) ? &texts_[on_wire_] : nullptr;
}

void Outbox::sent() {
    ++on_wire_;
}

bool Outbox::delivered(const crypto::MessageId& id) {
    const auto at = std::find_if(texts_.begin(), texts_.end(),
                                 [&](const crypto::Text& text) { return text.id == id; });
    if (at == texts_.end()) {
        return false;
    }
    // One that waits to go again may be acknowledged too: it had arrived before.
    if (static_cast<std::size_t>(at - texts_.begin()) < on_wire_) {
        --on_wire_;
    }
    texts_.erase(at);
    return true;
}

std::vector<crypto::MessageId> Outbox::session_ended() {
    std::vector<crypto::MessageId> out;
    for (; on_wire_ > 0; --on_wire_) {
        out.push_back(texts_[on_wire_ - 1].id);
    }
    std::reverse(out.begin(), out.end());
    owed_.clear();  // the peer sends again what it has no acknowledgement for
    return out;
}

std::vector<crypto::MessageId> Outbox::discard() {
    std::vector<crypto::MessageId> out;
    for (const crypto::Text& text : texts_) {
        out.push_back(text.id);
    }
    texts_.clear();
    on_wire_ = 0;
    return out;
}

std::optional<crypto::Received> Outbox::owed() const {
    if (owed_.empty()) {
        return std::nullopt;
    }
    const auto count = static_cast<std::ptrdiff_t>(std::min(owed_.size(), kMaxReceived));
    return crypto::Received{{owed_.begin(), owed_.begin() + count}};
}

void Outbox::paid(const crypto::Received& received) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(owed_.size(), received.ids.size()));
    owed_.erase(owed_.begin(), owed_.begin() + count);
}

}  // namespace sotto::client
