#include "tui/model/key_table.h"

#include <array>
#include <map>
#include <utility>

namespace sotto::tui {

namespace {

constexpr std::array kTable{
    KeyRow{Where::everywhere, "F1", Act::help, "help"},
    KeyRow{Where::everywhere, "F2", Act::focus_users, "go to Users"},
    KeyRow{Where::everywhere, "F3", Act::focus_requests, "go to Requests"},
    KeyRow{Where::everywhere, "F4", Act::focus_chat, "go to the chat, to scroll"},
    KeyRow{Where::everywhere, "F8,C-x o", Act::next_pane, "next pane"},
    KeyRow{Where::everywhere, "F7", Act::previous_pane, "previous pane"},
    KeyRow{Where::everywhere, "Esc", Act::focus_input, "back to the input line"},
    KeyRow{Where::everywhere, "M-1,M-2,M-3,M-4,M-5,M-6,M-7,M-8,M-9,M-0", Act::chat_by_number,
           "chat by number; M-0 is the first page"},
    KeyRow{Where::everywhere, "C-n", Act::next_chat, "next chat"},
    KeyRow{Where::everywhere, "C-p", Act::previous_chat, "previous chat"},
    KeyRow{Where::everywhere, "M-a", Act::next_activity,
           "next activity: key change, then request, then message"},
    KeyRow{Where::everywhere, "M-/", Act::last_chat, "the chat before this one"},
    KeyRow{Where::everywhere, "C-l", Act::redraw, "draw the screen anew"},
    KeyRow{Where::everywhere, "C-z", Act::suspend, "suspend"},
    KeyRow{Where::everywhere, "C-c", Act::clear_line, "clear the line; never quits"},

    KeyRow{Where::input, "Enter,C-j", Act::send, "send the line, or run the command"},
    KeyRow{Where::input, "Tab", Act::complete, "complete a command or a name"},
    KeyRow{Where::input, "S-Tab", Act::complete_back, "back to the completion before"},
    KeyRow{Where::input, "M-Enter", Edit::newline, "new line in the message"},
    KeyRow{Where::input, "Up", Edit::previous_history, "older line of the history"},
    KeyRow{Where::input, "Down", Edit::next_history, "newer line of the history"},
    KeyRow{Where::input, "C-r", Edit::reverse_search, "search the history"},
    KeyRow{Where::input, "C-a,Home", Edit::beginning_of_line, "to the beginning of the line"},
    KeyRow{Where::input, "C-e,End", Edit::end_of_line, "to the end of the line"},
    KeyRow{Where::input, "C-b,Left", Edit::backward_char, "back one character"},
    KeyRow{Where::input, "C-f,Right", Edit::forward_char, "forward one character"},
    KeyRow{Where::input, "M-b,C-Left,M-Left", Edit::backward_word, "back one word"},
    KeyRow{Where::input, "M-f,C-Right,M-Right", Edit::forward_word, "forward one word"},
    KeyRow{Where::input, "Backspace", Edit::backward_delete_char, "delete before the cursor"},
    KeyRow{Where::input, "C-d,Del", Edit::delete_char, "delete under the cursor"},
    KeyRow{Where::input, "C-w", Edit::unix_word_rubout, "cut the word before the cursor"},
    KeyRow{Where::input, "M-Backspace", Edit::backward_kill_word,
           "cut to the beginning of the word"},
    KeyRow{Where::input, "M-d", Edit::kill_word, "cut to the end of the word"},
    KeyRow{Where::input, "C-u", Edit::unix_line_discard, "cut to the beginning of the line"},
    KeyRow{Where::input, "C-k", Edit::kill_line, "cut to the end of the line"},
    KeyRow{Where::input, "C-y", Edit::yank, "put back what was cut"},
    KeyRow{Where::input, "C-t", Edit::transpose_chars, "swap two characters"},
    KeyRow{Where::input, "C-_", Edit::undo, "undo"},

    KeyRow{Where::chat, "PgUp", Act::page_up, "scroll up a page"},
    KeyRow{Where::chat, "PgDn", Act::page_down, "scroll down a page"},
    KeyRow{Where::chat, "M-PgUp", Act::line_up, "scroll up a line"},
    KeyRow{Where::chat, "M-PgDn", Act::line_down, "scroll down a line"},
    KeyRow{Where::chat, "M-Home", Act::top, "to the oldest"},
    KeyRow{Where::chat, "M-End", Act::bottom, "to the newest"},
    KeyRow{Where::chat, "M-u", Act::first_unread, "to the first unread message"},
    KeyRow{Where::chat, "C-s", Act::search, "search in the chat"},
    KeyRow{Where::chat, "M-v", Act::verify_chat, "compare the safety number"},

    KeyRow{Where::pane, "n", Act::next_hit, "next older hit"},
    KeyRow{Where::pane, "N", Act::previous_hit, "next newer hit"},
    KeyRow{Where::pane, "k,Up", Act::line_up, "scroll up a line"},
    KeyRow{Where::pane, "j,Down", Act::line_down, "scroll down a line"},
    KeyRow{Where::pane, "g,Home", Act::top, "to the oldest"},
    KeyRow{Where::pane, "G,End", Act::bottom, "to the newest"},
    KeyRow{Where::pane, "/", Act::search, "search in the chat"},
    KeyRow{Where::pane, "Enter,C-j,i", Act::focus_input, "back to the input line"},
    KeyRow{Where::pane, "?", Act::help, "show the keys"},

    KeyRow{Where::lists, "k,Up", Act::row_up, "up"},
    KeyRow{Where::lists, "j,Down", Act::row_down, "down"},
    KeyRow{Where::lists, "g,Home", Act::first_row, "first row"},
    KeyRow{Where::lists, "G,End", Act::last_row, "last row"},
    KeyRow{Where::lists, "PgUp", Act::rows_up, "up a page"},
    KeyRow{Where::lists, "PgDn", Act::rows_down, "down a page"},
    KeyRow{Where::lists, "/", Act::filter, "filter by a part of the name"},
    KeyRow{Where::lists, "?", Act::help, "show the keys"},

    KeyRow{Where::users, "Enter,C-j", Act::open, "chat, or ask for one"},
    KeyRow{Where::users, "v", Act::verify, "compare the safety number"},
    KeyRow{Where::users, "i", Act::info, "what is known of the user"},
    KeyRow{Where::users, "b", Act::block, "block (asks first)"},

    KeyRow{Where::requests, "Enter,C-j", Act::info, "details only"},
    KeyRow{Where::requests, "a", Act::accept, "accept"},
    KeyRow{Where::requests, "d", Act::decline, "decline"},
    KeyRow{Where::requests, "b", Act::decline_and_block, "decline and block (asks first)"},

    KeyRow{Where::page, "k,Up,C-p", Act::line_up, "scroll up a line"},
    KeyRow{Where::page, "j,Down,C-n,Enter", Act::line_down, "scroll down a line"},
    KeyRow{Where::page, "PgUp,C-b", Act::page_up, "scroll up a page"},
    KeyRow{Where::page, "PgDn,C-f,Space", Act::page_down, "scroll down a page"},
    KeyRow{Where::page, "g,Home,M-Home", Act::top, "to the beginning"},
    KeyRow{Where::page, "G,End,M-End", Act::bottom, "to the end"},
    KeyRow{Where::page, "Esc,q,C-c,F1,F4", Act::close, "close the page"},
    KeyRow{Where::page, "/", Act::begin_command, "close the page and begin a command"},

    KeyRow{Where::question, "y,Y", Act::yes, "yes"},
    KeyRow{Where::question, "n,N,Esc,C-c", Act::no, "no"},
    KeyRow{Where::question, "Up", Act::line_up, "scroll up a line"},
    KeyRow{Where::question, "Down", Act::line_down, "scroll down a line"},
    KeyRow{Where::question, "PgUp", Act::page_up, "scroll up a page"},
    KeyRow{Where::question, "PgDn", Act::page_down, "scroll down a page"},

    KeyRow{Where::prompt, "Enter,C-j", Act::take, "keep the filter, or search"},
    KeyRow{Where::prompt, "Esc,C-c,C-g", Act::give_up, "show all again, or search for nothing"},
};

using Index = std::map<std::pair<Where, std::string_view>, const KeyRow*>;

const Index& index() {
    static const Index made = [] {
        Index out;
        for (const KeyRow& row : kTable) {
            for (std::string_view rest = row.keys; !rest.empty();) {
                const std::string_view name = rest.substr(0, rest.find(','));
                out.emplace(std::pair(row.where, name), &row);
                rest.remove_prefix(std::min(name.size() + 1, rest.size()));
            }
        }
        return out;
    }();
    return made;
}

/// Where a key is looked for with this focus, the nearest first.
std::array<Where, 3> places(Focus focus) {
    switch (focus) {
        case Focus::users:
            return {Where::users, Where::lists, Where::everywhere};
        case Focus::requests:
            return {Where::requests, Where::lists, Where::everywhere};
        case Focus::chat:
            return {Where::pane, Where::chat, Where::everywhere};
        case Focus::input:
            break;
    }
    return {Where::input, Where::chat, Where::everywhere};
}

constexpr std::array kCodes{"",      "Enter", "C-j", "Tab",  "S-Tab", "Backspace",
                            "Esc",   "Del",   "Ins", "Up",   "Down",  "Left",
                            "Right", "Home",  "End", "PgUp", "PgDn",  "F"};

}  // namespace

gsl::span<const KeyRow> key_table() noexcept {
    return kTable;
}

const KeyRow* find_key(Where where, std::string_view name) {
    const auto at = index().find({where, name});
    return at == index().end() ? nullptr : at->second;
}

const KeyRow* find_key(Focus focus, std::string_view name) {
    for (const Where where : places(focus)) {
        if (const KeyRow* row = find_key(where, name)) {
            return row;
        }
    }
    return nullptr;
}

bool begins_chord(std::string_view name) {
    return name == "C-x";
}

std::string_view title_of(Where where) {
    constexpr std::array titles{
        "Everywhere", "The input line", "The chat", "The chat pane (F4)", "Lists",
        "Users (F2)", "Requests (F3)",  "Pages",    "Questions",          "Filter and search"};
    return titles.at(static_cast<std::size_t>(where));
}

std::string name_of(const Key& key) {
    std::string out;
    out += key.meta ? "M-" : "";
    out += key.control ? "C-" : "";
    if (key.code == Key::Code::text) {
        return out + (key.text == " " ? "Space" : key.text);
    }
    out += kCodes.at(static_cast<std::size_t>(key.code));
    return key.code == Key::Code::function ? out + std::to_string(key.number) : out;
}

}  // namespace sotto::tui
