// Keys, pastes and the window's focus.
#include "tui/model/model.h"
#include "tui/model/pages.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sotto::tui {

namespace command = client::command;

namespace {

constexpr std::uint64_t kHintLasts = 4'000;    // ms: what nobody asked for covers no chats
constexpr std::uint64_t kEscapeLasts = 1'000;  // ms: how long an Esc makes a key one with Meta

}  // namespace

void Model::on_input(const Input& input, std::uint64_t wall_ms) {
    wall_ms_ = wall_ms;
    const Focus before = state_.focus;
    if (!std::holds_alternative<WindowFocus>(input)) {
        state_.hint.clear();
        state_.hint_until_ms.reset();
    }
    std::visit([this](const auto& one) { on(one); }, input);
    if (state_.focus != before) {
        begin_selection();
    }
    state_.users_selection.remember(state_.user_rows());
    state_.requests_selection.remember(state_.request_rows());
}

void Model::on_resize(Size size) {
    state_.size = size;
    for (Chat& chat : state_.chats) {
        if (chat.scroll) {
            chat.scroll = state_.pane(chat).moved(chat.scroll, 0);
        }
    }
}

void Model::on(const WindowFocus& focus) {
    state_.window_focused = focus.on;
}

/// As readline has it, an Esc makes the next key one with Meta: an Esc that had nothing else to
/// do, and not for a slash, which begins a command.
Key Model::after_escape(Key key) {
    const auto since = std::exchange(escape_ms_, std::nullopt);
    const bool idle = state_.focus == Focus::input && chord_.empty() && !state_.prompt &&
                      !state_.input.searching() &&
                      std::holds_alternative<std::monostate>(state_.overlay);
    if (!idle) {
        return key;
    }
    if (key.code == Key::Code::escape) {
        escape_ms_ = wall_ms_;
    } else if (since && wall_ms_ >= *since && wall_ms_ - *since <= kEscapeLasts &&
               key.text != "/") {
        Key meta = key;
        meta.meta = true;
        return find_key(state_.focus, name_of(meta)) != nullptr ? meta : key;
    }
    return key;
}

void Model::on(const Key& pressed) {
    const Key key = after_escape(pressed);
    std::string name = std::exchange(chord_, "");
    const bool chord = !name.empty();
    name += (name.empty() ? "" : " ") + name_of(key);
    if (begins_chord(name)) {
        chord_ = name;
        return;
    }
    const KeyRow* row = find_key(state_.focus, name);
    const bool over = !std::holds_alternative<std::monostate>(state_.overlay);
    const Act* act = row != nullptr ? std::get_if<Act>(&row->action) : nullptr;
    if (act != nullptr && (*act == Act::redraw || *act == Act::suspend)) {
        run(*act, key);
    } else if (over) {
        std::visit(
            [&](auto& overlay) {
                if constexpr (!std::is_same_v<std::decay_t<decltype(overlay)>, std::monostate>) {
                    in_overlay(overlay, key, name);
                }
            },
            state_.overlay);
    } else if (state_.prompt) {
        in_prompt(key, name);
    } else if (state_.input.searching() && (name == "C-g" || name == "C-c")) {
        state_.input.end_search(false);
    } else if (row != nullptr && act == nullptr) {
        run(std::get<Edit>(row->action));
    } else if (row != nullptr) {
        if (state_.input.searching()) {
            state_.input.end_search(true);
        }
        run(*act, key);
    } else if (key.is_text() && !chord && state_.focus == Focus::input) {
        type(key.text);
    }
}

void Model::run(Act act, const Key& key) {
    const int page = std::max(state_.pane(state_.chat()).rows - 1, 1);
    switch (act) {
        case Act::help:
            show_help(key);
            break;
        case Act::focus_users:
            state_.focus = Focus::users;
            break;
        case Act::focus_requests:
            state_.focus = Focus::requests;
            break;
        case Act::focus_chat:
            state_.focus = Focus::chat;
            break;
        case Act::focus_input:
            state_.focus = Focus::input;
            break;
        case Act::next_pane:
            focus_pane(1);
            break;
        case Act::previous_pane:
            focus_pane(-1);
            break;
        case Act::next_chat:
            step_chat(1);
            break;
        case Act::previous_chat:
            step_chat(-1);
            break;
        case Act::chat_by_number:
            go_to(static_cast<std::size_t>(key.text.front() - '0'));
            break;
        case Act::next_activity:
            next_activity();
            break;
        case Act::last_chat:
            go_to(state_.last);
            break;
        case Act::redraw:
            effects_.push_back(Effect::redraw);
            break;
        case Act::suspend:
            effects_.push_back(Effect::suspend);
            break;
        case Act::clear_line:
            if (state_.input.text().empty() && state_.focus == Focus::input) {
                state_.hint = "/quit leaves";
                state_.hint_until_ms = wall_ms_ + kHintLasts;
            }
            state_.input.clear();
            state_.focus = Focus::input;
            break;
        case Act::send:
            seen();
            send_line();
            break;
        case Act::complete:
            complete_word(1);
            break;
        case Act::complete_back:
            complete_word(-1);
            break;
        case Act::page_up:
            scroll(-page);
            break;
        case Act::page_down:
            scroll(page);
            break;
        case Act::line_up:
            scroll(-1);
            break;
        case Act::line_down:
            scroll(1);
            break;
        case Act::top:
            scroll(-static_cast<int>(ChatLog::kMaxEntries) * 100);
            break;
        case Act::bottom:
            state_.chat().scroll.reset();
            seen();
            break;
        case Act::first_unread:
            if (const auto first = state_.chat().log.first_unread()) {
                state_.chat().scroll = state_.pane(state_.chat()).around(*first);
            }
            break;
        case Act::search:
            state_.prompt.emplace();
            state_.prompt->what = Prompt::For::search;
            break;
        case Act::next_hit:
            search_again(true);
            break;
        case Act::previous_hit:
            search_again(false);
            break;
        case Act::verify_chat:
            if (!state_.chat().user.empty()) {
                commands_.emplace_back(command::ShowSafetyNumber{state_.chat().user});
            }
            break;
        default:
            list_act(act);
    }
}

