#include "tui/model/questions.h"

#include "tui/model/pages.h"

#include <algorithm>

namespace sotto::tui {

namespace {

constexpr std::size_t kGroup = 5;  ///< digits of a safety number
constexpr std::size_t kGroupsInRow = 4;

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
        question.yes = {client::command::DeclineRequest{client::ChatKey::with(user), true}};
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
    question.yes = {client::command::DiscardUnsent{client::ChatKey::with(user)}};
    question.closes = user;
    return question;
}

Question quit_question(const std::map<client::ChatKey, int>& undelivered) {
    Question question;
    question.title = "Quit";
    for (const auto& [chat, count] : undelivered) {
        question.lines.push_back({not_delivered(chat.name(), count)});
    }
    question.lines.push_back({"Nobody keeps them: they are gone once you leave."});
    question.prompt = "Leave all the same? (y/n)";
    question.yes = {client::command::Quit{}};
    return question;
}

}  // namespace sotto::tui
