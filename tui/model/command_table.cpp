#include "tui/model/command_table.h"

#include <algorithm>
#include <array>
#include <map>

namespace sotto::tui {

namespace {

namespace command = client::command;

constexpr std::array kTable{
    CommandRow{"help", "h", "[WORD]", "list the commands, or those that hold WORD"},
    CommandRow{"chat", "msg query", "NAME", "go to the chat with NAME, or ask for one"},
    CommandRow{"users", "names", "[PREFIX]", "list who is online, or search all names"},
    CommandRow{"requests", "", "", "list the requests that wait for you"},
    CommandRow{"accept", "", "NAME", "accept the request of NAME"},
    CommandRow{"decline", "reject", "NAME", "decline the request of NAME"},
    CommandRow{"cancel", "", "NAME", "take back your own request to NAME"},
    CommandRow{"close", "", "[NAME]", "end the chat, for both sides"},
    CommandRow{"verify", "", "[NAME]", "show the safety number to compare with NAME"},
    CommandRow{"verified", "", "NAME", "you have compared the safety number with NAME"},
    CommandRow{"untrust", "", "NAME", "take back that NAME is verified"},
    CommandRow{"trust", "", "NAME FINGERPRINT", "accept the changed key of NAME, as shown"},
    CommandRow{"info", "", "[NAME]", "what is known of NAME, with a contact link"},
    CommandRow{"link", "", "LINK", "pin the key of a contact link"},
    CommandRow{"block", "", "NAME", "ignore NAME from now on"},
    CommandRow{"unblock", "", "NAME", "stop ignoring NAME"},
    CommandRow{"discard", "", "[NAME]", "give up what waits to be sent to NAME"},
    CommandRow{"fingerprint", "", "", "show your own fingerprint"},
    CommandRow{"wire", "", "", "show or hide what passes on the wire"},
    CommandRow{"agree", "", "PIN", "trust the relay whose pin was shown"},
    CommandRow{"connect", "reconnect", "", "connect now"},
    CommandRow{"disconnect", "", "", "go offline"},
    CommandRow{"status", "", "", "show connection and chats"},
    CommandRow{"quit", "q exit", "", "end all chats and leave"},
};

std::string_view first_word(std::string_view& text) {
    const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(begin);
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return word;
}

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

std::string usage(const CommandRow& row) {
    return "usage: /" + std::string(row.name) + " " + std::string(row.arguments);
}

/// Commands whose one argument is a user name, defaulting to the current chat.
template <class T>
Understood about_user(const std::string& user) {
    T out;
    out.user = user;
    return client::Command(out);
}

using AboutUser = Understood (*)(const std::string& user);
const std::map<std::string_view, AboutUser>& about_user_table() {
    static const std::map<std::string_view, AboutUser> table{
        {"accept", about_user<command::AcceptRequest>},
        {"decline", about_user<command::DeclineRequest>},
        {"cancel", about_user<command::CancelRequest>},
        {"close", about_user<command::EndChat>},
        {"verify", about_user<command::ShowSafetyNumber>},
        {"verified", about_user<command::SetVerified>},
        {"untrust",
         [](const std::string& user) {
             return Understood(client::Command(command::SetVerified{user, false}));
         }},
        {"info", about_user<command::ShowContact>},
        {"block", about_user<command::Block>},
        {"unblock", about_user<command::Unblock>},
        {"discard", about_user<command::DiscardUnsent>},
    };
    return table;
}

const std::map<std::string_view, FaceAction>& face_table() {
    static const std::map<std::string_view, FaceAction> table{
        {"help", FaceAction::help},
        {"requests", FaceAction::requests},
        {"fingerprint", FaceAction::fingerprint},
        {"wire", FaceAction::wire},
        {"status", FaceAction::status},
    };
    return table;
}

Understood run_row(const CommandRow& row, std::string_view arguments, const std::string& current) {
    const std::string rest(arguments);
    std::string_view words = arguments;
    const std::string first(first_word(words));
    const std::string second(words);
    if (const auto face = face_table().find(row.name); face != face_table().end()) {
        return FaceRequest{face->second, rest};
    }
    if (const auto user = about_user_table().find(row.name); user != about_user_table().end()) {
        const std::string& name = first.empty() ? current : first;
        return name.empty() ? Understood(Misunderstood{usage(row)}) : user->second(name);
    }
    if (row.name == "users") {
        return first.empty() ? Understood(FaceRequest{FaceAction::users, ""})
                             : Understood(client::Command(command::SearchUsers{first}));
    }
    if (row.name == "connect") {
        return client::Command(command::Connect{});
    }
    if (row.name == "disconnect") {
        return client::Command(command::Disconnect{});
    }
    if (row.name == "quit") {
        return client::Command(command::Quit{});
    }
    if (first.empty() || (row.name == "trust" && second.empty())) {
        return Misunderstood{usage(row)};
    }
    if (row.name == "chat") {
        return FaceRequest{FaceAction::select, first};
    }
    if (row.name == "trust") {
        return client::Command(command::AcceptKeyChange{first, second});
    }
    if (row.name == "agree") {
        return client::Command(command::TrustRelay{first, true});
    }
    return client::Command(command::ImportLink{rest, false});
}

/// The command whose name is nearest, for a line that is none.
std::string_view nearest(std::string_view word) {
    const auto common = [&](const CommandRow& row) {
        const auto pair = std::mismatch(word.begin(), word.end(), row.name.begin(), row.name.end());
        return pair.first - word.begin();
    };
    return std::max_element(
               kTable.begin(), kTable.end(),
               [&](const CommandRow& a, const CommandRow& b) { return common(a) < common(b); })
        ->name;
}

}  // namespace

gsl::span<const CommandRow> command_table() noexcept {
    return kTable;
}

Understood understand(std::string_view line, const std::string& current) {
    const bool literal = line.substr(0, 2) == "//";
    if (literal) {
        line.remove_prefix(1);
    }
    if (line.empty() || line.front() != '/' || literal) {
        return current.empty()
                   ? Understood(Misunderstood{"no chat is open; /chat NAME asks for one"})
                   : Understood(client::Command(command::SendText{current, std::string(line)}));
    }
    line.remove_prefix(1);
    const std::string name(first_word(line));
    const CommandRow* row = find_row(name);
    if (row == nullptr) {
        return Misunderstood{"there is no command /" + name + "; did you mean /" +
                             std::string(nearest(name)) + "? (//" + name + " sends it as text)"};
    }
    return run_row(*row, line, current);
}

}  // namespace sotto::tui
