#include "test/tui/face_fixture.h"
#include "tui/faces/send_face.h"

#include <boost/test/unit_test.hpp>

using namespace sotto;
using namespace sotto::test;
using client::ChatState;
using client::Delivery;
using client::Link;
using client::SafeText;
using tui::pieces_of;
using tui::SendFace;

namespace {

/// One person who sends to bob.
struct Sender {
    Sender() { tell(event::LinkChanged{Link::connecting, {}, "relay.example:7443", {}}); }
    void tell(const client::Event& what) { face.on_event(what, {}); }
    void type(const std::string& text) {
        in.put(text);
        face.on_input({});
    }
    void end_input() {
        in.close_writer();
        face.on_input({});
    }
    void registered() {
        tell(event::LinkChanged{Link::connected, {}, "relay.example:7443", {}});
        tell(event::Registered{"alice", "77ab"});
    }
    void chat(ChatState state, const std::string& why = "") {
        event::ChatChanged changed;
        changed.chat = client::ChatKey::with("bob");
        changed.state = state;
        changed.why = SafeText::own(why);
        tell(changed);
    }
    /// The client has taken what was sent: the driver tells it when it has told all else.
    void entered() {
        for (std::size_t i = 1; i <= sent.size(); ++i) {
            tell(event::MessageAdded{client::ChatKey::with("bob"), std::to_string(i), true, 1,
                                     SafeText::own("x"), Delivery::waiting, true});
        }
    }
    void delivered(const std::string& id) {
        tell(event::DeliveryChanged{client::ChatKey::with("bob"), id, Delivery::delivered});
    }
    template <class T>
    [[nodiscard]] std::size_t count() const {
        return static_cast<std::size_t>(std::count_if(
            commands.begin(), commands.end(),
            [](const client::Command& one) { return std::holds_alternative<T>(one.what); }));
    }
    [[nodiscard]] std::string said() { return out.take(); }