/// `?` asks for the keys of the pane that it is pressed in.
void Model::show_help(const Key& key) {
    Page page = help_page("");
    if (key.is_text()) {
        const std::string_view title =
            title_of(state_.focus == Focus::chat ? Where::pane : Where::lists);
        const auto at = std::find_if(page.lines.begin(), page.lines.end(),
                                     [&](const PageLine& line) { return line.text == title; });
        const std::vector<PageLine> before(page.lines.begin(), at);
        page.top = static_cast<int>(
            page_rows(before, std::max(state_.size.columns - 2, 1), state_.emoji).size());
    }
    state_.overlay = std::move(page);
}

void Model::focus_pane(int step) {
    constexpr std::array order{Focus::users, Focus::requests, Focus::chat, Focus::input};
    const auto at = std::find(order.begin(), order.end(), state_.focus) - order.begin();
    const auto size = static_cast<std::ptrdiff_t>(order.size());
    state_.focus = order.at(static_cast<std::size_t>((at + step + size) % size));
}

/// Whoever goes to a list goes to its first row, or where they were. What arrives later is
/// not selected by itself.
void Model::begin_selection() {
    const bool users = state_.focus == Focus::users;
    if (!users && state_.focus != Focus::requests) {
        return;
    }
    Selection& selection = users ? state_.users_selection : state_.requests_selection;
    const std::vector<std::string> rows = users ? state_.user_rows() : state_.request_rows();
    if (selection.in(rows).empty()) {
        selection.move(rows, 1);
    }
}

/// Keys of the Users and Requests panes, on the selected identity.
void Model::list_act(Act act) {
    const bool users = state_.focus == Focus::users;
    Selection& selection = users ? state_.users_selection : state_.requests_selection;
    const std::vector<std::string> rows = users ? state_.user_rows() : state_.request_rows();
    const Layout layout = state_.layout();
    const int page = std::max((users ? layout.users : layout.requests).rows - 2, 1);
    const int all = static_cast<int>(rows.size());
    const std::string name = selection.in(rows);
    switch (act) {
        case Act::row_up:
            selection.move(rows, -1);
            return;
        case Act::row_down:
            selection.move(rows, 1);
            return;
        case Act::first_row:
            selection.move(rows, -all);
            return;
        case Act::last_row:
            selection.move(rows, all);
            return;
        case Act::rows_up:
            selection.move(rows, -page);
            return;
        case Act::rows_down:
            selection.move(rows, page);
            return;
        case Act::filter:
            state_.prompt.emplace();
            state_.prompt->what = Prompt::For::filter;
            state_.prompt->line.set_text(selection.filter());
            return;
        default:
            break;
    }
    if (name.empty()) {
        return;
    }
    switch (act) {
        case Act::open:
            select(name);
            break;
        case Act::verify:
            commands_.emplace_back(command::ShowSafetyNumber{name});
            break;
        case Act::info:
            if (users) {
                commands_.emplace_back(command::ShowContact{name});
            } else if (const auto* request = state_.request_of(name)) {
                state_.overlay = request_page(*request, state_.local);
            }
            break;
        case Act::block:
            state_.overlay = block_question(name, false);
            break;
        case Act::accept:
            answered_ = name;
            command(command::AcceptRequest{name});
            break;
        case Act::decline:
            answered_ = name;
            commands_.emplace_back(command::DeclineRequest{name, false});
            break;
        case Act::decline_and_block:
            state_.overlay = block_question(name, true);
            break;
        default:
            break;
    }
}

void Model::scroll(int rows) {
    Chat& chat = state_.chat();
    chat.scroll = state_.pane(chat).moved(chat.scroll, rows);
    if (!chat.scroll && rows > 0) {
        seen();
    }
}

void Model::search_for(const std::string& word) {
    state_.search_word = word;
    state_.chat().hit.reset();
    search_again(true);
}

void Model::search_again(bool older) {
    Chat& chat = state_.chat();
    if (state_.search_word.empty()) {
        return;
    }
    const ChatLog::Number from = chat.hit.value_or(chat.log.end());
    const auto hit = older ? chat.log.find_before(state_.search_word, from)
                           : chat.log.find_after(state_.search_word, from);
    if (!hit) {
        effects_.push_back(Effect::bell);
        if (!chat.hit) {
            say_here(LogEntry::Kind::error, "not found: " + state_.search_word);
        }
        return;
    }
    chat.hit = hit;
    chat.scroll = state_.pane(chat).around(*hit);
    state_.focus = Focus::chat;
}

}  // namespace sotto::tui
