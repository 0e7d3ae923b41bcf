#pragma once

#include "tui/common/link_news.h"
#include "tui/model/key_reader.h"
#include "tui/model/orders.h"
#include "tui/model/state.h"
#include "tui/model/word_completion.h"

#include <cstdint>
#include <vector>

namespace sotto::tui {

/// What the terminal itself is to do.
enum class Effect { bell, redraw, suspend };

/// What the rules of the full screen work on: what is shown, what goes out, and the parts that
/// remember what nobody sees. Rules are functions that take it: chat_rules.h, line_rules.h,
/// overlay_rules.h, command_rules.h, event_rules.h, and those in the rows of the key tables.
struct Context {
    State state;
    Orders orders;
    std::vector<Effect> effects;
    std::uint64_t wall_ms = 0;  ///< of what happens now

    LinkNews news;
    KeyReader keys;
    WordCompletion completion;
};

}  // namespace sotto::tui
