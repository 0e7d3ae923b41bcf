#include "tui/client/seen_texts.h"

namespace sotto::client {

namespace {

constexpr std::size_t kPerPeer = 10'000;  // section 9

}  // namespace

bool SeenTexts::add(const crypto::PublicKey& peer, const crypto::MessageId& id) {
    Ids& ids = peers_[peer];
    if (!ids.all.insert(id).second) {
        return false;
    }
    ids.order.push_back(id);
    if (ids.order.size() > kPerPeer) {
        ids.all.erase(ids.order.front());
        ids.order.pop_front();
    }
    return true;
}

}  // namespace sotto::client
