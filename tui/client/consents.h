#pragma once

#include "tui/client/texts.h"

#include <string>

namespace sotto::client {

/// Consents: held, lost and ended by either side, and what is said to a peer that has not
/// heard of an end (section 4). Texts hear from it that their session has ended.
class Consents {
  public:
    Consents(const Environment& env, const RelayLink& link, const Peers& peers, ChatTable& chats,
             Texts& texts)
        : env_(env), link_(link), peers_(peers), chats_(chats), texts_(texts) {}

    /// `request` was accepted with `sig_resp`, by either side.
    void hold(Conversation& chat, const SignedRequest& request, const crypto::Signature& sig_resp);
    /// Session and consent are gone; nothing is sent. With `why` it is shown, as nobody's word.
    void lose(Conversation& chat, SafeText why);
    /// 0x01 with a session in which this side may send, 0x02 otherwise.
    void end_by_us(Conversation& chat, crypto::Reason reason, SafeText why);
    void end_by_peer(Conversation& chat, SafeText why);
    /// The own request, if one is outstanding: 0x02.
    void take_back(Conversation& chat);
    /// A valid step 1 under a consent that this side does not hold.
    void answer_unknown(Conversation& chat, const crypto::channel::UnknownConsent& unknown,
                        const crypto::ChatId& message_chat);

  private:
    void send_terminate(Conversation& chat, const crypto::ChatId& id, crypto::Bytes payload);

    const Environment& env_;
    const RelayLink& link_;
    const Peers& peers_;
    ChatTable& chats_;
    Texts& texts_;
};

}  // namespace sotto::client
