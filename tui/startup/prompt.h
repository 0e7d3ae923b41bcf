#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace sotto::program {

/// The person ended the input instead of answering: this is no error, and nothing was done.
class Left : public std::runtime_error {
  public:
    Left() : std::runtime_error("left before all questions were answered") {}
};

class HiddenInput;

/// Questions to a person before a face exists. It reads only the line of the answer from the
/// input, so that the face finds the rest.
class Prompt {
  public:
    /// Asks on `output` and reads `input`; the caller still owns both.
    Prompt(int input, int output) : input_(input), output_(output) {}

    /// True if a person can see the questions and answer them.
    [[nodiscard]] bool somebody_there() const;
    void say(const std::string& text) const;
    /// The answer without surrounding blanks, cut at 4,096 bytes. Throws Left at the end of the
    /// input.
    [[nodiscard]] std::string ask(const std::string& question) const;
    /// The same for a secret, which is not trimmed and not shown. Typing ahead of the next question
    /// is not shown either, until `ask` or `show_typing`. If a signal comes meanwhile, the
    /// terminal is restored first.
    [[nodiscard]] std::string ask_hidden(const std::string& question) const;
    /// The terminal shows typing again.
    void show_typing() const;

  private:
    int input_;
    int output_;
    mutable std::shared_ptr<HiddenInput> hidden_;  ///< while typing is not shown
};

/// Where to reach the person: at standard input or, if that is a pipe, at the terminal that
/// started the program. There may be nobody.
[[nodiscard]] Prompt find_prompt();

}  // namespace sotto::program