    Pipe in;
    Pipe out;
    std::vector<client::Command> commands;
    SendFace face{in.reader(), out.writer(), "bob", [this](const client::Command& one) {
                      commands.push_back(one);
                      if (const auto* text = std::get_if<command::SendText>(&one.what)) {
                          sent.push_back(text->text);
                      }
                  }};
    std::vector<std::string> sent;
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(send_face, Sender)

BOOST_AUTO_TEST_CASE(it_asks_sends_waits_for_delivery_and_leaves) {
    type("hello bob\n");
    end_input();
    BOOST_TEST(face.input_descriptor() == -1);
    BOOST_TEST(commands.empty());
    registered();
    BOOST_TEST(count<command::RequestChat>() == 1U);
    chat(ChatState::requested);
    BOOST_TEST((sent == std::vector<std::string>{"hello bob"}));
    BOOST_TEST(count<command::Quit>() == 0U);  // nothing waits yet, but nothing has arrived
    entered();
    chat(ChatState::open);
    BOOST_TEST(count<command::Quit>() == 0U);
    BOOST_TEST(face.exit_status() == 1);
    delivered("1");
    BOOST_TEST(count<command::Quit>() == 1U);
    BOOST_TEST(face.exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(a_long_input_goes_as_several_messages_and_all_must_arrive) {
    registered();
    chat(ChatState::open);
    const std::string line(9'000, 'x');
    type(line + "\n");
    type(line + "\n");
    BOOST_TEST(sent.empty());  // there may be more
    end_input();
    BOOST_TEST((sent == std::vector<std::string>{line + "\n", line}));
    entered();
    delivered("1");
    BOOST_TEST(count<command::Quit>() == 0U);
    delivered("2");
    BOOST_TEST(count<command::Quit>() == 1U);
    BOOST_TEST(face.exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(nothing_too_much_or_no_text_is_refused_before_anything_is_sent) {
    for (const std::string& bad : {std::string(), std::string("\n"), std::string("\xFF\xFE")}) {
        Sender sender;
        sender.registered();
        sender.chat(ChatState::open);
        if (!bad.empty()) {
            sender.type(bad);
        }
        sender.end_input();
        BOOST_TEST(sender.sent.empty());
        BOOST_TEST(sender.count<command::Quit>() == 1U);
        BOOST_TEST(sender.face.exit_status() == 1);
        BOOST_TEST(holds(sender.said(), bad == "\xFF\xFE" ? "sotto: the input is not UTF-8 text"
                                                          : "sotto: there is nothing to send"));
    }
    for (int i = 0; i < 70 && face.input_descriptor() >= 0; ++i) {
        type(std::string(16'000, 'x'));
    }
    BOOST_TEST(face.input_descriptor() == -1);
    BOOST_TEST(holds(said(), "more than the 1 MiB"));
    BOOST_TEST(face.exit_status() == 1);
}

BOOST_AUTO_TEST_CASE(a_peer_who_declines_or_is_not_there_ends_it_with_the_reason) {
    for (const ChatState state : {ChatState::declined, ChatState::none, ChatState::ended}) {
        Sender sender;
        sender.type("hi");
        sender.registered();
        sender.chat(ChatState::requested);
        sender.chat(state, "because");
        BOOST_TEST(sender.count<command::Quit>() == 1U);
        BOOST_TEST(sender.face.exit_status() == 1);
        BOOST_TEST(holds(sender.said(), "(because)"));
    }
}

BOOST_AUTO_TEST_CASE(a_connection_that_breaks_is_no_reason_to_give_up) {
    type("hi");
    end_input();
    registered();
    chat(ChatState::requested);
    entered();
    tell(event::LinkChanged{Link::waiting, SafeText::own("lost"), "relay.example:7443", {}});
    chat(ChatState::none, "the connection ended; ask again");
    BOOST_TEST(count<command::Quit>() == 0U);
    registered();
    BOOST_TEST(count<command::RequestChat>() == 2U);
    chat(ChatState::open);
    BOOST_TEST(sent.size() == 1U);  // it waits in the outbox since the first time
    delivered("1");
    BOOST_TEST(face.exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(a_relay_that_is_new_or_has_changed_is_not_talked_to) {
    tell(event::RelayTrustNeeded{"relay.example:7443", "00ff"});
    BOOST_TEST(holds(said(), "the pin of relay.example:7443 is 00ff"));
    BOOST_TEST(count<command::Quit>() == 1U);
    BOOST_TEST(count<command::TrustRelay>() == 0U);
    BOOST_TEST(face.exit_status() == 1);
    Sender other;
    other.tell(event::RelayKeyChanged{"relay.example:7443", "00", "ff"});
    BOOST_TEST(holds(other.said(), "HAS CHANGED; pinned 00, seen ff"));
    BOOST_TEST(other.face.exit_status() == 1);
}

BOOST_AUTO_TEST_CASE(what_to_do_about_a_relay_is_said_in_place_of_that_it_was_refused) {
    tell(event::LinkChanged{Link::refused,
                            SafeText::own("the relay's key is not known yet"),
                            "relay.example:7443",
                            {}});
    tell(event::RelayTrustNeeded{"relay.example:7443", "00ff"});
    tell(event::Finished{});
    BOOST_TEST(said() ==
               "sotto: the pin of relay.example:7443 is 00ff; agree to it in sotto, or "
               "name it with --pin\n");
    BOOST_TEST(face.exit_status() == 1);
    Sender other;
    other.tell(event::LinkChanged{Link::refused, SafeText::own("name taken"), "relay", {}});
    other.tell(event::Finished{});
    BOOST_TEST(other.said() == "sotto: refused relay: name taken\n");
    BOOST_TEST(other.count<command::Quit>() == 1U);
}

BOOST_AUTO_TEST_CASE(why_nothing_was_sent_is_said_once) {
    type("hi");
    registered();
    chat(ChatState::requested);
    chat(ChatState::none, "nobody is registered as bob");
    tell(event::Notice{event::Notice::Level::warning, client::ChatKey::with("bob"),
                       SafeText::own("nobody is registered as bob")});
    BOOST_TEST(said() == "sotto: bob: no chat (nobody is registered as bob)\n");
}

BOOST_AUTO_TEST_CASE(a_changed_key_of_the_peer_ends_it_and_that_of_others_does_not) {
    tell(event::KeyChanged{"carol", "5a34", "c0de", true});
    BOOST_TEST(count<command::Quit>() == 0U);
    tell(event::KeyChanged{"bob", "5a34", "c0de", true});
    BOOST_TEST(count<command::Quit>() == 1U);
    BOOST_TEST(holds(said(), "THE KEY OF bob HAS CHANGED"));
}

BOOST_AUTO_TEST_CASE(what_the_peer_says_meanwhile_is_not_lost) {
    registered();
    tell(event::MessageAdded{client::ChatKey::with("bob"), "77", false, 1,
                             SafeText::own("wait\nsotto: sent"), Delivery::delivered, true});
    BOOST_TEST(said() == "bob> wait\nbob| sotto: sent\n");
}

BOOST_AUTO_TEST_CASE(pieces_are_cut_behind_a_newline_or_between_characters) {
    BOOST_TEST((pieces_of("", 4).empty()));
    BOOST_TEST((pieces_of("abcd", 4) == std::vector<std::string_view>{"abcd"}));
    BOOST_TEST((pieces_of("abcde", 4) == std::vector<std::string_view>{"abcd", "e"}));
    BOOST_TEST((pieces_of("ab\ncde", 4) == std::vector<std::string_view>{"ab\n", "cde"}));
    BOOST_TEST((pieces_of("abc\nde", 4) == std::vector<std::string_view>{"abc\n", "de"}));
    BOOST_TEST((pieces_of("abc\xC3\xA9", 4) == std::vector<std::string_view>{"abc", "\xC3\xA9"}));
    BOOST_TEST((pieces_of("\xF0\x9F\x90\xA7\xF0\x9F\x90\xA7", 4) ==
                std::vector<std::string_view>{"\xF0\x9F\x90\xA7", "\xF0\x9F\x90\xA7"}));
    BOOST_TEST((pieces_of("\n\n\n\n\n", 4) == std::vector<std::string_view>{"\n\n\n\n", "\n"}));
}

BOOST_AUTO_TEST_SUITE_END()
