#pragma once

#include <optional>
#include <set>
#include <string>

namespace sotto::relay {

/// What the log says of certificate and configuration being taken over, which is tried again
/// every few seconds when it fails: each reason once, and once how it ends. The first loop
/// takes over at once; that another one could not turns out later.
class RenewalNews {
  public:
    /// A try that is news itself: the operator asked, or a file has changed.
    void begin() { others_lag_ = false; }
    /// The first loop has taken over. None where that was said before, and this try was for
    /// the others.
    [[nodiscard]] std::optional<std::string> taken_over() const {
        return others_lag_ ? std::nullopt
                           : std::optional<std::string>("certificate and configuration reloaded");
    }
    /// The first loop, or `another` one, could not.
    [[nodiscard]] std::optional<std::string> failed(const std::string& why, bool another) {
        others_lag_ |= another;
        if (!told_.insert(why).second) {
            return std::nullopt;
        }
        return "not reloaded: " + why + "; it is tried again";
    }
    /// No loop has failed since the last try: whatever fails from here on is news.
    [[nodiscard]] std::optional<std::string> succeeded() {
        told_.clear();
        if (!others_lag_) {
            return std::nullopt;
        }
        others_lag_ = false;
        return "certificate and configuration reloaded by all loops";
    }

  private:
    std::set<std::string> told_;
    bool others_lag_ = false;
};

}  // namespace sotto::relay
