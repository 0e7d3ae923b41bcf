#include "tui/startup/first_run.h"

#include "crypto/base/host_port.h"
#include "net/wire/contact_link.h"
#include "net/wire/user_name.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace sotto::program {

namespace {

std::string host_port(const wire::Address& address) {
    return base::host_port(address.host, address.port);
}

std::string ask_name(const Prompt& prompt, const std::string& suggestion) {
    const bool offer = wire::is_user_name(suggestion);
    for (;;) {
        const std::string answer =
            prompt.ask(offer ? "Your name [" + suggestion + "]: " : "Your name: ");
        if (answer.empty() && offer) {
            return suggestion;
        }
        if (wire::is_user_name(answer) || answer.find('@') != std::string::npos) {
            return answer;
        }
        prompt.say(
            "  That can't be a name: a-z, 0-9, '.', '_' and '-', at most 32 of them,\n"
            "  the first a letter or digit.\n");
    }
}

std::string ask_relay(const Prompt& prompt, const std::string& name) {
    for (;;) {
        const std::string answer = prompt.ask("The relay (HOST or HOST:PORT): ");
        const auto address = wire::parse_address(answer);
        if (address && address->user.empty()) {
            return name + "@" + host_port(*address);
        }
        prompt.say("  " +
                   (address ? std::string("Just the relay: host and port.")
                            : "That won't do: " + address.error().what + ".") +
                   "\n");
    }
}

std::string choose_passphrase(const Prompt& prompt) {
    prompt.say(
        "\nYou get an identity: a secret key in a file that only you can read. A passphrase\n"
        "protects it from whoever gets at the file all the same. Nobody can recover it.\n");
    for (;;) {
        std::string chosen = prompt.ask_hidden("Passphrase (empty for none): ");
        if (chosen.empty() || prompt.ask_hidden("Once more: ") == chosen) {
            return chosen;
        }
        prompt.say("  The two differ; again.\n");
    }
}

std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!file || !std::getline(file, line)) {
        throw std::runtime_error("can't read a passphrase from " + path + ": " +
                                 (file ? "it is empty" : std::strerror(errno)));
    }
    return line;
}

}  // namespace

std::string ask_address(const Prompt& prompt, const std::string& suggestion) {
    prompt.say(
        "Welcome to sotto. Two questions, and you can talk.\n\n"
        "Your name is how others find you on the relay. It belongs to your key for good.\n");
    for (;;) {
        const std::string name = ask_name(prompt, suggestion);
        if (const auto whole = wire::parse_address(name);
            whole && !whole->user.empty()) {  // both at once
            return whole->user + "@" + host_port(*whole);
        }
        if (wire::is_user_name(name)) {
            prompt.say(
                "\nThe relay passes on what it can't read. Whoever runs it tells you its address\n"
                "and its pin. To try sotto without one, leave with Ctrl-D and run: sotto --demo\n");
            return ask_relay(prompt, name);
        }
        prompt.say("  That is neither a name nor NAME@HOST.\n");
    }
}

Passphrases passphrases(const Prompt& prompt, const std::string& file) {
    Passphrases out;
    if (!file.empty()) {
        out.choose = [file] { return first_line(file); };
        out.recall = [file](bool again) {
            return again ? std::nullopt : std::optional(first_line(file));
        };
    } else if (prompt.somebody_there()) {
        out.choose = [&prompt] { return choose_passphrase(prompt); };
        out.recall = [&prompt](bool again) {
            return std::optional(
                prompt.ask_hidden(again ? "That was not it. Passphrase: " : "Passphrase: "));
        };
    } else {
        out.choose = [] { return std::string(); };
        out.recall = [](bool) { return std::optional<std::string>(); };
    }
    return out;
}

}  // namespace sotto::program
