#pragma once

#include "test/sim/sometimes.h"
#include "test/sim/story.h"
#include "tui/client/command.h"
#include "tui/client/event.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sotto::sim {

/// Knows all that was said, done and shown, and throws Broken when what is shown can't be true:
/// a text lost, doubled, reordered, invented or shown to the wrong person; a `delivered` that
/// lies; a chat that nobody agreed to; a key change that was none.
class Witness {
  public:
    explicit Witness(Sometimes& sometimes) : sometimes_(sometimes) {}

    void adds(const std::string& user);
    /// A new process of `user`: it remembers contacts, and nothing else.
    void starts(const std::string& user, bool contacts_are_whole);
    void ends(const std::string& user);

    /// Before a person's command is carried out, and after it.
    void before(const std::string& user, const client::Command& command);
    void after(const std::string& user, const client::Command& command);
    void shows(const std::string& user, const client::Event& event);

    /// What `user` sees of the chat with `peer`.
    struct View {
        client::ChatState state = client::ChatState::none;
        client::Trust trust = client::Trust::unknown;
        std::uint32_t epoch = 0;
        bool asked = false;           ///< the peer's request waits for an answer
        std::string digits;           ///< of the safety number, as shown last
        std::array<int, 4> groups{};  ///< that the person is to type
        std::size_t waiting = 0;      ///< own texts that are not delivered
    };
    [[nodiscard]] const View& view(const std::string& user, const std::string& peer) const;
    [[nodiscard]] client::Link link(const std::string& user) const;
    [[nodiscard]] bool has_finished(const std::string& user) const;
    [[nodiscard]] bool has_blocked(const std::string& user, const std::string& peer) const;

    /// Once faults have stopped for long, everybody runs, and has spoken up since.
    void check_settled() const;

  private:
    /// A text on its way from one person to another.
    struct Said {
        client::MessageKey id;
        std::string text;
        unsigned by = 0;  ///< incarnation of the sender
        client::Delivery delivery = client::Delivery::waiting;
        bool shown = false;
        bool sent_after_shown = false;
        bool waited = false;  ///< for a later session
    };
    /// What one person knows of, wants from and says to another.
    struct Side {
        View view;
        bool willing = false;  ///< wants to talk, as far as the person's commands say
        bool agreed = false;   ///< there was a chat before the request that waits
        bool blocks = false;
        bool has_asked = false;  ///< ever
        bool forgot = false;     ///< the peer's key, which could not be written
        bool verified = false;   ///< by the person
        std::vector<Said> said;
        std::map<client::MessageKey, std::size_t> by_id;
        std::map<unsigned, std::size_t> heard;  ///< by incarnation of the hearer: texts up to here
    };
    struct Someone {
        unsigned incarnation = 0;
        bool running = false;
        bool finished = false;
        client::Link link = client::Link::offline;
        std::uint64_t refusals = 0;
        std::map<std::string, Side> sides;
    };

    [[nodiscard]] Side& side(const std::string& user, const std::string& peer);
    [[nodiscard]] const Side& side(const std::string& user, const std::string& peer) const;
    void on(const std::string& user, const client::event::MessageAdded& event);
    void heard(const std::string& user, const client::event::MessageAdded& event);
    void on(const std::string& user, const client::event::DeliveryChanged& event);
    void on(const std::string& user, const client::event::ChatChanged& event);
    void on(const std::string& user, const client::event::RequestArrived& event);
    void on(const std::string& user, const client::event::SafetyNumber& event);
    void on(const std::string& user, const client::event::UsersChanged& event);
    void on(const std::string& user, const client::event::SearchResult& event);
    void know(const std::string& user, const std::vector<client::event::UserEntry>& entries);
    void check_pair(const std::string& one, const std::string& other) const;

    Sometimes& sometimes_;
    std::map<std::string, Someone> people_;
    std::optional<client::command::SendText> saying_;  ///< and not yet in the conversation
    std::uint64_t refusals_before_ = 0;
};

}  // namespace sotto::sim
