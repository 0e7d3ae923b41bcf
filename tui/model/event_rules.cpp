#include "tui/model/event_rules.h"

#include "tui/common/words.h"
#include "tui/model/chat_rules.h"
#include "tui/model/line_rules.h"
#include "tui/model/pages.h"
#include "tui/model/questions.h"

#include <algorithm>
#include <utility>

namespace sotto::tui {

namespace event = client::event;
using client::SafeText;

namespace {

constexpr std::size_t kMaxWire = 300;

/// Most events only change what the client shows.
template <class Other>
void on(Context& /*context*/, const Other& /*event*/, Errand& /*errand*/) {}

/// The page of a stranger who merely asked; what is shown or written in stays.
bool nothing_in(const State& state, const Chat& chat) {
    bool empty = &chat != &state.chat() && chat.draft.empty() &&
                 state.facts(chat).about.state == client::ChatState::asked;
    for (auto at = chat.log.begin(); empty && at < chat.log.end(); ++at) {
        empty = chat.log.at(at).kind != LogEntry::Kind::message;
    }
    return empty;
}

/// The page about a request that waits says what holds now.
void renew_request(Context& context, const std::string& user) {
    const auto* request = context.state.client.request(client::ChatKey::with(user));
    if (request == nullptr) {
        return;
    }
    Page page = request_page(*request, context.state.local);
    auto* open = std::get_if<Page>(&context.state.overlay);
    if (open != nullptr && open->title == page.title) {
        page.top = open->top;
        *open = std::move(page);
    }
}

/// A line in the log when the state of the chat is another than the last that was said. What
/// passes by itself stands in the banner only: tries to come back would fill the log.
void log_state(Context& context, Chat& chat, const event::ChatChanged& before) {
    using client::ChatState;
    const event::ChatChanged& now = context.state.facts(chat).about;
    const bool silent = now.state == ChatState::none || now.state == ChatState::securing;
    const bool same = now.state == before.state && now.why == before.why;
    const bool said =
        chat.logged_state == now.state && (now.state == ChatState::broken || now.why == before.why);
    if (silent ? same || now.why.empty() || chat.logged_state == ChatState::broken : said) {
        return;
    }
    if (!silent) {
        chat.logged_state = now.state;
    }
    say(context, chat, LogEntry::Kind::notice,
        SafeText::own((silent ? "" : word(now.state)) + (silent || now.why.empty() ? "" : ": ") +
                      now.why.str()));
}

void on(Context& context, const event::LinkChanged& what, Errand& errand) {
    const std::string line = word(what.state) + " " + what.relay +
                             (what.detail.empty() ? "" : ": " + what.detail.str()) +
                             (errand.distrusts ? "; /connect asks again" : "");
    const bool passing = what.state == client::Link::connecting ||
                         (what.state == client::Link::registering && what.detail.empty());
    if (context.news.is_new(what, line) && !passing) {
        say(context, context.state.chats.first_page(), LogEntry::Kind::notice, SafeText::own(line));
    }
}

void on(Context& context, const event::RelayTrustNeeded& what, Errand& /*errand*/) {
    context.state.overlay = relay_question(what);
}

void on(Context& context, const event::RelayKeyChanged& what, Errand& /*errand*/) {
    context.state.overlay = relay_key_page(what);
    say(context, context.state.chats.first_page(), LogEntry::Kind::error,
        SafeText::own("the key of the relay " + what.relay +
                      " has changed; nothing was sent to it. Pinned " + what.stored_hex +
                      ", seen " + what.seen_hex));
}

void on(Context& context, const event::Registered& what, Errand& /*errand*/) {
    say(context, context.state.chats.first_page(), LogEntry::Kind::notice,
        SafeText::own("you are " + what.user + ", fingerprint " + what.fingerprint));
}

void on(Context& context, const event::SearchResult& what, Errand& /*errand*/) {
    Page page = search_page(what);
    auto* open = std::get_if<Page>(&context.state.overlay);
    if (open != nullptr && open->title == page.title) {  // more of the same search
        open->lines.insert(open->lines.end(), page.lines.begin(), page.lines.end());
    } else {
        context.state.overlay = std::move(page);
    }
}

void on(Context& context, const event::RequestArrived& /*what*/, Errand& /*errand*/) {
    context.effects.push_back(Effect::bell);
}

/// `rows`: the names that stood in the list before.
void on(Context& context, const event::RequestGone& what, const Errand& errand,
        const std::vector<std::string>& rows) {
    if (errand.moves_on) {
        context.state.requests_selection.move_on(rows, context.state.request_rows());
    }
    Chat* chat = context.state.chats.find(what.chat.name());
    if (chat == nullptr) {
        return;
    }
    if (chat->logged_state == client::ChatState::asked) {
        chat->logged_state = client::ChatState::none;  // another request is news
    }
    if (nothing_in(context.state, *chat) && !errand.shows_chat) {
        remove_chat(context, context.state.chats.place_of(*chat));
    } else if (!what.why.empty()) {
        say(context, *chat, LogEntry::Kind::notice, SafeText::own("request: " + what.why.str()));
    }
}

/// `shown`: what its page showed; nothing if there was none.
void on(Context& context, const event::ChatChanged& what, Errand& errand,
        const std::optional<event::ChatChanged>& shown) {
    if (!shown && what.state == client::ChatState::none && what.why.empty()) {
        return;
    }
    Chat& chat = context.state.chats.open(what.chat.name());
    const event::ChatChanged before = shown.value_or(event::ChatChanged{});
    if (what.trust != before.trust) {
        renew_request(context, what.chat.name());
    }
    log_state(context, chat, before);
    if (what.trust == client::Trust::verified && before.trust != what.trust &&
        before.trust != client::Trust::unknown) {
        if (!errand.confirms) {
            say(context, chat, LogEntry::Kind::notice,
                SafeText::own(what.chat.name() + " is VERIFIED"));
        }
        const auto* open = std::get_if<Verification>(&context.state.overlay);
        if (open != nullptr && open->number.user == what.chat.name()) {
            context.state.overlay = std::monostate();
        }
    }
    if (std::exchange(errand.shows_chat, false)) {
        go_to(context, context.state.chats.place_of(chat));
        context.state.focus = Focus::input;
    }
}

void on(Context& context, const event::MessageAdded& what, Errand& errand) {
    Chat& chat = context.state.chats.open(what.chat.name());
    LogEntry entry;
    entry.kind = LogEntry::Kind::message;
    entry.id = what.id;
    entry.own = what.own;
    entry.time_ms = what.time_ms;
    entry.text = what.text;
    entry.delivery = what.delivery;
    const bool seen = is_watched(context.state, chat);
    chat.log.add(std::move(entry), seen);
    if (what.own) {
        if (errand.text && &chat != &context.state.chat()) {
            context.state.hint =
                "sent to the chat with " + what.chat.name();  // else nothing would be seen of it
        }
        chat.scroll.reset();
    } else if (!seen) {
        context.effects.push_back(Effect::bell);
    }
}

void on(Context& context, const event::DeliveryChanged& what, Errand& /*errand*/) {
    if (Chat* chat = context.state.chats.find(what.chat.name())) {
        chat->log.set_delivery(what.id, what.delivery);
    }
}

void on(Context& context, const event::KeyChanged& what, Errand& /*errand*/) {
    Chat& chat = context.state.chats.open(what.user);
    say(context, chat, LogEntry::Kind::error,
        SafeText::own("the key of " + what.user + " has changed: old " + what.old_fingerprint +
                      (what.was_verified ? " (verified)" : "") + ", new " + what.new_fingerprint));
    context.effects.push_back(Effect::bell);
}

void on(Context& context, const event::SafetyNumber& what, Errand& /*errand*/) {
    context.state.overlay = Verification{what, "", "", false, 0};
}

void on(Context& context, const event::Contact& what, Errand& errand) {
    context.state.overlay = errand.as_qr && !what.link.empty()
                                ? link_page(what)
                                : contact_page(what, context.state.local);
}

void on(Context& context, const event::BlockedUsers& what, Errand& /*errand*/) {
    context.state.overlay = blocked_page(what);
}

void on(Context& context, const event::Status& what, Errand& /*errand*/) {
    context.state.overlay = status_page(context.state, what);
}

void on(Context& context, const event::Notice& what, Errand& errand) {
    auto* open = std::get_if<Verification>(&context.state.overlay);
    const std::string user = what.chat ? what.chat->name() : "";
    if (open != nullptr && open->number.user == user) {
        open->verdict = what.text.str();  // the log lies under it
        open->wrong = what.level != event::Notice::Level::info;
        open->top = Page::kEnd;
    }
    if (errand.answers_here) {
        say_here(context, LogEntry::Kind::notice, what.text.str());
        return;
    }
    Chat* chat = user.empty() ? &context.state.chats.first_page() : context.state.chats.find(user);
    const SafeText& why = context.state.client.chat(client::ChatKey::with(user)).about.why;
    if (chat != nullptr && !chat->log.empty() && repeats(what.text, why) &&
        chat->log.at(chat->log.end() - 1).text == why) {
        return;
    }
    say(context, chat != nullptr ? *chat : context.state.chats.first_page(),
        what.level == event::Notice::Level::info ? LogEntry::Kind::notice : LogEntry::Kind::error,
        what.text);
}

void on(Context& context, const event::Refused& what, Errand& errand) {
    if (auto* open = std::get_if<Verification>(&context.state.overlay)) {
        open->verdict = what.why.str();
        open->wrong = true;
        open->typed.clear();
        open->top = Page::kEnd;
        return;
    }
    say_here(context, LogEntry::Kind::error, word(what));
    if (errand.text) {
        put_back(context, *errand.text);
    }
}

void on(Context& context, const event::WireSeen& what, Errand& /*errand*/) {
    if (what.type == "user_list") {
        return;  // polls would push out everything else
    }
    context.state.wire.push_back(what);
    if (context.state.wire.size() > kMaxWire) {
        context.state.wire.pop_front();
    }
    auto* open = std::get_if<Page>(&context.state.overlay);
    if (open != nullptr && open->kind == Page::Kind::wire) {
        const int top = open->top;
        *open = wire_page(context.state.wire);
        open->top = top;
    }
}

}  // namespace

void take_event(Context& context, const client::Event& what) {
    State& state = context.state;
    Errand& errand = context.orders.errand(what.answers);
    if (const auto* chat = std::get_if<event::ChatChanged>(&what.what)) {
        std::optional<event::ChatChanged> shown;
        if (state.chats.find(chat->chat.name()) != nullptr) {
            shown = state.client.chat(chat->chat).about;
        }
        fold(state.client, what);
        on(context, *chat, errand, shown);
    } else if (const auto* gone = std::get_if<event::RequestGone>(&what.what)) {
        const std::vector<std::string> rows = state.request_rows();
        fold(state.client, what);
        on(context, *gone, errand, rows);
    } else {
        fold(state.client, what);
        std::visit([&](const auto& one) { on(context, one, errand); }, what.what);
    }
}

}  // namespace sotto::tui
