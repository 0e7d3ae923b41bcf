#pragma once

#include "tui/client/client.h"
#include "tui/client/warnings.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
    /// `show_wire`: messages pass as event::WireSeen too.
    explicit Output(bool show_wire) : show_wire_(show_wire) {}

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
    /// In the chat with `user`; of no chat if that is empty.
    void notice(event::Notice::Level level, const std::string& user, const std::string& text) {
        event(event::Notice{level, user.empty() ? std::nullopt : std::optional(ChatKey::with(user)),
                            SafeText::from(text)});
    }
    /// What others can bring about, as often as Warnings lets it be said.
    void warn(crypto::Time now, Warnings::Kind kind, const std::string& user,
              const std::string& text) {
        if (warnings_.may_say(kind, user, now)) {
            notice(event::Notice::Level::warning, user, text);
        }
    }
    /// The store fails: once a minute.
    void complain(crypto::Time now, const std::string& why) {
        if (!complained_at_ || now - *complained_at_ >= std::chrono::minutes(1)) {
            complained_at_ = now;
            notice(event::Notice::Level::error, "", why);
        }
    }

    /// A message to the relay.
    void send(std::string type, const std::string& text) {
        if (show_wire_) {
            event(event::WireSeen{true, std::move(type), SafeText::from(text)});
        }
        effect(effect::Send{text});
    }
    void received(std::string type, std::string_view text) {
        if (show_wire_) {
            event(event::WireSeen{false, std::move(type), SafeText::from(text)});
        }
    }
    /// Section 0: no answer, no change of state, but a counter.
    void drop() { ++dropped_; }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

    [[nodiscard]] std::vector<Event> take_events() { return std::exchange(events_, {}); }
    [[nodiscard]] std::vector<Effect> take_effects() { return std::exchange(effects_, {}); }

  private:
    bool show_wire_;
    std::optional<Cause> cause_;
    Warnings warnings_;
    std::optional<crypto::Time> complained_at_;
    std::uint64_t dropped_ = 0;  ///< since the start
    std::vector<Event> events_;
    std::vector<Effect> effects_;
};

}  // namespace sotto::client
