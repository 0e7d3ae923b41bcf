#pragma once

#include "net/wire/envelope.h"
#include "tui/client/peers.h"
#include "tui/client/requests.h"

#include <map>
#include <optional>
#include <string>

namespace sotto::client {

/// Who is there, and the relay's claims about their keys (section 3): polls of the list,
/// searches, lookups. Writes presence into Peers; of chats it knows only its listener.
class Roster final : public KeyLookups {
  public:
    /// What was learned, for the chats.
    class Listener {
      public:
        Listener() = default;
        Listener(const Listener&) = delete;
        Listener& operator=(const Listener&) = delete;
        virtual ~Listener() = default;
        /// The relay knew it when it was asked at `as_of`.
        virtual void peer_left(const std::string& user, const std::optional<Time>& as_of) = 0;
        virtual void peer_returned(const std::string& user, const Requests::Return& back) = 0;
        /// A new list is complete: who is not in it is not there.
        virtual void list_complete(const std::optional<Time>& as_of) = 0;
        virtual void key_found(const std::string& user, const crypto::PublicKey& key) = 0;
        virtual void key_not_found(const std::string& user, const std::string& why) = 0;
    };

    Roster(const Environment& env, const RelayLink& link, Peers& peers, Listener& listener)
        : env_(env), link_(link), peers_(peers), listener_(listener) {}

    void run(const command::RefreshUsers&);
    void run(const command::SearchUsers&);

    void set_interval(std::int64_t poll_seconds);  ///< as the relay's hello says
    void connected();                              ///< asks for a new list
    void link_lost();                              ///< but for lookups
    void forget_lookups() { asking_.clear(); }
    void on(const wire::UserList& list);
    void on(const wire::Pubkey& answer);
    /// The relay refused a list, a search or a lookup.
    void refused(const wire::ErrorMessage& error);

    void look_up_key(const std::string& user) override;
    [[nodiscard]] bool looking_up(const std::string& user) const override;
    void stop_looking_up(const std::string& user) override;

    void tick();
    [[nodiscard]] std::optional<Time> next_deadline() const;

  private:
    struct Search {
        std::string prefix;
        std::size_t found = 0;  ///< names so far
        std::optional<Cause> cause;
    };
    struct Lookup {
        std::string user;
        std::optional<Cause> cause;
    };
    void poll();
    void found(Search search, const wire::UserList& list);
    template <class Message>
    std::int64_t send_lookup(const char* type, Message message) {
        message.id = ++last_lookup_;
        env_.out.send(type, wire::encode(message));
        return last_lookup_;
    }

    const Environment& env_;
    const RelayLink& link_;
    Peers& peers_;
    Listener& listener_;
    std::optional<Time> poll_at_;
    std::chrono::milliseconds poll_every_ = std::chrono::seconds(wire::kPollSeconds);
    std::optional<Time> polled_at_;     ///< when the last answer came
    std::optional<Time> poll_sent_;     ///< when the list that is awaited, or came last, was asked
    std::optional<Time> listed_as_of_;  ///< the relay knew of all before it in the last answer
    std::optional<std::int64_t> polling_;  ///< the lookup id that is awaited
    std::optional<Cause> poll_cause_;
    std::int64_t users_version_ = 0;
    bool listing_anew_ = false;  ///< the next page is the first of a new list
    bool catching_up_ = false;   ///< a new list is not complete yet
    std::int64_t last_lookup_ = 0;
    std::map<std::int64_t, Lookup> asking_;    ///< by lookup id
    std::map<std::int64_t, Search> searches_;  ///< by lookup id
};

}  // namespace sotto::client
