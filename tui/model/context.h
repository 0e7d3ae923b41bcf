#pragma once

#include "tui/client/command.h"
#include "tui/common/link_news.h"
#include "tui/model/key_reader.h"
#include "tui/model/state.h"
#include "tui/model/word_completion.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto::tui {

/// What the terminal itself is to do.
enum class Effect { bell, redraw, suspend };

/// What the rules of the full screen work on: what is shown, what goes out, and the parts that
/// remember what nobody sees. Rules are functions that take it: chat_rules.h, line_rules.h,
/// overlay_rules.h, command_rules.h, event_rules.h, and those in the rows of the key tables.
struct Context {
    State state;
    std::vector<client::Command> commands;
    std::vector<Effect> effects;
    std::uint64_t wall_ms = 0;  ///< of what happens now

    LinkNews news;
    KeyReader keys;
    WordCompletion completion;

    /// A line as it was typed, and in whose chat; that is not whom its text is for with /msg.
    struct Text {
        std::string typed_in;
        std::string user;
        std::string line;
    };
    std::optional<Text> handed_over;  ///< to the client, which may refuse it
    std::string answered;             ///< whose request the person has just answered in the list
    std::string confirming;           ///< whose safety number the client compares
    bool distrusted = false;          ///< the person has just said no to the relay's key
    std::string wanted_chat;          ///< asked for by name: shown once it exists
    std::string unblocked;   ///< by a command: what comes of it is said where that was typed
    bool wanted_qr = false;  ///< the next contact is shown as a QR code
};

}  // namespace sotto::tui
