#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace sotto::program {

/// The person ended the input where an answer was needed: nothing is wrong, and nothing
/// was done.
class Left : public std::runtime_error {
  public:
    Left() : std::runtime_error("left before all questions were answered") {}
};

class HiddenInput;

/// Questions to a person, before any face is there. It takes nothing from the input but
/// the line of the answer, so that the face finds the rest.
class Prompt {
  public:
    /// Asks on `output` and reads `input`; both stay the caller's.
    Prompt(int input, int output) : input_(input), output_(output) {}

    /// True if a person can see the questions and answer them.
    [[nodiscard]] bool somebody_there() const;
    void say(const std::string& text) const;
    /// The answer without blanks around it; at most 4,096 bytes count. Throws Left at the
    /// end of the input.
    [[nodiscard]] std::string ask(const std::string& question) const;
    /// The same for a secret: it is taken as it is, and not shown. Nor is what is typed from
    /// then on, ahead of a next question, until `ask` or `show_typing`. A signal that comes
    /// meanwhile finds the terminal as it was.
    [[nodiscard]] std::string ask_hidden(const std::string& question) const;
    /// The terminal shows again what is typed.
    void show_typing() const;

  private:
    int input_;
    int output_;
    mutable std::shared_ptr<HiddenInput> hidden_;  ///< while typing is not shown
};

/// Where the person is: at the standard input, or, if that is a pipe, at the terminal that
/// we were started from. Nobody may be there.
[[nodiscard]] Prompt find_prompt();

}  // namespace sotto::program
