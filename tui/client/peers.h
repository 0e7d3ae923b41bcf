#pragma once

#include "net/wire/contact_link.h"
#include "tui/client/contact_book.h"
#include "tui/client/environment.h"
#include "tui/client/relay_link.h"
#include "tui/client/shown_number.h"

#include <map>
#include <optional>
#include <string>

namespace sotto::client {

/// What belongs to a peer rather than to a chat (section 8): the pinned key and its changes,
/// trust, blocks, presence, safety numbers. It asks the link for the relay's pin; of chats it
/// knows only its listener.
class Peers {
  public:
    /// What a change here means to the chats.
    class Listener {
      public:
        Listener() = default;
        Listener(const Listener&) = delete;
        Listener& operator=(const Listener&) = delete;
        virtual ~Listener() = default;
        virtual void peer_changed(const std::string& user) = 0;     ///< its row did
        virtual void peer_pinned(const std::string& user) = 0;      ///< by a link
        virtual void key_change_told(const std::string& user) = 0;  ///< nothing goes on before
        /// The person has settled the key change. The row of the peer is for the listener
        /// to show.
        virtual void key_change_settled(const std::string& user, const std::string& done) = 0;
        virtual void peer_blocked(const std::string& user) = 0;
        virtual void suite_lowered(const std::string& user) = 0;
    };

    Peers(const Environment& env, const RelayLink& link, Store& store, Listener& listener)
        : env_(env), link_(link), listener_(listener), book_(store) {}

    // peers.cpp
    void run(const command::AcceptKeyChange&);
    void run(const command::LowerSuite&);
    void run(const command::Block&);
    void run(const command::Unblock&);
    void run(const command::ListBlocked&);
    void run(const command::ImportLink&);
    void run(const command::ShowContact&);
    // verification.cpp
    void run(const command::ShowSafetyNumber&);
    void run(const command::ConfirmSafetyNumber&);
    void run(const command::SetVerified&);

    [[nodiscard]] const ContactBook& book() const { return book_; }
    void pin(const std::string& user, const crypto::PublicKey& key);
    void note_key_change(const std::string& user, const crypto::PublicKey& seen);
    /// Says the key change of `user`, if one is not settled.
    void tell_key_change(const std::string& user);
    void tell_key_changes();  ///< all of them

    [[nodiscard]] crypto::SuitePolicy policy(const std::string& user) const;
    /// `suite` was used with `user`: no less from now on.
    void raise_floor(const std::string& user, crypto::Suite suite);

    [[nodiscard]] event::UserEntry row(const std::string& user) const;
    void show(const std::string& user);

    // Presence, as the roster hears of it.
    void forget_presence() { online_.clear(); }
    void set_presence(const std::string& user, bool online) { online_[user] = online; }
    [[nodiscard]] bool is_listed(const std::string& user) const { return online_.count(user) != 0; }
    [[nodiscard]] bool is_online(const std::string& user) const;
    [[nodiscard]] std::size_t listed() const { return online_.size(); }

  private:
    void refuse(RefusalCode code, const std::string& why) { env_.out.refuse(code, why); }
    void refuse_unknown_key(const std::string& user);
    void pin_from_link(const wire::ContactLink& link, bool trusted);
    [[nodiscard]] const ShownNumber* compared(const std::string& user);
    void set_verified(const std::string& user, bool verified);

    const Environment& env_;
    const RelayLink& link_;
    Listener& listener_;
    ContactBook book_;
    std::map<std::string, bool> online_;
    std::map<std::string, ShownNumber> shown_;  ///< of whom a safety number was shown
};

}  // namespace sotto::client
