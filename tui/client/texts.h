#pragma once

#include "tui/client/chat_table.h"
#include "tui/client/seen_texts.h"

#include <vector>

namespace sotto::client {

/// What Texts needs of sessions.
class Sealer {
  public:
    Sealer() = default;
    Sealer(const Sealer&) = delete;
    Sealer& operator=(const Sealer&) = delete;
    virtual ~Sealer() = default;
    /// True if `content` was sealed in the session that stands, and it still does.
    [[nodiscard]] virtual bool seal(Conversation& chat, const crypto::Content& content) = 0;
};

/// Texts of both sides, the outbox and acknowledgements (section 9). Sends through a Sealer.
class Texts {
  public:
    Texts(const Environment& env, const Peers& peers, ChatTable& chats)
        : env_(env), peers_(peers), chats_(chats) {}
    /// To be called once, before anything else: sessions are made after texts.
    void send_through(Sealer& sealer) { sealer_ = &sealer; }

    void run(const command::SendText&);
    void run(const command::SetTyping&);
    void run(const command::DiscardUnsent&);

    /// Authenticated content of the peer.
    void opened(Conversation& chat, const crypto::Content& content);
    /// Sends what may be sent now: acknowledgements first, then texts in their order.
    void flush(Conversation& chat);
    /// What is not acknowledged waits for the next session.
    void session_ended(Conversation& chat);

  private:
    void tell_delivery(const Conversation& chat, const std::vector<crypto::MessageId>& ids,
                       Delivery delivery);

    const Environment& env_;
    const Peers& peers_;
    ChatTable& chats_;
    Sealer* sealer_ = nullptr;
    SeenTexts seen_;
};

}  // namespace sotto::client
