#pragma once

#include "crypto/session_table.h"
#include "net/wire/contact_link.h"
#include "net/wire/envelope.h"
#include "tui/client/backed_store.h"
#include "tui/client/client.h"
#include "tui/client/contact_book.h"
#include "tui/client/conversation.h"
#include "tui/client/output.h"
#include "tui/client/seen_texts.h"
#include "tui/client/warnings.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::client {

/// Inside of Client: its state and its rules, one source per part of the protocol:
/// registration.cpp sections 1 and 2, directory.cpp section 3, requests.cpp and
/// endings.cpp section 4, sessions.cpp sections 5 to 7, texts.cpp section 9,
/// contacts.cpp and verification.cpp section 8.
class Core {
  public:
    Core(Client::Options options, const crypto::Identity& identity, Store& store,
         crypto::Random& random);

    // registration.cpp
    void link_up(const Client::LinkUp& link);
    void message(std::string_view text);
    void link_down(const LinkLoss& loss);
    void run(const command::Connect&);
    void run(const command::Disconnect&);
    void run(const command::TrustRelay&);
    void run(const command::Quit&);
    // directory.cpp
    void run(const command::RefreshUsers&);
    void run(const command::SearchUsers&);
    // requests.cpp
    void run(const command::RequestChat&);
    void run(const command::AcceptRequest&);
    void run(const command::DeclineRequest&);
    // endings.cpp
    void run(const command::CancelRequest&);
    void run(const command::EndChat&);
    // texts.cpp
    void run(const command::SendText&);
    void run(const command::SetTyping&);
    void run(const command::DiscardUnsent&);
    // sessions.cpp
    void tick();
    [[nodiscard]] std::optional<Time> next_deadline() const;
    // contacts.cpp
    void run(const command::AcceptKeyChange&);
    void run(const command::LowerSuite&);
    void run(const command::Block&);
    void run(const command::Unblock&);
    void run(const command::ListBlocked&);
    void run(const command::ImportLink&);
    void run(const command::ShowContact&);
    void run(const command::ShowStatus&);
    // verification.cpp
    void run(const command::ShowSafetyNumber&);
    void run(const command::ConfirmSafetyNumber&);
    void run(const command::SetVerified&);

    Now now;  ///< set by Client before every call
    Output out;

  private:
    // registration.cpp
    void on(const wire::RelayHello& hello);
    void on(const wire::Registered& registered);
    void on(const wire::ErrorMessage& error);
    void set_link(Link state, SafeText detail = {}, std::optional<Time> retry_at = {});
    void open_link();
    void stay_away(const std::string& why, bool elsewhere = false);
    void send(std::string type, const std::string& text);
    [[nodiscard]] Time backoff(unsigned failures);

    // directory.cpp
    void on(const wire::UserList& list);
    void on(const wire::Pubkey& answer);
    void poll();
    struct Search {
        std::string prefix;
        std::size_t found = 0;  ///< names so far
        std::optional<Cause> cause;
    };
    void found(Search search, const wire::UserList& list);
    void gone_offline(const std::string& user);
    void came_back(const std::string& user, bool was_online);
    void lose_request(Conversation& chat, const std::optional<Time>& as_of);
    void ask_again(Conversation& chat);
    struct Lookup {
        std::string user;
        std::optional<Cause> cause;
    };
    void look_up_key(const std::string& user);
    void refused_lookup(const wire::ErrorMessage& error);
    [[nodiscard]] bool looking_up(const std::string& user) const;
    void stop_looking_up(const std::string& user);
    template <class Message>
    std::int64_t send_lookup(const char* type, Message message) {
        message.id = ++last_lookup_;
        send(type, wire::encode(message));
        return last_lookup_;
    }

    // requests.cpp
    void on(const wire::ChatRequest& message);
    void on(const wire::ChatResponse& message);
    [[nodiscard]] bool in_time(const SignedRequest& request) const;
    [[nodiscard]] bool timely(const SignedRequest& request);
    void arrived(Conversation& chat, HeardRequest heard);
    void heard_again(Conversation& chat, const SignedRequest& request);
    void heard_blocked(Conversation& chat, const SignedRequest& request);
    void glare(Conversation& chat, const SignedRequest& request);
    void raise_held(Conversation& chat);
    void ask(const std::string& user, const crypto::PublicKey& key);
    void send_request(Conversation& chat);
    void answer(Conversation& chat, const SignedRequest& request, bool accept);
    void repeat_answer(Conversation& chat, const SignedRequest& request, const GivenAnswer& given);
    void send_answer(Conversation& chat, const GivenAnswer& given);
    void hold(Conversation& chat, const SignedRequest& request, const crypto::Signature& sig_resp);
    void refused_request(Conversation& chat, const wire::ErrorMessage& error);

    // endings.cpp
    void on(const wire::ChatTerminate& message);
    void on_signed_terminate(Conversation& chat, const crypto::ChatId& id,
                             crypto::ByteView payload);
    void take_back(Conversation& chat);
    void send_terminate(Conversation& chat, const crypto::ChatId& id, crypto::Bytes payload);
    void end_by_us(Conversation& chat, crypto::Reason reason, SafeText why);
    void end_by_peer(Conversation& chat, SafeText why);
    void lose_consent(Conversation& chat, SafeText why);
    void end_pending(Conversation& chat, const std::string& why);
    void drop_pending(Conversation& chat, const std::string& why);
    void set_aside(Conversation& chat, const std::string& why);
    void answer_unknown_consent(Conversation& chat, const crypto::channel::UnknownConsent& unknown,
                                const crypto::ChatId& message_chat);

