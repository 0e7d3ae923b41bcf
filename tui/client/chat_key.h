#pragma once

#include <ostream>
#include <string>
#include <tuple>
#include <utility>

namespace sotto::client {

/// Names a chat. Today every chat is with one peer, and is named by that peer's user name; a
/// group will be another kind. It is not a user: what is said of a *peer* (key, trust,
/// presence, block) carries the user name instead.
class ChatKey {
  public:
    enum class Kind { peer };

    ChatKey() = default;  ///< names no chat
    /// The chat with the peer `user`.
    [[nodiscard]] static ChatKey with(std::string user) {
        return ChatKey(Kind::peer, std::move(user));
    }

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    /// With Kind::peer: the user name of the peer.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    friend bool operator==(const ChatKey& a, const ChatKey& b) { return a.all() == b.all(); }
    friend bool operator!=(const ChatKey& a, const ChatKey& b) { return a.all() != b.all(); }
    friend bool operator<(const ChatKey& a, const ChatKey& b) { return a.all() < b.all(); }
    friend std::ostream& operator<<(std::ostream& out, const ChatKey& key) {
        return out << key.name_;
    }

  private:
    ChatKey(Kind kind, std::string name) : kind_(kind), name_(std::move(name)) {}
    [[nodiscard]] std::tuple<const Kind&, const std::string&> all() const { return {kind_, name_}; }

    Kind kind_ = Kind::peer;
    std::string name_;
};

}  // namespace sotto::client
