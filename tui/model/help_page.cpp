// Help: what the tables of commands and keys say.
#include "crypto/base/ascii.h"
#include "tui/common/command_table.h"
#include "tui/model/key_table.h"
#include "tui/model/pages.h"

#include <algorithm>

namespace sotto::tui {

namespace {

constexpr std::size_t kIndent = 30;
constexpr std::size_t kManyKeys = 5;  ///< more are a row of them: the first to the last

std::string keys_of(const KeyRow& row) {
    std::string out(row.keys);
    const auto commas = static_cast<std::size_t>(std::count(out.begin(), out.end(), ','));
    if (commas >= kManyKeys) {
        return out.substr(0, out.find(',')) + " to " + out.substr(out.rfind(',') + 1);
    }
    for (std::size_t at = out.find(','); at != std::string::npos; at = out.find(',', at + 1)) {
        out.insert(at + 1, " ");
    }
    return out;
}

std::string names_of(const CommandRow& row) {
    std::string out = "/" + std::string(row.name);
    for (const char letter :
         std::string(row.aliases.empty() ? "" : " ") + std::string(row.aliases)) {
        out += letter == ' ' ? std::string(" /") : std::string(1, letter);
    }
    return out + (row.arguments.empty() ? "" : " " + std::string(row.arguments));
}

/// Adds a row to `page` if it holds `word`, which is in lower case.
bool add(Page& page, std::string left, std::string_view help, std::string_view word) {
    left.resize(std::max(left.size() + 2, kIndent), ' ');
    left += help;
    if (base::lower_case(left).find(word) == std::string::npos) {
        return false;
    }
    page.lines.push_back({left, Style::normal, static_cast<int>(kIndent)});
    return true;
}

void add_commands(Page& page, std::string_view word) {
    Page part;
    for (const CommandRow& row : command_table()) {
        add(part, names_of(row), row.help, word);
    }
    if (!part.lines.empty()) {
        page.lines.push_back({"Commands", Style::bold});
        page.lines.insert(page.lines.end(), part.lines.begin(), part.lines.end());
    }
}

void add_keys(Page& page, std::string_view word) {
    for (const KeyPlace& place : key_places()) {
        Page part;
        for (const KeyRow& row : place.rows()) {
            add(part, keys_of(row), row.help, word);
        }
        if (!part.lines.empty()) {
            page.lines.push_back({""});
            page.lines.push_back({std::string(place.title), Style::bold});
            page.lines.insert(page.lines.end(), part.lines.begin(), part.lines.end());
        }
    }
}

}  // namespace

Page help_page(std::string_view word) {
    Page page;
    page.title = word.empty() ? "Help" : "Help: " + std::string(word);
    if (word.empty()) {
        page.lines = {
            {"What you type goes to the chat that is shown; Enter sends it. A line that begins "
             "with a slash is a command. F2 shows who is here: Enter on a name asks for a chat. "
             "F3 shows who asks you: a accepts. What is said can be read by you and the other "
             "only, once you have compared the safety number (M-v): until then it is the "
             "relay's word whose key it is, and the chat says unverified."},
            {""},
            {"Your own messages: sending (not sent yet), sent (handed to the relay), delivered "
             "or [++] (the other's client has it), discarded (given up)."},
            {""},
            {"C-a is a with Ctrl; M-a is a with Alt; S-Tab is Tab with Shift. In the input line "
             "M-a is also Esc and then, within a second, a: any key but the slash, which begins "
             "a command."},
            {""},
        };
    }
    const std::string folded = base::lower_case(word);
    add_commands(page, folded);
    add_keys(page, folded);
    if (page.lines.empty()) {
        page.lines.push_back({"No command or key holds " + std::string(word) + "."});
    }
    return page;
}

Page help_page_at(Where where, const State& state) {
    Page page = help_page("");
    const auto at = std::find_if(page.lines.begin(), page.lines.end(), [&](const PageLine& line) {
        return line.text == title_of(where);
    });
    const std::vector<PageLine> before(page.lines.begin(), at);
    page.top = static_cast<int>(
        page_rows(before, std::max(state.size.columns - 2, 1), state.emoji).size());
    return page;
}

}  // namespace sotto::tui
