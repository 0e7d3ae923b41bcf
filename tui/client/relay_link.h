#pragma once

#include "net/wire/envelope.h"
#include "tui/client/environment.h"

#include <optional>
#include <string>

namespace sotto::client {

/// The connection to the relay (sections 1 and 2): it opens, registers, comes back with
/// backoff, and stays away when the relay or the person says so. It knows no other part.
class RelayLink {
  public:
    explicit RelayLink(const Environment& env) : env_(env) {}

    void run(const command::Connect&);
    void run(const command::Disconnect&);
    void run(const command::TrustRelay&);
    void leave();  ///< for good: the program ends

    void up(const Client::LinkUp& link);
    /// Answers it with `register`. False if it was dropped, or the relay is not usable.
    bool on(const wire::RelayHello& hello);
    /// True: connected from now on.
    bool on(const wire::Registered& registered);
    /// True if it was about the link or the registration.
    bool on(const wire::ErrorMessage& error);
    void down(const LinkLoss& loss);

    void tick();
    [[nodiscard]] std::optional<Time> next_deadline() const;

    [[nodiscard]] bool connected() const { return state_ == Link::connected; }
    /// The key that the relay showed, once it has.
    [[nodiscard]] const std::optional<base::Pin>& pin() const { return pin_; }
    /// Why the client stays away; empty if it does not.
    [[nodiscard]] const std::string& why_away() const { return away_; }
    /// The command that the attempt under way, or the end to come, is for.
    [[nodiscard]] const std::optional<Cause>& cause() const { return cause_; }

  private:
    void set(Link state, SafeText detail = {}, std::optional<Time> retry_at = {});
    void open();
    void stay_away(const std::string& why, bool elsewhere = false);

    const Environment& env_;
    Link state_ = Link::offline;
    std::optional<Cause> cause_;
    std::optional<base::Pin> pin_;
    base::Exporter exporter_{};
    bool wanted_ = false;  ///< the person wants to be connected
    bool greeted_ = false;
    std::string away_;
    std::string untrusted_pin_;  ///< shown to the person, not answered yet
    unsigned failures_ = 0;
    std::optional<Time> connected_at_;
    std::optional<Time> register_by_;
    std::optional<Time> reconnect_at_;
};

}  // namespace sotto::client
