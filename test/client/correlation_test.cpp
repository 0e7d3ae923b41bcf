// Each event names the command that brought it about.
#include "test/client/talk.h"

namespace {

using namespace sotto;
using namespace sotto::test;
using client::Command;
using client::CommandId;
using client::RefusalCode;

constexpr auto kMine = CommandId{77};

struct Story {
    World world;
    Person& alice = world.add("alice");
    Person& bob = world.add("bob");

    /// The events of `T` that name `id`.
    template <class T>
    [[nodiscard]] static std::vector<T> answers(const Person& person, CommandId id = kMine) {
        std::vector<T> out;
        for (const client::Event& one : person.events) {
            const T* what = std::get_if<T>(&one.what);
            if (what != nullptr && one.answers == id) {
                out.push_back(*what);
            }
        }
        return out;
    }
    template <class What>
    void tell(What what, CommandId id = kMine) {
        world.tell(alice, Command(std::move(what), id));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(correlation, Story)

BOOST_AUTO_TEST_CASE(a_refusal_names_its_command_with_a_code) {
    tell(command::SendText{ChatKey::with("bob"), "hello"});
    const auto refused = answers<event::Refused>(alice);
    BOOST_TEST_REQUIRE(refused.size() == 1U);
    BOOST_TEST(refused[0].command == CommandKind::send_text);
    BOOST_TEST(refused[0].code == RefusalCode::no_chat);
    BOOST_TEST(refused[0].why.str() == "there is no chat with bob; /chat bob asks for one");
}

BOOST_AUTO_TEST_CASE(without_an_id_no_event_names_one) {
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    for (const client::Event& one : alice.events) {
        BOOST_TEST(!one.answers.has_value());
    }
}

BOOST_AUTO_TEST_CASE(two_texts_of_the_same_words_can_be_told_apart) {
    world.befriend(alice, bob);
    tell(command::SendText{ChatKey::with("bob"), "hello"}, CommandId{1});
    tell(command::SendText{ChatKey::with("bob"), "hello"}, CommandId{2});
    const auto first = answers<event::MessageAdded>(alice, CommandId{1});
    const auto second = answers<event::MessageAdded>(alice, CommandId{2});
    BOOST_TEST_REQUIRE(first.size() == 1U);
    BOOST_TEST_REQUIRE(second.size() == 1U);
    BOOST_TEST(first[0].id != second[0].id);
}

BOOST_AUTO_TEST_CASE(a_lookup_that_fails_later_names_the_request_it_was_for) {
    tell(command::RequestChat{ChatKey::with("nobody")});
    tell(command::RequestChat{ChatKey::with("bob")}, CommandId{78});
    world.settle();
    const auto failed = answers<event::Notice>(alice);
    BOOST_TEST_REQUIRE(failed.size() == 1U);
    BOOST_TEST(failed[0].text.str() == "nobody is registered as nobody");
    const auto changes = answers<event::ChatChanged>(alice);
    BOOST_TEST_REQUIRE(changes.size() == 2U);
    BOOST_TEST(changes[0].state == ChatState::requested);
    BOOST_TEST(changes[1].state == ChatState::none);
    BOOST_TEST(answers<event::Notice>(alice, CommandId{78}).empty());
}

BOOST_AUTO_TEST_CASE(the_answer_of_the_peer_names_the_request) {
    tell(command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.tell(bob, command::DeclineRequest{ChatKey::with("alice"), false});
    world.settle();
    BOOST_TEST(answers<event::ChatChanged>(alice).back().state == ChatState::declined);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_made_anew_still_names_its_command) {
    tell(command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.cut(bob);
    world.pass(seconds(60));
    world.tell(bob, command::DeclineRequest{ChatKey::with("alice"), false});
    world.settle();
    BOOST_TEST(answers<event::ChatChanged>(alice).back().state == ChatState::declined);
}

BOOST_AUTO_TEST_CASE(nothing_that_the_peer_does_of_itself_names_a_command) {
    world.befriend(alice, bob);
    tell(command::SetTyping{ChatKey::with("bob"), true});
    world.tell(bob, command::SendText{ChatKey::with("alice"), "hello"});
    world.settle();
    BOOST_TEST(answers<event::MessageAdded>(alice).empty());
    BOOST_TEST(alice.texts().size() == 1U);
}

BOOST_AUTO_TEST_CASE(every_page_of_a_search_names_it_and_searches_do_not_mix) {
    int cut = 2;
    world.evil = [&](const std::string& to, std::string& text) {
        const auto at = text.find("\"more\":false");
        if (to == "alice" && contains(text, "\"bob\"") && at != std::string::npos && cut-- > 0) {
            text.replace(at, 12, "\"more\":true");
        }
        return true;
    };
    tell(command::SearchUsers{"bo"}, CommandId{1});
    tell(command::SearchUsers{"b"}, CommandId{2});
    world.settle();
    const auto pages = answers<event::SearchResult>(alice, CommandId{1});
    BOOST_TEST(pages.size() == 2U);
    BOOST_TEST(pages.back().prefix == "bo");
    const auto other = answers<event::SearchResult>(alice, CommandId{2});
    BOOST_TEST_REQUIRE(other.size() == 2U);
    BOOST_TEST(other.back().prefix == "b");
}

BOOST_AUTO_TEST_CASE(the_list_that_a_refresh_asked_for_names_it_and_the_next_poll_does_not) {
    world.add("carol");
    tell(command::RefreshUsers{});
    world.settle();
    BOOST_TEST(answers<event::UsersChanged>(alice).size() == 1U);
    world.add("dave");
    world.pass(seconds(60));
    BOOST_TEST(answers<event::UsersChanged>(alice).size() == 1U);
    BOOST_TEST(alice.all<event::UsersChanged>().back().users.back().name == "dave");
}

BOOST_AUTO_TEST_CASE(leaving_and_coming_back_name_the_commands_up_to_their_ends) {
    tell(command::Disconnect{}, CommandId{1});
    world.settle();
    BOOST_TEST(answers<event::LinkChanged>(alice, CommandId{1}).back().state == Link::offline);
    tell(command::Connect{}, CommandId{2});
    world.settle();
    const auto steps = answers<event::LinkChanged>(alice, CommandId{2});
    BOOST_TEST_REQUIRE(steps.size() == 3U);
    BOOST_TEST(steps[0].state == Link::connecting);
    BOOST_TEST(steps[1].state == Link::registering);
    BOOST_TEST(steps[2].state == Link::connected);
    BOOST_TEST(answers<event::Registered>(alice, CommandId{2}).size() == 1U);
    world.cut(alice);
    BOOST_TEST(link(alice) != Link::connected);
    BOOST_TEST(answers<event::LinkChanged>(alice, CommandId{2}).size() == 3U);
}

BOOST_AUTO_TEST_CASE(the_end_names_quit) {
    tell(command::Quit{});
    BOOST_TEST(answers<event::Finished>(alice).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
