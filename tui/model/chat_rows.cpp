#include "tui/model/chat_rows.h"

#include <algorithm>

namespace sotto::tui {

namespace {

constexpr int kTime = 6;        // "14:02 "
constexpr int kGap = 2;         // between name and text
constexpr int kWord = 10;       // " discarded"
constexpr int kMark = 5;        // " [++]"
constexpr int kWordsFrom = 50;  // columns from which there is room for words
constexpr int kTimeFrom = 32;   // columns from which there is room for the time

bool same_day(const std::tm& a, const std::tm& b) {
    return a.tm_year == b.tm_year && a.tm_yday == b.tm_yday;
}

}  // namespace

ChatColumns::ChatColumns(int columns, int name_columns)
    : name(columns >= kTimeFrom ? kTime : 0),
      name_size(std::min(name_columns, std::max(columns / 5, 3))),
      text(name + name_size + kGap),
      words(columns >= kWordsFrom) {
    const int delivery_size = words ? kWord : kMark;
    text_size = std::max(columns - text, 1);
    own_size = std::max(text_size - delivery_size, 1);
    delivery = text + own_size + 1;
}

std::vector<ChatRow> ChatPane::rows_of(ChatLog::Number entry) const {
    std::vector<ChatRow> out;
    const LogEntry& item = log.at(entry);
    const auto add = [&](ChatRow::Kind kind, std::string_view text) {
        ChatRow row;
        row.kind = kind;
        row.entry = entry;
        row.line = static_cast<int>(out.size());
        row.text = text;
        out.push_back(row);
    };
    const bool dated = item.time_ms != 0;
    if (dated && (entry == log.begin() ||
                  !same_day(local(log.at(entry - 1).time_ms), local(item.time_ms)))) {
        add(ChatRow::Kind::day, {});
    }
    if (log.first_unread() == entry) {
        add(ChatRow::Kind::fresh, {});
    }
    const std::size_t before = out.size();
    const bool own = item.own && item.kind == LogEntry::Kind::message;
    const int width = own ? columns.own_size : columns.text_size;
    for (const std::string_view line : wrap(item.text.str(), width, emoji)) {
        add(ChatRow::Kind::text, line);
    }
    out[before].first = true;
    out.back().last = true;
    return out;
}

std::vector<ChatRow> ChatPane::visible(std::optional<ScrollPosition> bottom) const {
    std::vector<ChatRow> out;
    if (log.empty() || rows <= 0) {
        return out;
    }
    const ScrollPosition from = bottom ? *moved(bottom, 0) : end();
    for (ChatLog::Number at = from.entry + 1; at > log.begin(); --at) {
        const std::vector<ChatRow> these = rows_of(at - 1);
        for (auto row = these.rbegin(); row != these.rend(); ++row) {
            if (at - 1 == from.entry && row->line > from.line) {
                continue;
            }
            out.push_back(*row);
            if (static_cast<int>(out.size()) == rows) {
                std::reverse(out.begin(), out.end());
                return out;
            }
        }
    }
    std::reverse(out.begin(), out.end());
    return out;
}

ScrollPosition ChatPane::end() const {
    const ChatLog::Number last = log.end() - 1;
    return {last, static_cast<int>(rows_of(last).size()) - 1};
}

/// The highest position: the pane is full from the oldest row on, or holds everything.
ScrollPosition ChatPane::top_page() const {
    int left = rows;
    for (ChatLog::Number at = log.begin(); at < log.end(); ++at) {
        const int size = static_cast<int>(rows_of(at).size());
        if (size >= left) {
            return {at, left - 1};
        }
        left -= size;
    }
    return end();
}

std::optional<ScrollPosition> ChatPane::moved(std::optional<ScrollPosition> from, int by) const {
    if (log.empty() || rows <= 0) {
        return std::nullopt;
    }
    ScrollPosition at = from ? *from : end();
    at.entry = std::clamp(at.entry, log.begin(), log.end() - 1);
    at.line = std::min(at.line, static_cast<int>(rows_of(at.entry).size()) - 1);
    for (at.line += by; at.line < 0 && at.entry > log.begin();) {
        --at.entry;
        at.line += static_cast<int>(rows_of(at.entry).size());
    }
    for (int size = static_cast<int>(rows_of(at.entry).size()); at.line >= size;
         size = static_cast<int>(rows_of(at.entry).size())) {
        if (at.entry + 1 == log.end()) {
            return by == 0 ? std::optional(end()) : std::nullopt;
        }
        at.line -= size;
        ++at.entry;
    }
    const ScrollPosition top = top_page();
    if (at.entry < top.entry || (at.entry == top.entry && at.line < top.line)) {
        at = top;
    }
    const ScrollPosition last = end();
    const bool at_end = at.entry == last.entry && at.line >= last.line;
    return at_end && by != 0 ? std::nullopt : std::optional(at);
}

std::optional<ScrollPosition> ChatPane::around(ChatLog::Number entry) const {
    return moved(ScrollPosition{entry, 0}, std::max(rows / 2, 1));
}

}  // namespace sotto::tui
