#pragma once

#include "tui/client/sessions.h"

#include <map>
#include <optional>
#include <string>

namespace sotto::client {

/// What Requests needs of the roster.
class KeyLookups {
  public:
    KeyLookups() = default;
    KeyLookups(const KeyLookups&) = delete;
    KeyLookups& operator=(const KeyLookups&) = delete;
    virtual ~KeyLookups() = default;
    virtual void look_up_key(const std::string& user) = 0;
    [[nodiscard]] virtual bool looking_up(const std::string& user) const = 0;
    virtual void stop_looking_up(const std::string& user) = 0;
};

/// Asking for a chat and being asked, from the request to its answer or end (section 4).
class Requests {
  public:
    /// The parts that a request may move, and the memory of requests heard.
    struct Parts {
        const RelayLink& link;
        Peers& peers;
        ChatTable& chats;
        Consents& consents;
        Sessions& sessions;
        KeyLookups& lookups;
        Store& store;
    };
    Requests(const Environment& env, const Parts& parts) : env_(env), with_(parts) {}

    // requests.cpp: of one's own
    void run(const command::RequestChat&);
    void ask(const std::string& user, const crypto::PublicKey& key);
    void on(const wire::ChatResponse& message);
    void refused(Conversation& chat, const wire::ErrorMessage& error);
    // asked.cpp: of the peer
    void on(const wire::ChatRequest& message);
    void run(const command::AcceptRequest&);
    /// False if it was refused.
    bool run(const command::DeclineRequest&);
    void raise_held(Conversation& chat);
    // endings.cpp
    void run(const command::CancelRequest&);
    void run(const command::EndChat&);
    void on(const wire::ChatTerminate& message);
    /// A request under a key other than the pinned one: everything of the old key ends.
    void note_key_change(Conversation& chat, const crypto::PublicKey& seen);
    void peer_blocked(Conversation& chat);
    /// The peer's connection has ended; the relay knew so of all that it had before `as_of`.
    void peer_left(Conversation& chat, const std::optional<Time>& as_of);
    struct Return {
        bool was_online = false;           ///< as far as was known
        std::optional<Time> after;         ///< it connected after this
        std::optional<Time> listed_as_of;  ///< the relay knew of all before it in the last list
    };
    void peer_returned(Conversation& chat, const Return& back);
    void link_lost(Conversation& chat);

  private:
    [[nodiscard]] bool ready(const std::string& user);
    void refuse(RefusalCode code, const std::string& why) { env_.out.refuse(code, why); }
    void send_request(Conversation& chat);
    void lose_request(Conversation& chat, const std::optional<Time>& as_of);
    void ask_again(Conversation& chat);

    [[nodiscard]] bool in_time(const SignedRequest& request) const;
    [[nodiscard]] bool timely(const SignedRequest& request);
    void arrived(Conversation& chat, HeardRequest heard);
    void heard_again(Conversation& chat, const SignedRequest& request);
    void heard_blocked(Conversation& chat, const SignedRequest& request);
    void glare(Conversation& chat, const SignedRequest& request);
    void answer(Conversation& chat, const SignedRequest& request, bool accept);
    void repeat_answer(Conversation& chat, const SignedRequest& request, const GivenAnswer& given);
    void send_answer(Conversation& chat, const GivenAnswer& given);

    void on_signed_terminate(Conversation& chat, const crypto::ChatId& id,
                             crypto::ByteView payload);
    void end_pending(Conversation& chat, const std::string& why);
    void drop_pending(Conversation& chat, const std::string& why);
    void set_aside(Conversation& chat, const std::string& why);

    const Environment& env_;
    Parts with_;
    std::map<crypto::PublicKey, std::string> asking_keys_;  ///< of pending requests -> user
};

}  // namespace sotto::client
