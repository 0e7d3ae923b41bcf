// The keys of what lies over the panes, and of what is asked for in place of the input line.
#include "tui/model/chat_rules.h"
#include "tui/model/key_table.h"
#include "tui/model/line_rules.h"
#include "tui/model/list_rules.h"
#include "tui/model/overlay_rules.h"

#include <array>

namespace sotto::tui {

namespace {

template <int rows>
void scroll_lines(Context& context, const Key& /*key*/) {
    scroll_overlay(context.state, rows);
}

template <int pages>
void scroll_pages(Context& context, const Key& /*key*/) {
    scroll_overlay(context.state, pages * overlay_extent(context.state).height);
}

void close(Context& context, const Key& /*key*/) {
    close_overlay(context.state);
}

/// Over a page, which would swallow it otherwise. What is being typed under the page, a text, a
/// filter or a search, is not made a part of it: the page stays, and says why.
void begin_command(Context& context, const Key& /*key*/) {
    State& state = context.state;
    if (state.prompt || state.input.searching() || !state.input.text().empty()) {
        state.hint = "something is being typed below: Esc closes the page";
        return;
    }
    close_overlay(state);
    state.focus = Focus::input;
    type(context, "/");
}

/// Only once all of the question was seen.
void yes(Context& context, const Key& /*key*/) {
    const auto& question = std::get<Question>(context.state.overlay);
    if (question.top < overlay_extent(context.state).last) {
        context.state.hint = "PgDn shows the rest first";
    } else {
        answer(context, true);
    }
}

void no(Context& context, const Key& /*key*/) {
    answer(context, false);
}

void end_prompt(Context& context, const std::string& word) {
    const bool filter = context.state.prompt->what == Prompt::For::filter;
    context.state.prompt.reset();
    if (filter) {
        focused_list(context.state).selection.set_filter(word);
        begin_selection(context.state);
    } else if (!word.empty()) {
        search_for(context, word);
    }
}

void take(Context& context, const Key& /*key*/) {
    end_prompt(context, std::string(context.state.prompt->line.text()));
}

void give_up(Context& context, const Key& /*key*/) {
    end_prompt(context, "");
}

constexpr std::array kPage{
    KeyRow{"k,Up,C-p", scroll_lines<-1>, "scroll up a line"},
    KeyRow{"j,Down,C-n,Enter", scroll_lines<1>, "scroll down a line"},
    KeyRow{"PgUp,C-b", scroll_pages<-1>, "scroll up a page"},
    KeyRow{"PgDn,C-f,Space", scroll_pages<1>, "scroll down a page"},
    KeyRow{"g,Home,M-Home", scroll_lines<-Page::kEnd>, "to the beginning"},
    KeyRow{"G,End,M-End", scroll_lines<Page::kEnd>, "to the end"},
    KeyRow{"Esc,q,C-c,F1,F4", close, "close the page"},
    KeyRow{"/", begin_command, "close the page and begin a command"},
};

constexpr std::array kQuestion{
    KeyRow{"y,Y", yes, "yes"},
    KeyRow{"n,N,Esc,C-c", no, "no"},
    KeyRow{"Up", scroll_lines<-1>, "scroll up a line"},
    KeyRow{"Down", scroll_lines<1>, "scroll down a line"},
    KeyRow{"PgUp", scroll_pages<-1>, "scroll up a page"},
    KeyRow{"PgDn", scroll_pages<1>, "scroll down a page"},
};

constexpr std::array kPrompt{
    KeyRow{"Enter,C-j", take, "keep the filter, or search"},
    KeyRow{"Esc,C-c,C-g", give_up, "remove the filter, or cancel the search"},
};

}  // namespace

gsl::span<const KeyRow> keys_of_page() {
    return kPage;
}
gsl::span<const KeyRow> keys_of_question() {
    return kQuestion;
}
gsl::span<const KeyRow> keys_of_prompt() {
    return kPrompt;
}

}  // namespace sotto::tui
