#pragma once

#include "tui/client/client.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sotto::client {

/// A command as what it left pending remembers it: a lookup, a search, a request.
struct Cause {
    CommandId id = CommandId::none;
    CommandKind kind = CommandKind::connect;
};

/// The only way out of the core: events for the face and effects for the transport. While a
/// command is being answered, each event names it; nobody else writes ids into events. What
/// waits for an answer from elsewhere keeps `cause()`, and answers for it when that comes.
class Output {
  public:
    /// Ends the answering when it goes, and brings back what was answered before.
    class Answering {
      public:
        Answering(Output& out, std::optional<Cause> cause)
            : out_(out), before_(std::exchange(out.cause_, cause)) {}
        ~Answering() { out_.cause_ = before_; }
        Answering(const Answering&) = delete;
        Answering& operator=(const Answering&) = delete;

      private:
        Output& out_;
        std::optional<Cause> before_;
    };
    [[nodiscard]] Answering answer(std::optional<Cause> cause) { return {*this, cause}; }
    /// The command that is being answered.
    [[nodiscard]] const std::optional<Cause>& cause() const noexcept { return cause_; }

    template <class One>
    void event(One one) {
        events_.emplace_back(std::move(one), cause_ && cause_->id != CommandId::none
                                                 ? std::optional(cause_->id)
                                                 : std::nullopt);
    }
    void effect(Effect effect) { effects_.push_back(std::move(effect)); }
    /// The command that is being answered can't be carried out.
    void refuse(RefusalCode code, const std::string& why) {
        event(event::Refused{cause_ ? std::optional(cause_->kind) : std::nullopt, code,
                             SafeText::from(why)});
    }
    void notice(event::Notice::Level level, std::optional<ChatKey> chat, const std::string& text) {
        event(event::Notice{level, std::move(chat), SafeText::from(text)});
    }

    [[nodiscard]] std::vector<Event> take_events() { return std::exchange(events_, {}); }
    [[nodiscard]] std::vector<Effect> take_effects() { return std::exchange(effects_, {}); }

  private:
    std::optional<Cause> cause_;
    std::vector<Event> events_;
    std::vector<Effect> effects_;
};

}  // namespace sotto::client
