#include "tui/demo/demo.h"

#include "crypto/identity.h"
#include "net/tls/certificate.h"
#include "relay/broker/broker.h"
#include "relay/broker/state_directory.h"
#include "relay/store/sqlite_registry.h"
#include "tui/client/memory_store.h"
#include "tui/driver/driver.h"
#include "tui/driver/open_screen.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <vector>

namespace sotto::program {

namespace {

namespace command = client::command;
namespace event = client::event;

const std::string kYou = "you";
const std::string kPeer = "juniper";

/// A temporary directory, removed after the demo.
class Scratch {
  public:
    Scratch() {
        std::string name = (std::filesystem::temp_directory_path() / "sotto-demo-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("can't make a temporary directory");
        }
        path_ = name;
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

/// One client of the demo and what it needs, in memory only.
struct Party {
    Party(net::Loop& loop, const std::string& scratch, const std::string& name, std::uint16_t port,
          const net::Pin& pin, std::function<void()> on_finished)
        : identity(crypto::Identity::generate(random)),
          pins(*net::PinStore::load(scratch + "/" + name + "-relays")) {
        client::Client::Options options;
        options.user = name;
        options.relay = "127.0.0.1:" + std::to_string(port);
        driver = std::make_unique<Driver>(
            loop, Driver::Relay{"127.0.0.1", port, pin, std::nullopt, false}, pins,
            std::make_unique<client::Client>(options, identity, store, random),
            std::move(on_finished));
    }
    crypto::SystemRandom random;
    crypto::Identity identity;
    client::MemoryStore store;
    net::PinStore pins;
    std::unique_ptr<Driver> driver;
};

/// A face that acts without a person.
class Automaton : public tui::Face {
  public:
    explicit Automaton(Sink sink) : sink_(std::move(sink)) {}
    void on_input(Time /*now*/) override {}
    [[nodiscard]] int input_descriptor() const override { return -1; }

  protected:
    void tell(const client::Command& what) { sink_(what); }

  private:
    Sink sink_;
};

/// The peer: asks for a chat once somebody is online, then answers messages.
class Juniper final : public Automaton {
  public:
    using Automaton::Automaton;

    void on_event(const client::Event& what, Time /*now*/) override {
        if (const auto* users = std::get_if<event::UsersChanged>(&what.what)) {
            for (const event::UserEntry& user : users->users) {
                if (user.name == kYou && user.online && !asked_) {
                    asked_ = true;
                    tell(command::RequestChat{client::ChatKey::with(kYou)});
                }
            }
        } else if (const auto* chat = std::get_if<event::ChatChanged>(&what.what)) {
            if (chat->state == client::ChatState::open && !greeted_) {
                greeted_ = true;
                tell(command::SendText{client::ChatKey::with(kYou),
                                       "hello! I am juniper, a program in this demo."});
            }
        } else if (const auto* message = std::get_if<event::MessageAdded>(&what.what)) {
            if (!message->own) {
                heard.push_back(message->text.str());
                tell(command::SendText{client::ChatKey::with(kYou),
                                       "you said: " + message->text.str()});
            }
        } else if (const auto* shown = std::get_if<event::SafetyNumber>(&what.what)) {
            number = shown->digits;
        }
    }

    std::vector<std::string> heard;
    std::string number;  ///< the safety number on its own screen

  private:
    bool asked_ = false;
    bool greeted_ = false;
};

/// The person's face with a simulated telephone call: when the safety number is shown, juniper
/// looks at its own and reads out the requested groups.
class WithTelephone final : public tui::Face {
  public:
    WithTelephone(std::unique_ptr<tui::Face> face, const Juniper& juniper,
                  std::function<void()> let_juniper_look)
        : face_(std::move(face)), juniper_(juniper), look_(std::move(let_juniper_look)) {}

    void on_event(const client::Event& what, Time now) override {
        face_->on_event(what, now);
        if (const auto* shown = std::get_if<event::SafetyNumber>(&what.what)) {
            look_();
            face_->on_event(event::Notice{event::Notice::Level::info, client::ChatKey::with(kPeer),
                                          client::SafeText::own(reading(shown->asked))},
                            now);
        }
    }
    void on_input(Time now) override { face_->on_input(now); }
    void on_tick(Time now) override { face_->on_tick(now); }
    void refresh(Time now) override { face_->refresh(now); }
    [[nodiscard]] std::optional<Time> next_deadline() const override {
        return face_->next_deadline();
    }
    [[nodiscard]] int input_descriptor() const override { return face_->input_descriptor(); }
    [[nodiscard]] int exit_status() const override { return face_->exit_status(); }

  private:
    template <class Groups>
    [[nodiscard]] std::string reading(const Groups& asked) const {
        constexpr std::size_t group = 5;
        std::string out = "On the telephone, juniper reads from its own screen:";
        for (const int position : asked) {
            const auto begin = static_cast<std::size_t>(position - 1) * group;
            out += " " + juniper_.number.substr(std::min(begin, juniper_.number.size()), group);
        }
        return out;
    }

    std::unique_ptr<tui::Face> face_;
    const Juniper& juniper_;
    std::function<void()> look_;
};

/// The person of the scripted demo: accepts, verifies, sends three messages, exits.
class Script final : public Automaton {
  public:
    using Automaton::Automaton;

    const std::vector<std::string> lines{"hello juniper", "can the relay read this?",
                                         "then let us talk"};

    void on_event(const client::Event& what, Time /*now*/) override {
        if (const auto* request = std::get_if<event::RequestArrived>(&what.what)) {
            std::cout << "[you] " << request->chat << " asks for a chat, key "
                      << request->fingerprint << "; accepting\n";
            tell(command::AcceptRequest{request->chat});
        } else if (const auto* chat = std::get_if<event::ChatChanged>(&what.what)) {
            if (chat->state == client::ChatState::open && !said_) {
                said_ = true;
                tell(command::ShowSafetyNumber{kPeer});
                for (const std::string& line : lines) {
                    tell(command::SendText{client::ChatKey::with(kPeer), line});
                }
            }
        } else if (const auto* number = std::get_if<event::SafetyNumber>(&what.what)) {
            std::cout << "[you] safety number " << number->digits << "\n";
        } else if (const auto* message = std::get_if<event::MessageAdded>(&what.what)) {
            std::cout << (message->own ? "[you -> juniper] " : "[juniper -> you] ")
                      << message->text.str() << "\n";
            if (!message->own) {
                heard.push_back(message->text.str());
            }
            if (heard.size() == lines.size() + 1) {
                tell(command::Quit{});
            }
        }
    }

    std::vector<std::string> heard;

  private:
    bool said_ = false;
};

/// What went wrong in the scripted demo; empty if nothing.
std::string verdict(const Script& you, const Juniper& juniper,
                    const std::vector<std::string>& relay_saw) {
    if (juniper.heard != you.lines) {
        return "juniper did not get every message in order";
    }
    std::vector<std::string> expected{"hello! I am juniper, a program in this demo."};
    for (const std::string& line : you.lines) {
        expected.push_back("you said: " + line);
    }
    if (you.heard != expected) {
        return "you did not get every answer in order";
    }
    for (const std::string& text : relay_saw) {
        for (const std::string& line : expected) {
            if (text.find(line) != std::string::npos) {
                return "the relay saw plaintext";
            }
        }
        for (const std::string& line : you.lines) {
            if (text.find(line) != std::string::npos) {
                return "the relay saw plaintext";
            }
        }
    }
    return relay_saw.empty() ? "the relay saw nothing at all" : "";
}

void print_relay_view(const std::vector<std::string>& relay_saw) {
    constexpr std::size_t width = 140;
    std::cout << "--- what the relay saw ---\n";
    for (const std::string& text : relay_saw) {
        std::cout << text.substr(0, width) << (text.size() > width ? "..." : "") << "\n";
    }
}

}  // namespace

int run_demo(bool interactive) {
    crypto::init();
    const Scratch scratch;
    const relay::StateDirectory state = relay::open_state(scratch.path());
    relay::ensure_certificate(state.certificate(), state.key());
    relay::SqliteRegistry registry(state.registry());
    net::Loop loop;
    relay::Broker::Options options;
    options.endpoint.certificate_file = state.certificate();
    options.endpoint.key_file = state.key();
    std::vector<std::string> relay_saw;
    relay::Broker broker(
        loop, registry, options, [](relay::Note::Level, const std::string&) {},
        [&](std::string_view text) { relay_saw.emplace_back(text); });
    const auto port = broker.listen("127.0.0.1", 0);
    if (!port) {
        throw std::runtime_error(port.error());
    }
    Party you(loop, scratch.path(), kYou, *port, broker.pin(), [&] { loop.stop(); });
    Party peer(loop, scratch.path(), kPeer, *port, broker.pin(), [] {});
    const auto sink_of = [](Party& party) {
        return [&party](const client::Command& what) { party.driver->execute(what); };
    };
    Juniper juniper(sink_of(peer));
    peer.driver->set_face(juniper);
    std::unique_ptr<tui::Face> face;
    Script* script = nullptr;
    if (interactive) {
        face = std::make_unique<WithTelephone>(open_screen(loop, sink_of(you)), juniper, [&] {
            peer.driver->execute(command::ShowSafetyNumber{kYou});
        });
        face->on_event(
            event::Notice{event::Notice::Level::info,
                          {},
                          client::SafeText::own(
                              "This is a demo: a private relay runs on 127.0.0.1 port " +
                              std::to_string(*port) +
                              ", and juniper, a program, asks you for a chat. F3, then a, accepts; "
                              "then write something; M-v compares the safety number; /wire "
                              "shows what the relay sees; /quit leaves.")},
            Driver::now().monotonic);
    } else {
        auto made = std::make_unique<Script>(sink_of(you));
        script = made.get();
        face = std::move(made);
    }
    you.driver->set_face(*face);
    net::Loop::Timer give_up(loop);
    if (script != nullptr) {
        give_up.at(net::Loop::Clock::now() + std::chrono::seconds(60), [&] { loop.stop(); });
    }
    loop.post([&] {
        you.driver->execute(command::Connect{});
        peer.driver->execute(command::Connect{});
    });
    loop.run();
    if (script == nullptr) {
        return 0;
    }
    print_relay_view(relay_saw);
    const std::string wrong = verdict(*script, juniper, relay_saw);
    std::cout << (wrong.empty() ? "every message arrived, in order; the relay saw no plaintext"
                                : "FAILED: " + wrong)
              << "\n";
    return wrong.empty() ? 0 : 1;
}

}  // namespace sotto::program
