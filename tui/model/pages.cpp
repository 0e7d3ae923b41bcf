#include "tui/model/pages.h"

#include "tui/common/words.h"
#include "tui/model/key.h"

#include <algorithm>

namespace sotto::tui {

namespace {

const std::string kNoBreak = "\xC2\xA0";  // or a long JSON would begin on a line of its own
constexpr std::size_t kGroup = 5;         ///< digits of a safety number
constexpr std::size_t kGroupsInRow = 4;
constexpr std::size_t kWireBytes = 2'000;  ///< shown of one message

std::string padded(std::string text, std::size_t size) {
    text.resize(std::max(text.size() + 2, size), ' ');
    return text;
}

std::string date_and_time(LocalTime local, std::uint64_t wall_ms) {
    const std::tm time = local(wall_ms);
    return date(time) + " " + hour_and_minute(time);
}

/// A relay's pin in two lines, which fit everywhere and are easily compared.
void add_pin(std::vector<PageLine>& lines, const std::string& before, const std::string& hex) {
    constexpr std::size_t half = 32;
    lines.push_back({before + grouped(hex.substr(0, half), 8), Style::bold});
    if (hex.size() > half) {
        lines.push_back(
            {std::string(before.size(), ' ') + grouped(hex.substr(half), 8), Style::bold});
    }
}

std::string not_delivered(const std::string& user, int count) {
    return std::to_string(count) + (count == 1 ? " message to " + user + " is not delivered."
                                               : " messages to " + user + " are not delivered.");
}

/// The groups in rows of four; those that the person is to type are hidden.
std::vector<PageLine> groups(const client::event::SafetyNumber& number) {
    std::vector<PageLine> out;
    std::string line;
    const std::size_t count = number.digits.size() / kGroup;
    for (std::size_t i = 0; i < count; ++i) {
        const int position = static_cast<int>(i) + 1;
        const bool asked =
            std::find(number.asked.begin(), number.asked.end(), position) != number.asked.end();
        std::string group = number.digits.substr(i * kGroup, kGroup);
        if (asked) {
            group = (position < 10 ? "[ " : "[") + std::to_string(position) + " ]";
        }
        line += "  " + group;
        if ((i + 1) % kGroupsInRow == 0) {
            out.push_back({line, Style::bold});
            line.clear();
        }
    }
    return out;
}

std::string asked_groups(const client::event::SafetyNumber& number) {
    std::string out;
    for (std::size_t i = 0; i < number.asked.size(); ++i) {
        out += i == 0 ? "" : (i + 1 == number.asked.size() ? " and " : ", ");
        out += std::to_string(number.asked[i]);
    }
    return out;
}

}  // namespace

std::vector<PageLine> lines_of(const Question& question) {
    std::vector<PageLine> out = question.lines;
    out.push_back({""});
    out.push_back(
        {question.prompt + (question.typed.empty() ? "" : " " + question.typed), Style::activity});
    return out;
}

std::vector<PageLine> lines_of(const Verification& verification) {
    const auto& number = verification.number;
    std::vector<PageLine> out = groups(number);
    out.push_back({""});
    out.push_back({"Meet or call " + number.user + ", who opens the same page. Read out what " +
                   number.user + " asks for. Let " + number.user + " read out groups " +
                   asked_groups(number) + ", and type them:"});
    out.push_back({"> " + grouped(verification.typed, kGroup), Style::bold});
    if (!verification.verdict.empty()) {
        out.push_back({""});
        out.push_back({verification.verdict, verification.wrong ? Style::error : Style::bold});
    }
    return out;
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
    page.lines.push_back({"you      " + state.own_name + ", fingerprint " + state.own_fingerprint});
    page.lines.push_back({"relay    " + state.link.relay + ", " + word(state.link.state) +
                          (state.link.detail.empty() ? "" : ": " + state.link.detail.str())});
    page.lines.push_back({"dropped  " + std::to_string(status.dropped)});
    page.lines.push_back({""});
    for (std::size_t i = 1; i < state.chats.size(); ++i) {
        const Chat& chat = state.chats[i];
        std::string line = std::to_string(i) + ":" + chat.user + "  " + word(chat.about.state) +
                           ", " + word(chat.about.trust);
        if (chat.about.state == client::ChatState::open) {
            line += ", suite " + std::to_string(chat.about.suite) + ", epoch " +
                    std::to_string(chat.about.epoch);
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
    page.title = "Request of " + request.user;
    page.lines = {
        {request.user + " asks for a chat."},
        {""},
        {"key     " + request.fingerprint},
        {"trust   " + word(request.trust)},
        {"signed  " + date_and_time(local, request.time_ms)},
        {""},
        {"Close this, then: a accept, d decline, b decline and block."},
        {"Accepting doesn't prove who " + request.user +
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

Question relay_question(const client::event::RelayTrustNeeded& needed) {
    Question question;
    question.title = "A relay that is new to you";
    question.lines = {
        {"The relay " + needed.relay + " shows a key with this pin:"},
        {""},
    };
    add_pin(question.lines, "  ", needed.pin_hex);
    question.lines.push_back({""});
    question.lines.push_back(
        {"Compare it with what the relay's operator told you. It will be remembered, and a "
         "relay that shows another key later is refused. The relay can't read what you say in "
         "any case; but it learns who talks with whom, and decides whom it calls by which name."});
    question.prompt = "Trust this relay? Type yes or no:";
    question.in_full = true;
    question.yes = {client::command::TrustRelay{needed.pin_hex, true}};
    question.no = {client::command::TrustRelay{needed.pin_hex, false}};
    return question;
}

Question key_question(const client::event::KeyChanged& changed) {
    Question question;
    question.title = "THE KEY OF " + changed.user + " HAS CHANGED";
    question.lines = {
        {"old key  " + changed.old_fingerprint + (changed.was_verified ? "  VERIFIED" : "")},
        {"new key  " + changed.new_fingerprint, Style::bold},
        {""},
        {"Either " + changed.user +
         " has a new key (another machine, a lost key file), or somebody else, perhaps the "
         "relay, uses the name. Ask " +
         changed.user +
         " by another way before you accept. The chat is then unverified until you compare the "
         "safety number anew."},
    };
    question.prompt = "Accept the new key of " + changed.user + "? (y/n)";
    question.yes = {client::command::AcceptKeyChange{changed.user, changed.new_fingerprint}};
    return question;
}

Question block_question(const std::string& user, bool decline) {
    Question question;
    question.title = "Block " + user;
    question.lines = {
        {"Nothing that " + user + " asks or says reaches you until /unblock " + user + "."},
        {user + " is not told."}};
    question.prompt = (decline ? "Decline and block " : "Block ") + user + "? (y/n)";
    if (decline) {
        question.yes = {client::command::DeclineRequest{user, true}};
    } else {
        question.yes = {client::command::Block{user}};
    }
    return question;
}

Question paste_question(const Paste& paste) {
    Question question;
    const auto newlines = std::count(paste.text.begin(), paste.text.end(), '\n');
    question.title = "Paste";
    question.lines = {
        {std::to_string(paste.text.size()) + " bytes in " + std::to_string(newlines + 1) +
         (newlines == 0 ? " line" : " lines") + ", as one message:"},
        {""}};
    // A row for each of the first lines: the question below must be seen whatever they hold.
    constexpr std::size_t shown = 10;
    constexpr std::size_t columns = 60;
    const std::string_view text = paste.text;
    for (std::size_t begin = 0; begin <= text.size() && question.lines.size() < shown;) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const client::SafeText line = client::SafeText::from(text.substr(begin, end - begin),
                                                             client::SafeText::Lines::one, columns);
        question.lines.push_back({"  " + line.str(), Style::dim, 2});
        begin = end + 1;
    }
    question.prompt = "Put it into the line? Nothing is sent yet. (y/n)";
    question.insert = paste.text;
    return question;
}

Question close_question(const std::string& user, int undelivered) {
    Question question;
    question.title = "Close";
    question.lines = {{not_delivered(user, undelivered)},
                      {"They would go out with the next chat, unseen here: so closing gives them "
                       "up."}};
    question.prompt = "Give up and close? (y/n)";
    question.yes = {client::command::DiscardUnsent{user}};
    question.closes = user;
    return question;
}

Question quit_question(const std::map<std::string, int>& undelivered) {
    Question question;
    question.title = "Quit";
    for (const auto& [user, count] : undelivered) {
        question.lines.push_back({not_delivered(user, count)});
    }
    question.lines.push_back({"Nobody keeps them: they are gone once you leave."});
    question.prompt = "Leave all the same? (y/n)";
    question.yes = {client::command::Quit{}};
    return question;
}

std::vector<PageLine> banner(const State& state, const Chat& chat) {
    const std::string& user = chat.user;
    const std::string& why = chat.about.why.str();
    if (chat.key_changed) {
        return {
            {"THE KEY OF " + user + " HAS CHANGED" +
                 (chat.key_changed->was_verified ? " (it was VERIFIED)" : "") +
                 ": nothing is sent until you settle it.",
             Style::alarm},
            {"old " + chat.key_changed->old_fingerprint, Style::alarm},
            {"new " + chat.key_changed->new_fingerprint, Style::alarm},
            {"Ask " + user + " by another way; then /trust accepts the new key.", Style::alarm}};
    }
    switch (chat.about.state) {
        case client::ChatState::asked: {
            const auto* request = state.request_of(user);
            return {{user + " asks for a chat" +
                         (request != nullptr
                              ? " (" + word(request->trust) + ", key " + request->fingerprint + ")"
                              : "") +
                         ". /accept or /decline",
                     Style::activity}};
        }
        case client::ChatState::requested:
            return {{"Waiting for " + user + " to answer. /cancel takes it back.", Style::notice}};
        case client::ChatState::securing:
            return {{"Securing the chat; what you write now is sent then.", Style::notice}};
        case client::ChatState::broken:
            if (state.link.state == client::Link::refused) {
                return {{"The session is lost" + (why.empty() ? "." : ": " + why + ".") +
                             " /connect goes on.",
                         Style::unverified}};
            }
            return {
                {"The session is lost and comes back by itself" + (why.empty() ? "." : ": " + why),
                 Style::unverified}};
        case client::ChatState::declined:
        case client::ChatState::ended:
            return {{(chat.about.state == client::ChatState::declined ? "Declined" : "Ended") +
                         (why.empty() ? "." : ": " + why + ".") + " /chat " + user +
                         " asks again, /close puts it away.",
                     Style::notice}};
        case client::ChatState::none:
            return user.empty()
                       ? std::vector<PageLine>()
                       : std::vector<PageLine>{{"No chat with " + user +
                                                    (why.empty() ? "." : ": " + why + ".") +
                                                    " /chat " + user + " asks for one.",
                                                Style::notice}};
        default:
            return {};
    }
}

}  // namespace sotto::tui
