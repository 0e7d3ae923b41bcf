#pragma once

#include "tui/client/backed_store.h"
#include "tui/client/requests.h"
#include "tui/client/roster.h"

#include <optional>
#include <string>
#include <string_view>

namespace sotto::client {

/// Inside of Client: the parts, and who hears what. core.cpp is the whole way in: from a
/// command, a message, the link or the clock to the part that it is for, and from what one
/// part has found to those that it concerns. The way out is Output, which every part has.
///
/// A part may call those above it in this list, and knows those below only as a listener:
///
///     RelayLink  connect, register, backoff                    sections 1, 2
///     Peers      keys, trust, blocks, presence                 section 8
///     ChatTable  chats and their channels; how a chat stands
///     Texts      texts, outbox, acknowledgements               section 9
///     Consents   consents held, lost and ended                 section 4
///     Sessions   handshakes and records                        sections 5 to 7
///     Requests   asking and being asked                        section 4
///     Roster     polls, searches, key lookups                  section 3
class Core final : private Peers::Listener, private Roster::Listener {
  public:
    Core(Client::Options options, const crypto::Identity& identity, Store& store,
         crypto::Random& random);

    void execute(const Command& command);
    void link_up(const Client::LinkUp& link);
    void message(std::string_view text);
    void link_down(const LinkLoss& loss);
    void tick();
    [[nodiscard]] std::optional<Time> next_deadline() const;

    void set_time(Now now) { env_.now = now; }
    [[nodiscard]] Output& out() { return out_; }

  private:
    void quit();

    void on(const wire::RelayHello& hello);
    void on(const wire::Registered& registered);
    void on(const wire::ErrorMessage& error);

    void peer_changed(const std::string& user) override;
    void peer_pinned(const std::string& user) override;
    void key_change_told(const std::string& user) override;
    void key_change_settled(const std::string& user, const std::string& done) override;
    void peer_blocked(const std::string& user) override;
    void suite_lowered(const std::string& user) override;

    void peer_left(const std::string& user, const std::optional<Time>& as_of) override;
    void peer_returned(const std::string& user, const Requests::Return& back) override;
    void list_complete(const std::optional<Time>& as_of) override;
    void key_found(const std::string& user, const crypto::PublicKey& key) override;
    void key_not_found(const std::string& user, const std::string& why) override;

    Output out_;
    Environment env_;
    BackedStore store_;
    RelayLink link_;
    Peers peers_;
    ChatTable chats_;
    Texts texts_;
    Consents consents_;
    Sessions sessions_;
    Roster roster_;
    Requests requests_;
    bool finishing_ = false;
};

}  // namespace sotto::client
