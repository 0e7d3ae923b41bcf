#pragma once

#include "test/abuse/attacks.h"

#include <sys/types.h>

#include <string>

namespace sotto::abuse {

/// An attack in a process of its own, of less priority: in truth an attacker's work is done
/// on another machine. Ended and waited for with the object.
class Attacker {
  public:
    /// Runs this program again, which must answer `--attack` by `carry_out`.
    Attacker(std::string_view attack, const Target& target);
    ~Attacker();
    Attacker(const Attacker&) = delete;
    Attacker& operator=(const Attacker&) = delete;

    [[nodiscard]] bool done();
    [[nodiscard]] const Outcome& outcome() const { return outcome_; }  ///< once it is done

    /// In the process: `words` are the program's own. Its exit status.
    static int carry_out(const std::vector<std::string>& words);

  private:
    pid_t pid_ = -1;
    int output_ = -1;
    Outcome outcome_{"", false};
};

}  // namespace sotto::abuse
