#include "tui/common/command_table.h"

#include "crypto/base/ascii.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace sotto::tui {

namespace {

namespace command = client::command;
using Line = CommandRow::Line;
using Result = std::optional<Understood>;

std::string_view first_word(std::string_view& text) {
    const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(begin);
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return word;
}

std::string word_of(const Line& line) {
    std::string_view rest = line.arguments;
    return std::string(first_word(rest));
}

/// The user that is named, or else the current one; nothing if there is neither.
std::optional<std::string> user_or(const Line& line, const std::string& otherwise) {
    std::string name = word_of(line);
    name = name.empty() ? otherwise : name;
    return name.empty() ? std::nullopt : std::optional(name);
}

/// Nobody is named, and nobody is meant by what is shown.
Result no_chat(const Line& line) {
    return Understood(Misunderstood{"no chat is shown; /" + std::string(line.name) + " NAME"});
}

template <class T>
Result about(const std::string& user) {
    T out;
    out.user = user;
    return Understood(client::Command(out));
}
template <class T>
Result in_chat(const std::string& user) {
    T out;
    out.chat = client::ChatKey::with(user);
    return Understood(client::Command(out));
}
template <class T>
Result about_peer(const Line& line) {
    const auto user = user_or(line, line.current.chat);
    return user ? about<T>(*user) : no_chat(line);
}
template <class T>
Result about_chat(const Line& line) {
    const auto user = user_or(line, line.current.chat);
    return user ? in_chat<T>(*user) : no_chat(line);
}
template <class T>
Result about_request(const Line& line) {
    const auto user =
        user_or(line, line.current.request.empty() ? line.current.chat : line.current.request);
    return user ? in_chat<T>(*user) : std::nullopt;
}
template <class T>
Result plainly(const Line& /*line*/) {
    return Understood(client::Command(T{}));
}
template <FaceAction action>
Result face(const Line& line) {
    return Understood(FaceRequest{action, std::string(line.arguments)});
}
template <FaceAction action>
Result face_about_chat(const Line& line) {
    const auto user = user_or(line, line.current.chat);
    return user ? Result(FaceRequest{action, *user}) : no_chat(line);
}
template <FaceAction action>
Result face_with_word(const Line& line) {
    return line.arguments.empty() ? std::nullopt : face<action>(line);
}

/// Whatever chat is shown; without a text that chat is what is wanted.
Result message(const Line& line) {
    std::string_view rest = line.arguments;
    const std::string user(first_word(rest));
    return rest.empty() ? face_with_word<FaceAction::select>(line)
                        : Result(client::Command(
                              command::SendText{client::ChatKey::with(user), std::string(rest)}));
}

Result users(const Line& line) {
    const std::string prefix = word_of(line);
    return prefix.empty() ? Result(FaceRequest{FaceAction::users, ""})
                          : Result(client::Command(command::SearchUsers{prefix}));
}

Result untrust(const Line& line) {
    const auto user = user_or(line, line.current.chat);
    return user ? Result(client::Command(command::SetVerified{*user, false})) : no_chat(line);
}

/// With a fingerprint it is settled at once; without, the face shows both keys and asks.
Result trust(const Line& line) {
    std::string_view rest = line.arguments;
    const std::string user(first_word(rest));
    return rest.empty()
               ? face_about_chat<FaceAction::trust>(line)
               : Result(client::Command(command::AcceptKeyChange{user, std::string(rest)}));
}

Result confirm(const Line& line) {
    std::string_view rest = line.arguments;
    const std::string user(first_word(rest));
    return rest.empty()
               ? std::nullopt
               : Result(client::Command(command::ConfirmSafetyNumber{user, std::string(rest)}));
}

Result link(const Line& line) {
    std::string_view rest = line.arguments;
    const std::string uri(first_word(rest));
    return uri.empty() || (!rest.empty() && rest != "trusted")
               ? std::nullopt
               : Result(client::Command(command::ImportLink{uri, rest == "trusted"}));
}

Result agree(const Line& line) {
    const std::string pin = word_of(line);
    return pin.empty() ? std::nullopt : Result(client::Command(command::TrustRelay{pin, true}));
}

constexpr std::array kTable{
    CommandRow{"help", "h", "[WORD]", "list commands and keys, or those that contain WORD",
               face<FaceAction::help>},
    CommandRow{"chat", "query", "NAME", "go to the chat with NAME, or ask for one",
               face_with_word<FaceAction::select>},
    CommandRow{"msg", "", "NAME [TEXT]", "send TEXT to NAME, whichever chat is shown", message},
    CommandRow{"users", "names", "[PREFIX]", "show who is online, or search all names", users},
    CommandRow{"requests", "", "", "show the requests waiting for your answer",
               face<FaceAction::requests>},
    CommandRow{"accept", "", "[NAME]", "accept the request of NAME",
               about_request<command::AcceptRequest>},
    CommandRow{"decline", "reject", "[NAME]", "decline the request of NAME",
               about_request<command::DeclineRequest>},
    CommandRow{"cancel", "", "[NAME]", "withdraw your request to NAME",
               about_chat<command::CancelRequest>},
    CommandRow{"close", "w", "[NAME]", "end the chat, for both sides",
               about_chat<command::EndChat>},
    CommandRow{"next", "", "", "go to the next chat", face<FaceAction::next_chat>},
    CommandRow{"prev", "", "", "go to the previous chat", face<FaceAction::previous_chat>},
    CommandRow{"search", "", "WORD", "search in the chat", face_with_word<FaceAction::search>,
               true},
    CommandRow{"clear", "", "", "clear the chat, except for undelivered messages",
               face<FaceAction::clear>, true},
    CommandRow{"verify", "", "[NAME]", "show the safety number to compare with NAME",
               about_peer<command::ShowSafetyNumber>},
    CommandRow{"confirm", "", "NAME DIGITS", "enter the groups that NAME read out to you", confirm},
    CommandRow{"verified", "", "[NAME]",
               "confirm that you compared the safety number in another way",
               about_peer<command::SetVerified>},
    CommandRow{"untrust", "", "[NAME]", "mark NAME as no longer verified", untrust},
    CommandRow{"trust", "", "[NAME [FINGERPRINT]]", "accept the changed key of NAME, as shown",
               trust},
    CommandRow{"lower", "", "[NAME]", "allow an older suite than before in the chat",
               about_peer<command::LowerSuite>},
    CommandRow{"info", "", "[NAME]", "show what is known about NAME, with a contact link",
               about_peer<command::ShowContact>},
    CommandRow{"link", "", "LINK [trusted]",
               "pin the key in a contact link; \"trusted\" if it certainly came from that person",
               link},
    CommandRow{"block", "", "[NAME]", "ignore NAME from now on", about_peer<command::Block>},
    CommandRow{"unblock", "", "[NAME]", "stop ignoring NAME", about_peer<command::Unblock>},
    CommandRow{"blocked", "", "", "list the blocked users", plainly<command::ListBlocked>},
    CommandRow{"discard", "", "[NAME]", "discard the messages waiting to be sent to NAME",
               about_chat<command::DiscardUnsent>},
    CommandRow{"fingerprint", "", "", "show your own fingerprint", face<FaceAction::fingerprint>},
    CommandRow{"qr", "", "[NAME]", "show your contact link, or that of NAME, as a QR code",
               face<FaceAction::qr>},
    CommandRow{"wire", "", "", "show the messages between this client and the relay",
               face<FaceAction::wire>},
    CommandRow{"agree", "", "PIN", "trust the relay that showed this pin", agree},
    CommandRow{"connect", "reconnect", "", "connect now", plainly<command::Connect>},
    CommandRow{"disconnect", "", "", "go offline", plainly<command::Disconnect>},
    CommandRow{"status", "", "", "show the connection and the chats", plainly<command::ShowStatus>},
    CommandRow{"quit", "q exit", "", "end all chats and exit", plainly<command::Quit>},
};

bool has_alias(const CommandRow& row, std::string_view name) {
    std::string_view rest = row.aliases;
    while (!rest.empty()) {
        if (first_word(rest) == name) {
            return true;
        }
    }
    return false;
}

const CommandRow* find_row(std::string_view name) {
    const auto at = std::find_if(kTable.begin(), kTable.end(), [&](const CommandRow& row) {
        return row.name == name || has_alias(row, name);
    });
    return at == kTable.end() ? nullptr : &*at;
}

/// How many letters have to be put in, left out or exchanged to make one of the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t exchanged = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({exchanged, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

/// The command that was meant by a name that is none; empty if none is near enough.
std::string_view nearest(std::string_view word) {
    constexpr std::size_t near = 2;
    std::string_view best;
    std::size_t least = std::string_view::npos;
    for (const CommandRow& row : kTable) {
        const std::size_t distance = edit_distance(word, row.name);
        const bool begins_alike =
            word.size() >= near && word.substr(0, near) == row.name.substr(0, near);
        if ((begins_alike || (distance <= near && distance < word.size())) && distance < least) {
            least = distance;
            best = row.name;
        }
    }
    return best;
}

Misunderstood unknown(const std::string& name) {
    const std::string meant(nearest(name));
    return {"there is no command /" + name +
            (meant.empty() ? "; /help lists them" : "; did you mean /" + meant + "?") + " (//" +
            name + " sends it as text)"};
}

std::size_t words_in(std::string_view text) {
    std::size_t out = 0;
    for (; !first_word(text).empty(); ++out) {
    }
    return out;
}

/// More words than the command has a use for. The last argument of some may hold blanks.
bool too_many(const CommandRow& row, std::string_view arguments) {
    for (const std::string_view free : {"WORD", "DIGITS", "FINGERPRINT", "TEXT"}) {
        if (row.arguments.find(free) != std::string_view::npos) {
            return false;
        }
    }
    return words_in(arguments) > words_in(row.arguments);
}

Misunderstood usage(const CommandRow& row) {
    return {"usage: /" + std::string(row.name) + (row.arguments.empty() ? "" : " ") +
            std::string(row.arguments)};
}

}  // namespace

gsl::span<const CommandRow> command_table() noexcept {
    return kTable;
}

bool is_command(std::string_view name) noexcept {
    return find_row(name) != nullptr;
}

Understood understand(std::string_view line, const Current& current) {
    const bool literal = line.substr(0, 2) == "//";
    if (literal) {
        line.remove_prefix(1);
    }
    if (line.empty() || line.front() != '/' || literal) {
        return current.chat.empty()
                   ? Understood(Misunderstood{"no chat is open; /chat NAME asks for one"})
                   : Understood(client::Command(command::SendText{
                         client::ChatKey::with(current.chat), std::string(line)}));
    }
    if (line.find('\n') != std::string_view::npos) {
        return Misunderstood{"a command is one line; a second slash in front sends this as text"};
    }
    line.remove_prefix(1);
    const std::string name = base::lower_case(first_word(line));
    const CommandRow* row = find_row(name);
    if (row == nullptr) {
        return unknown(name);
    }
    if (too_many(*row, line)) {
        return usage(*row);
    }
    auto result = row->run({line, current, row->name});
    return result ? *result : Understood(usage(*row));
}

}  // namespace sotto::tui
