#pragma once

#include "test/sim/scheduler.h"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::sim {

/// An invariant does not hold: what a person would say is wrong.
class Broken : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// What happened, line by line: who did what, what the network did, what was shown.
class Story {
  public:
    /// Without `keep` only the hash is.
    explicit Story(bool keep = false) : keep_(keep) {}

    void tell(Time at, std::string_view line);
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
    /// Of all lines and their times: two runs with the same hash did the same.
    [[nodiscard]] std::uint64_t hash() const { return hash_; }

  private:
    void mix(std::string_view octets);

    bool keep_;
    std::vector<std::string> lines_;
    std::uint64_t hash_ = 0xcbf29ce484222325U;
};

}  // namespace sotto::sim
