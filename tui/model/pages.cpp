#include "tui/model/pages.h"

#include "tui/common/words.h"

#include <algorithm>

namespace sotto::tui {

namespace {

const std::string kNoBreak = "\xC2\xA0";   // or a long JSON would begin on a line of its own
constexpr std::size_t kWireBytes = 2'000;  ///< shown of one message

std::string padded(std::string text, std::size_t size) {
    text.resize(std::max(text.size() + 2, size), ' ');
    return text;
}

std::string date_and_time(LocalTime local, std::uint64_t wall_ms) {
    const std::tm time = local(wall_ms);
    return date(time) + " " + hour_and_minute(time);
}

}  // namespace

void add_pin(std::vector<PageLine>& lines, const std::string& before, const std::string& hex) {
    constexpr std::size_t half = 32;
    lines.push_back({before + grouped(hex.substr(0, half), 8), Style::bold});
    if (hex.size() > half) {
        lines.push_back(
            {std::string(before.size(), ' ') + grouped(hex.substr(half), 8), Style::bold});
    }
}

std::string grouped(std::string_view digits, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        out += i != 0 && i % size == 0 ? " " : "";
        out += digits[i];
    }
    return out;
}

Page status_page(const State& state, const client::event::Status& status) {
    Page page;
    page.title = "Status";
    page.lines.push_back(
        {"you      " + state.client.own_name + ", fingerprint " + state.client.own_fingerprint});
    page.lines.push_back(
        {"relay    " + state.client.link.relay + ", " + word(state.client.link.state) +
         (state.client.link.detail.empty() ? "" : ": " + state.client.link.detail.str())});
    page.lines.push_back({"dropped  " + std::to_string(status.dropped)});
    page.lines.push_back({""});
    for (std::size_t i = 1; i < state.chats.size(); ++i) {
        const Chat& chat = state.chats.at(i);
        const client::event::ChatChanged& about = state.facts(chat).about;
        std::string line = std::to_string(i) + ":" + chat.user + "  " + word(about.state) + ", " +
                           word(about.trust);
        if (about.state == client::ChatState::open) {
            line +=
                ", suite " + std::to_string(about.suite) + ", epoch " + std::to_string(about.epoch);
        }
        page.lines.push_back({line});
    }
    if (state.chats.size() == 1) {
        page.lines.push_back({"no chats"});
    }
    return page;
}

Page contact_page(const client::event::Contact& contact, LocalTime local) {
    Page page;
    page.title = contact.user;
    page.lines.push_back(
        {"trust        " + word(contact.trust) + (contact.blocked ? ", blocked" : "")});
    if (contact.fingerprint.empty()) {
        page.lines.push_back({"No key of " + contact.user + " is known yet."});
        return page;
    }
    if (contact.changed_fingerprint.empty()) {
        page.lines.push_back({"fingerprint  " + contact.fingerprint});
    } else {
        page.lines.push_back({"old key      " + contact.fingerprint});
        page.lines.push_back({"new key      " + contact.changed_fingerprint, Style::alarm});
        page.lines.push_back({"             /trust " + contact.user + " settles it."});
    }
    if (contact.first_seen_ms != 0) {
        page.lines.push_back({"first seen   " + date_and_time(local, contact.first_seen_ms)});
    }
    if (contact.best_suite != 0) {
        page.lines.push_back({"best suite   " + std::to_string(contact.best_suite)});
    }
    page.lines.push_back({"link         " + contact.link, Style::normal, 13});
    return page;
}

Page link_page(const client::event::Contact& contact) {
    Page page;
    page.title = "Contact link of " + contact.user;
    page.lines.push_back({contact.link});
    page.lines.push_back({""});
    page.lines.push_back({"Who opens this with /link pins the key of " + contact.user +
                          "; handed over in person, it is as good as comparing."});
    page.qr = contact.link;
    return page;
}

Page blocked_page(const client::event::BlockedUsers& blocked) {
    Page page;
    page.title = "Blocked";
    for (const auto& user : blocked.users) {
        page.lines.push_back({user.name});
    }
    if (blocked.users.empty()) {
        page.lines.push_back({"Nobody is blocked."});
    }
    return page;
}

Page search_page(const client::event::SearchResult& result) {
    Page page;
    page.title = "Names that begin with " + result.prefix;
    for (const auto& user : result.users) {
        page.lines.push_back(
            {padded(user.name, 34) + (user.online ? "online   " : "offline  ") + word(user.trust)});
    }
    if (page.lines.empty()) {
        page.lines.push_back({"nobody"});
    }
    return page;
}

Page request_page(const client::event::RequestArrived& request, LocalTime local) {
    Page page;
    page.title = "Request of " + request.chat.name();
    page.lines = {
        {request.chat.name() + " asks for a chat."},
        {""},
        {"key     " + request.fingerprint},
        {"trust   " + word(request.trust)},
        {"signed  " + date_and_time(local, request.time_ms)},
        {""},
        {"Close this, then: a accept, d decline, b decline and block."},
        {"Accepting doesn't prove who " + request.chat.name() +
         " is: compare the safety number in the chat (M-v)."},
    };
    return page;
}

Page relay_key_page(const client::event::RelayKeyChanged& changed) {
    Page page;
    page.title = "THE RELAY HAS ANOTHER KEY";
    page.lines = {
        {"The relay " + changed.relay + " does not have the key that is pinned for it.",
         Style::alarm},
        {"Nothing was sent to it."},
        {""},
    };
    add_pin(page.lines, "pinned  ", changed.stored_hex);
    add_pin(page.lines, "seen    ", changed.seen_hex);
    page.lines.push_back({""});
    page.lines.push_back(
        {"Either its operator has made a new key, or somebody stands between. Ask the operator "
         "by another way. If the new pin is right, start sotto once with --pin and it: then it is "
         "stored instead of the old one."});
    return page;
}

Page wire_page(const std::deque<client::event::WireSeen>& wire) {
    Page page;
    page.kind = Page::Kind::wire;
    page.title = "The wire: what the relay sees, but for polls (newest last)";
    for (const auto& seen : wire) {
        const std::string& json = seen.json.str();
        const std::string_view shown = std::string_view(json).substr(0, kWireBytes);
        page.lines.push_back({(seen.outgoing ? "->" : "<-") + kNoBreak + std::string(shown) +
                                  (shown.size() < json.size() ? " ..." : ""),
                              seen.outgoing ? Style::own : Style::peer, 3});
    }
    if (page.lines.empty()) {
        page.lines.push_back({"Nothing has passed yet."});
    }
    return page;
}

}  // namespace sotto::tui
