#pragma once

#include "tui/client/event.h"
#include "tui/common/face.h"

#include <optional>
#include <string>

namespace sotto::tui {

/// Whom a line of text goes to. A chat that is asked for gets the text once the client has
/// taken the request; if nothing comes of it at once, as with a mistyped name, text goes back
/// to the chat before.
class TextTarget {
  public:
    /// `pipe`: nobody reads that nothing came of a request. What follows then must not reach
    /// somebody else.
    explicit TextTarget(bool pipe) : pipe_(pipe) {}

    [[nodiscard]] const std::string& user() const noexcept { return user_; }
    /// A chat was asked for, and the client has not said anything to it yet.
    [[nodiscard]] bool is_asking() const noexcept { return asked_.has_value(); }

    void set(const std::string& user);
    /// By the command `id`, which is to be given now.
    void ask(const std::string& user, client::CommandId id, Face::Time now);
    /// Somebody writes there: it stays.
    void keep() noexcept { way_.reset(); }

    /// A chat changed, or a command was refused, in answer to a command or to none. Both return
    /// whom text goes to again; empty if that is nobody, or nothing changed.
    using Answered = std::optional<client::CommandId>;
    [[nodiscard]] std::string follow(const client::event::ChatChanged& chat, Answered command,
                                     Face::Time now);
    [[nodiscard]] std::string refused(Answered command, Face::Time now);

  private:
    [[nodiscard]] std::string go_back(Face::Time now);

    bool pipe_;
    std::string user_;
    std::optional<client::CommandId> asked_;  ///< for a chat, by this command
    /// The way back from a request that comes to nothing at once.
    struct Way {
        std::string from;
        std::string back;    ///< the chat before
        Face::Time until{};  ///< later somebody may be writing to `from`
    };
    std::optional<Way> way_;
};

}  // namespace sotto::tui
