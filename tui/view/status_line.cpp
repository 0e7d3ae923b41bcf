// The status line: the chats by number, and the state of the link to the relay.
#include "crypto/base/enum_table.h"
#include "tui/common/words.h"
#include "tui/view/panes.h"
#include "tui/view/render.h"

#include <algorithm>
#include <numeric>

namespace sotto::tui {

namespace {

constexpr std::chrono::milliseconds kSecond{1'000};
constexpr std::uint64_t kMinute = 60'000;
constexpr int kRoomy = 60;     ///< from this width on, relay and time are shown
constexpr int kMinRelay = 10;  ///< with fewer columns the relay's name says nothing
constexpr int kMore = 8;       ///< columns for "+12(99)", the chats not shown

std::chrono::milliseconds left(const State& state, Moment moment) {
    return state.client.link.state == client::Link::waiting && state.client.link.retry_at
               ? std::max(*state.client.link.retry_at - moment.monotonic,
                          std::chrono::milliseconds(0))
               : std::chrono::milliseconds(0);
}

struct Words {
    std::string text;
    Style style = Style::title;
};

Words link_words(const State& state, Moment moment) {
    if (state.client.finished) {
        return {word(client::Link::offline)};
    }
    switch (state.client.relay_key) {
        case ClientView::RelayKey::unknown:
            return {"asks for trust", Style::activity};
        case ClientView::RelayKey::changed:
            return {"RELAY KEY CHANGED", Style::alarm};
        case ClientView::RelayKey::in_order:
            break;
    }
    if (state.client.link.elsewhere) {
        return {"signed in elsewhere", Style::activity};
    }
    if (state.client.link.state == client::Link::waiting) {
        return {"retry in " + std::to_string((left(state, moment).count() + 999) / 1'000) + " s"};
    }
    return {word(state.client.link.state)};
}

struct ActivityRow {
    Activity key;
    std::string_view mark;  ///< "#" stands for the number of unread messages
    Style style;
};
constexpr base::EnumTable<Activity, ActivityRow> kActivity({
    {Activity::none, "", Style::title},
    {Activity::message, "(#)", Style::activity},
    {Activity::request, "?", Style::activity},
    {Activity::key_change, "!", Style::alarm},
});

std::string mark(Activity activity, int unread) {
    std::string out(kActivity[activity].mark);
    const std::size_t number = out.find('#');
    return number == std::string::npos ? out : out.replace(number, 1, std::to_string(unread));
}

Style style_of(Activity activity) {
    return kActivity[activity].style;
}

Words tab_of(const State& state, std::size_t index) {
    const Chat& chat = state.chats.at(index);
    const std::string out =
        std::to_string(index) + ":" + chat.user + mark(state.activity(chat), chat.log.unread());
    return {index == state.chats.current() ? "[" + out + "]" : out, style_of(state.activity(chat))};
}

int size_of(const Words& tab) {
    return static_cast<int>(tab.text.size()) + 1;  // a blank after it
}

/// The tab that counts all chats but those from `begin` to `end`, which are shown.
Words more_of(const State& state, std::size_t begin, std::size_t end) {
    auto most = Activity::none;
    int unread = 0;
    std::size_t count = 0;
    for (std::size_t i = 1; i < state.chats.size(); ++i) {
        if (i < begin || i >= end) {
            most = std::max(most, state.activity(state.chats.at(i)));
            unread += state.chats.at(i).log.unread();
            ++count;
        }
    }
    return {"+" + std::to_string(count) + mark(most, unread), style_of(most)};
}

/// As many tabs as fit, including the current one.
std::vector<Words> tabs_in(const State& state, int room) {
    std::vector<Words> all;
    for (std::size_t i = 1; i < state.chats.size(); ++i) {
        all.push_back(tab_of(state, i));
    }
    const auto sum = [](int so_far, const Words& tab) { return so_far + size_of(tab); };
    if (std::accumulate(all.begin(), all.end(), 0, sum) <= room + 1) {
        return all;
    }
    const auto current =
        static_cast<std::ptrdiff_t>(std::max<std::size_t>(state.chats.current(), 1));
    auto begin = all.begin();
    int used = std::accumulate(all.begin(), all.begin() + current, 0, sum);
    while (used + kMore > room && begin + 1 < all.begin() + current) {
        used -= size_of(*begin++);
    }
    auto end = all.begin() + current;
    while (end != all.end() && used + size_of(*end) + kMore <= room) {
        used += size_of(*end++);
    }
    std::vector<Words> out(begin, end);
    out.push_back(more_of(state, static_cast<std::size_t>(begin - all.begin()) + 1,
                          static_cast<std::size_t>(end - all.begin()) + 1));
    return out;
}

/// The relay in `room` columns, with a blank before it; empty if too little of it fits.
std::string relay_in(const std::string& relay, int room) {
    const auto size = static_cast<int>(relay.size());
    if (relay.empty() || room < std::min(size + 1, kMinRelay)) {
        return "";
    }
    return " " + (size < room
                      ? relay
                      : relay.substr(0, static_cast<std::size_t>(room - 2)) + "\xE2\x80\xA6");
}

bool hint_shown(const State& state, Moment moment) {
    return !state.hint.empty() && (!state.hint_until_ms || moment.wall_ms < *state.hint_until_ms);
}

}  // namespace

void draw_status(Frame& frame, const State& state, Moment moment, const Rect& where) {
    const Words link = link_words(state, moment);
    const bool roomy = where.columns >= kRoomy;
    const std::string time = roomy ? "  " + hour_and_minute(state.local(moment.wall_ms)) : "";
    const int least = static_cast<int>(link.text.size() + time.size());
    const int room = std::max(where.columns - least - 3, 0);
    std::vector<Words> tabs = tabs_in(state, room);
    if (hint_shown(state, moment)) {
        tabs = {{state.hint}};
    }
    int used = 0;
    for (const Words& tab : tabs) {
        used += columns(tab.text, state.emoji) + 1;
    }
    const std::string relay = roomy ? relay_in(state.client.link.relay, room - used + 1) : "";
    const std::string right = link.text + relay + time;
    draw_bar(frame, where, "", right, Style::title);
    const int right_size = columns(right, state.emoji);
    if (link.style != Style::title && right_size + 2 <= where.columns) {
        frame.put(where.row, where.column + where.columns - right_size - 1, link.text, link.style,
                  right_size);
    }
    int column = where.column + 1;
    for (const Words& tab : tabs) {
        const int end = where.column + 1 + room;
        column += frame.put(where.row, column, tab.text, tab.style, end - column, true) + 1;
    }
}

base::MonotonicTime next_change(const State& state, Moment moment) {
    std::chrono::milliseconds next(kMinute - moment.wall_ms % kMinute);
    if (const auto rest = left(state, moment); rest.count() > 0) {
        next = std::min(next, rest % kSecond + std::chrono::milliseconds(1));
    }
    if (hint_shown(state, moment) && state.hint_until_ms) {
        next = std::min(next, std::chrono::milliseconds(*state.hint_until_ms - moment.wall_ms));
    }
    return moment.monotonic + next;
}

}  // namespace sotto::tui
