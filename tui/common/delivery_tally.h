#pragma once

#include "tui/client/event.h"

#include <map>
#include <string>

namespace sotto::tui {

/// What has become of one's own texts: tells a face when it may leave, what it would leave
/// behind, and with which exit status.
class DeliveryTally {
  public:
    void observe(const client::Event& event);
    /// A line of input was not understood: it may have been a text.
    void lose() noexcept { lost_ = true; }

    /// Nothing is on its way, or what is left can't arrive unless somebody acts.
    [[nodiscard]] bool settled() const;
    /// Every text was delivered, none was refused or given up.
    [[nodiscard]] bool all_delivered() const noexcept { return waiting_.empty() && !lost_; }
    /// How many texts nobody has confirmed yet, by the name of whom they are for.
    [[nodiscard]] std::map<std::string, int> undelivered() const;
    /// 0 if all was delivered and the relay did not turn us away.
    [[nodiscard]] int exit_status() const noexcept;

  private:
    std::map<client::MessageKey, std::string> waiting_;  ///< to whom
    std::map<std::string, client::ChatState> chats_;
    client::Link link_ = client::Link::offline;
    bool lost_ = false;
};

}  // namespace sotto::tui