    // sessions.cpp
    void on(const wire::Relay& message);
    void on_handshake(const wire::Relay& message, const crypto::PublicKey& key);
    void carry_out(Conversation& chat, crypto::ChannelOutputs outputs,
                   const crypto::ChatId& message_chat);
    void initiate(Conversation& chat);
    void broken(Conversation& chat, SafeText why);
    void close_session(Conversation& chat, SafeText why);
    void send_relay(Conversation& chat, std::string_view kind, crypto::Bytes payload,
                    const crypto::Ticket& ticket);
    void refused_relay(Conversation& chat, const wire::ErrorMessage& error);
    void established(Conversation& chat, const crypto::channel::Established& up);
    void no_common_suite(Conversation& chat);
    [[nodiscard]] std::string suite_hint(const Conversation& chat) const;

    // texts.cpp
    void opened(Conversation& chat, const crypto::Content& content);
    [[nodiscard]] bool seal(Conversation& chat, const crypto::Content& content);
    void flush(Conversation& chat);
    void session_ended(Conversation& chat);
    void tell_delivery(const Conversation& chat, const std::vector<crypto::MessageId>& ids,
                       Delivery delivery);

    // contacts.cpp
    void note_key_change(Conversation& chat, const crypto::PublicKey& seen);
    void tell_key_change(const std::string& user);
    void pin_from_link(const wire::ContactLink& link, bool trusted);
    void show_user(const std::string& user);
    void apply_policy(const std::string& user);
    [[nodiscard]] event::UserEntry entry(const std::string& user) const;

    // verification.cpp
    [[nodiscard]] const ShownNumber* compared(const std::string& user);
    void set_verified(const std::string& user, bool verified);
    void refuse_unknown_key(const std::string& user);

    // small things that all parts use
    [[nodiscard]] Conversation& conversation(const std::string& user);
    [[nodiscard]] Conversation* find(const std::string& user);
    [[nodiscard]] crypto::SecureChannel* channel(const Conversation& chat);
    [[nodiscard]] crypto::SuitePolicy policy(const std::string& user) const;
    [[nodiscard]] crypto::Party me() const { return {options_.user, identity_.public_key()}; }
    [[nodiscard]] wire::Route route(Conversation& chat, const crypto::ChatId& id);
    void changed(Conversation& chat, ChatState state, SafeText why = {});
    void tell(Conversation& chat);
    void notice(event::Notice::Level level, const std::string& user, const std::string& text);
    void warn_of_others(Warnings::Kind kind, const std::string& user, const std::string& text);
    void refuse(RefusalCode code, const std::string& why);
    void drop() { ++dropped_; }  ///< section 0: no answer, no change of state, but a counter
    [[nodiscard]] bool ready(const std::string& user);
    [[nodiscard]] bool connected() const { return link_ == Link::connected; }

    Client::Options options_;
    const crypto::Identity& identity_;
    std::optional<Time> complained_at_;  ///< of the store; before it, which uses it
    BackedStore store_;
    crypto::Random& random_;
    ContactBook book_;
    crypto::SessionTable table_;
    std::map<std::string, Conversation> chats_;
    std::map<crypto::PublicKey, std::string> asking_keys_;  ///< of pending requests -> user
    SeenTexts seen_;
    std::uint64_t dropped_ = 0;  ///< messages, since the start

    Link link_ = Link::offline;
    std::optional<Cause> link_cause_;  ///< the command that this attempt or this end is for
    std::optional<base::Pin> pin_;     ///< of the relay, once seen
    base::Exporter exporter_{};
    bool wanted_ = false;  ///< the person wants to be connected
    bool greeted_ = false;
    bool finishing_ = false;
    std::string away_;           ///< why the client stays away; empty if it does not
    std::string untrusted_pin_;  ///< shown to the person, not answered yet
    unsigned link_failures_ = 0;
    std::optional<Time> connected_at_;
    std::optional<Time> register_by_;
    std::optional<Time> reconnect_at_;
    Warnings warnings_;

    std::optional<Time> poll_at_;
    Time poll_every_ = std::chrono::seconds(wire::kPollSeconds);
    std::optional<Time> polled_at_;        ///< when the last answer came
    std::optional<Time> poll_sent_;        ///< when it was asked for that is awaited, or came last
    std::optional<Time> listed_as_of_;     ///< the relay knew of all before it in the last answer
    std::optional<std::int64_t> polling_;  ///< the lookup id that is awaited
    std::optional<Cause> poll_cause_;      ///< who asked for it
    std::int64_t users_version_ = 0;
    bool listing_anew_ = false;  ///< the next page is the first of a new list
    bool catching_up_ = false;   ///< a new list is not complete yet
    std::map<std::string, bool> online_;
    std::int64_t last_lookup_ = 0;
    std::map<std::int64_t, Lookup> asking_;    ///< lookup id -> user to ask for a chat
    std::map<std::int64_t, Search> searches_;  ///< by lookup id
};

}  // namespace sotto::client
