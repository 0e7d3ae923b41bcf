#pragma once

#include "tui/client/command.h"
#include "tui/common/command_ids.h"

#include <optional>
#include <string>
#include <vector>

namespace sotto::tui {

/// What the screen makes of the events that answer a command, besides what they say.
struct Errand {
    bool shows_chat = false;    ///< the chat is shown once the client has told of it
    bool moves_on = false;      ///< given in the list of requests: there the next one is selected
    bool as_qr = false;         ///< the contact is shown as a QR code
    bool answers_here = false;  ///< what comes of it is said where it was typed
    bool confirms = false;      ///< the client itself says that the safety number is right
    bool distrusts = false;     ///< the person has said no to the relay's key
    /// A line as it was typed, and in whose chat; that is not whom its text is for with /msg.
    struct Text {
        std::string typed_in;
        std::string line;
    };
    std::optional<Text> text;
};

/// The commands on their way to the client, each with its id, and what they are for.
class Orders {
  public:
    void give(client::Command command, Errand errand = {});
    [[nodiscard]] std::vector<client::Command> take();
    /// What the command that an event answers is for; it may be changed. Nothing is, for an
    /// event that answers none.
    [[nodiscard]] Errand& errand(std::optional<client::CommandId> command);

  private:
    CommandIds<Errand> errands_{1'000};
    std::vector<client::Command> given_;
    Errand none_;
};

}  // namespace sotto::tui
