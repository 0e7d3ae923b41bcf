#include "crypto/base/enum_table.h"
#include "tui/common/words.h"
#include "tui/model/pages.h"
#include "tui/view/panes.h"

#include <algorithm>

namespace sotto::tui {

namespace {

constexpr int kTyping = 10;  ///< columns of " is typing"
const std::string kMiddot = " \xC2\xB7 ";

struct DeliveryRow {
    client::Delivery key;
    std::string_view word;  ///< if there is room
    std::string_view mark;
};
/// Delivered is the normal case and always a mark; other states are words if there is room.
constexpr base::EnumTable<client::Delivery, DeliveryRow> kDelivery({
    {client::Delivery::waiting, "sending", "[..]"},
    {client::Delivery::sent, "sent", "[+ ]"},
    {client::Delivery::delivered, "[++]", "[++]"},
    {client::Delivery::discarded, "discarded", "[xx]"},
});

void draw_title(Frame& frame, const State& state, const Chat& chat, const Rect& where) {
    const Style style = state.focus == Focus::chat ? Style::focused : Style::title;
    if (chat.user.empty()) {
        draw_bar(frame, where, "sotto", state.client.own_name, style);
        return;
    }
    const ClientView::Chat& known = state.facts(chat);
    std::string facts;
    if (known.about.state == client::ChatState::open) {
        facts = kMiddot + "suite " + std::to_string(known.about.suite) + kMiddot + "epoch " +
                std::to_string(known.about.epoch);
    } else if (state.key_change(chat) == nullptr) {  // the trust label says so
        facts = kMiddot + word(known.about.state);
    }
    // The trust label is never cut; the name is cut to fit it, and everything else to fit both.
    const std::string trust = " " + word(known.about.trust) + " ";
    const auto size = static_cast<int>(trust.size());
    const int room = where.columns - size - 1;
    const auto name = static_cast<int>(chat.user.size());
    const std::string typing = known.typing && name + kTyping <= room ? " is typing" : "";
    const int used = name + (typing.empty() ? 0 : kTyping);
    const int facts_size = columns(facts, state.emoji) + 1;
    const bool roomy = used + facts_size <= room && where.columns >= 40;
    draw_bar(frame, where, "", roomy ? facts : "", style);
    frame.put(where.row, where.column + 1, chat.user + typing, style, room, true);
    frame.put(where.row, where.column + where.columns - size - (roomy ? facts_size : 0), trust,
              style_of(known.about.trust), size);
}

void draw_rule(Frame& frame, int row, const Rect& where, const std::string& text, Style style) {
    const std::string rule = "--- " + text + " ---";
    const int size = static_cast<int>(rule.size());
    frame.put(row, where.column + std::max((where.columns - size) / 2, 0), rule, style,
              where.columns);
}

void draw_text(Frame& frame, const State& state, const Chat& chat, const ChatRow& shown,
               const Rect& line) {
    const LogEntry& entry = chat.log.at(shown.entry);
    const ChatColumns at = state.columns(chat);
    const bool message = entry.kind == LogEntry::Kind::message;
    Style text = Style::normal;
    if (chat.hit == shown.entry && state.focus == Focus::chat) {
        text = Style::marked;
    } else if (!message) {
        text = entry.kind == LogEntry::Kind::error ? Style::error : Style::notice;
    }
    if (shown.first && at.name > 0 && entry.time_ms != 0) {
        frame.put(line.row, line.column, hour_and_minute(state.local(entry.time_ms)), Style::dim,
                  line.columns);
    }
    if (shown.first) {
        const std::string name = !message    ? (entry.kind == LogEntry::Kind::error ? "!" : "*")
                                 : entry.own ? "you"
                                             : chat.user;
        frame.put(line.row, line.column + at.name, name,
                  !message ? text : (entry.own ? Style::own : Style::peer), at.name_size, true);
    }
    frame.put(line.row, line.column + at.text, shown.text, text,
              entry.own ? at.own_size : at.text_size);
    if (shown.last && entry.own && message) {
        const bool done = entry.delivery == client::Delivery::delivered;
        const DeliveryRow& how = kDelivery[entry.delivery];
        frame.put(line.row, line.column + at.delivery, at.words ? how.word : how.mark,
                  done ? Style::dim : Style::unverified, line.columns - at.delivery);
    }
}

void draw_log(Frame& frame, const State& state, const Chat& chat, const Rect& where) {
    const ChatPane pane = state.pane(chat);
    int row = where.row;
    for (const ChatRow& shown : pane.visible(chat.scroll)) {
        switch (shown.kind) {
            case ChatRow::Kind::day:
                draw_rule(frame, row, where, date(state.local(chat.log.at(shown.entry).time_ms)),
                          Style::dim);
                break;
            case ChatRow::Kind::fresh:
                draw_rule(frame, row, where, "new", Style::activity);
                break;
            case ChatRow::Kind::text:
                draw_text(frame, state, chat, shown, {row, where.column, 1, where.columns});
                break;
        }
        ++row;
    }
    if (chat.scroll && where.rows > 1) {
        const int unread = chat.log.unread();
        const std::string more = unread > 0
                                     ? " more below, " + std::to_string(unread) + " new: M-End "
                                     : " more below: M-End ";
        const int size = std::min(static_cast<int>(more.size()), where.columns);
        frame.put(where.row + where.rows - 1, where.column + where.columns - size, more,
                  unread > 0 ? Style::activity : Style::marked, size);
    }
}

}  // namespace

void draw_chat(Frame& frame, const State& state, const Rect& where) {
    if (where.empty()) {
        return;
    }
    const Chat& chat = state.chat();
    frame.clear(where);
    draw_title(frame, state, chat, where);
    const auto lines = banner(state, chat);
    int row = where.row + 1;
    for (const PageRow& line : page_rows(lines, where.columns, state.emoji)) {
        if (row < where.row + where.rows) {
            frame.fill(row, where.column, where.columns,
                       line.style == Style::alarm ? Style::alarm : Style::normal);
            frame.put(row, where.column, line.text, line.style, where.columns);
        }
        ++row;
    }
    draw_log(frame, state, chat, {row, where.column, where.row + where.rows - row, where.columns});
}

}  // namespace sotto::tui
