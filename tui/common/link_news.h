#pragma once

#include "tui/client/event.h"

#include <set>
#include <string>
#include <utility>

namespace sotto::tui {

/// Tells what is new about the link from what every further try repeats.
class LinkNews {
  public:
    /// False if `line`, which says the change, says nothing that was not said since the link
    /// last stood, was refused or was given up.
    [[nodiscard]] bool is_new(const client::event::LinkChanged& change, const std::string& line) {
        using client::Link;
        if (change.state == Link::connected || change.state == Link::refused ||
            change.state == Link::offline) {
            const std::set<std::string> only{line};
            return std::exchange(said_, only) != only;
        }
        return said_.insert(line).second;
    }

  private:
    std::set<std::string> said_;
};

}  // namespace sotto::tui
