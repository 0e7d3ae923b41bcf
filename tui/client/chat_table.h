#pragma once

#include "crypto/session_table.h"
#include "net/wire/envelope.h"
#include "tui/client/conversation.h"
#include "tui/client/peers.h"

#include <map>
#include <string>

namespace sotto::client {

/// All chats and their secure channels, and the only place that tells how a chat stands. The
/// rules are those of Requests, Consents, Sessions and Texts, which share it.
class ChatTable {
  public:
    ChatTable(const Environment& env, const Peers& peers)
        : env_(env), peers_(peers), channels_(env.identity, env.options.user, env.random) {}

    [[nodiscard]] Conversation& open(const std::string& user);
    [[nodiscard]] Conversation* find(const std::string& user);
    [[nodiscard]] std::size_t size() const { return chats_.size(); }
    [[nodiscard]] auto begin() { return chats_.begin(); }
    [[nodiscard]] auto end() { return chats_.end(); }
    [[nodiscard]] auto begin() const { return chats_.begin(); }
    [[nodiscard]] auto end() const { return chats_.end(); }

    /// Nothing if there is none.
    [[nodiscard]] crypto::SecureChannel* channel(const Conversation& chat);
    [[nodiscard]] crypto::SessionTable& channels() { return channels_; }
    [[nodiscard]] const crypto::SessionTable& channels() const { return channels_; }
    void apply_policy(const std::string& user);  ///< to the channel, if there is one

    /// Of the next message in the chat `id`.
    [[nodiscard]] wire::Route route(Conversation& chat, const crypto::ChatId& id) const;
    void changed(Conversation& chat, ChatState state, SafeText why = {});
    /// Says how the chat stands, if that is news.
    void tell(Conversation& chat);

  private:
    const Environment& env_;
    const Peers& peers_;
    std::map<std::string, Conversation> chats_;
    crypto::SessionTable channels_;
};

}  // namespace sotto::client
