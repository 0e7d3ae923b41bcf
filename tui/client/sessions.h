#pragma once

#include "tui/client/consents.h"

#include <optional>
#include <string>
#include <string_view>

namespace sotto::client {

/// Handshakes, records and the deadlines of sessions (sections 5 to 7): carries out what a
/// secure channel wants. It tells texts what was opened, and consents what the peer ended.
class Sessions final : public Sealer {
  public:
    Sessions(const Environment& env, const RelayLink& link, Peers& peers, ChatTable& chats,
             Texts& texts, Consents& consents)
        : env_(env),
          link_(link),
          peers_(peers),
          chats_(chats),
          texts_(texts),
          consents_(consents) {}

    void on(const wire::Relay& message);
    /// The relay refused a handshake or a record.
    void refused(Conversation& chat, const wire::ErrorMessage& error);
    /// A `chat_terminate` in the session of the consent that is held.
    void on_terminate(Conversation& chat, crypto::ByteView record);

    /// The own connection has ended; with a consent, `why` is shown.
    void link_lost(Conversation& chat, SafeText why);
    /// Starts a handshake, if one is due.
    void initiate(Conversation& chat);
    /// This side has found out that the session is dead.
    void close(Conversation& chat, SafeText why);
    [[nodiscard]] bool seal(Conversation& chat, const crypto::Content& content) override;

    void tick();
    [[nodiscard]] std::optional<Time> next_deadline() const;

  private:
    void on_handshake(const wire::Relay& message, const crypto::PublicKey& key);
    void carry_out(Conversation& chat, crypto::ChannelOutputs outputs,
                   const crypto::ChatId& message_chat);
    void broken(Conversation& chat, SafeText why);
    void send_relay(Conversation& chat, std::string_view kind, crypto::Bytes payload,
                    const crypto::Ticket& ticket);
    void established(Conversation& chat, const crypto::channel::Established& up);
    void no_common_suite(Conversation& chat);
    [[nodiscard]] std::string suite_hint(const Conversation& chat) const;

    const Environment& env_;
    const RelayLink& link_;
    Peers& peers_;
    ChatTable& chats_;
    Texts& texts_;
    Consents& consents_;
};

}  // namespace sotto::client
