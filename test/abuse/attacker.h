#pragma once

#include "test/abuse/attacks.h"

#include <sys/types.h>

#include <string>

namespace sotto::abuse {

/// An attack in a process of its own, with lower priority, because a real attacker works on
/// another machine. The destructor ends it and waits for it.
class Attacker {
  public:
    /// Runs this program again, which must call `carry_out` for `--attack`.
    Attacker(std::string_view attack, const Target& target);
    ~Attacker();
    Attacker(const Attacker&) = delete;
    Attacker& operator=(const Attacker&) = delete;

    [[nodiscard]] bool done();
    [[nodiscard]] const Outcome& outcome() const { return outcome_; }  ///< once it is done

    /// Inside that process: `words` are the program's arguments. Returns its exit status.
    static int carry_out(const std::vector<std::string>& words);

  private:
    pid_t pid_ = -1;
    int output_ = -1;
    Outcome outcome_{"", false};
};

}  // namespace sotto::abuse
