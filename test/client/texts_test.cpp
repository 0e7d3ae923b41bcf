// Texts alone, with a sealer that does what the test says.
#include "tui/client/texts.h"

#include "test/client/part.h"

namespace {

using namespace sotto;
using namespace sotto::test;
using client::RefusalCode;

struct Sealing : client::Sealer {
    bool seal(client::Conversation&, const crypto::Content& content) override {
        if (open) {
            sealed.push_back(content);
        }
        return open;
    }
    bool open = false;
    std::vector<crypto::Content> sealed;
};

struct Story : Part {
    Story() {
        texts.send_through(sealer);
        SeededRandom others(8);
        peers.pin("bob", crypto::Identity::generate(others).public_key());
        chat.state = ChatState::broken;
        take();
    }
    void say(const std::string& text) {
        texts.run(command::SendText{ChatKey::with("bob"), text});
        take();
    }
    [[nodiscard]] std::string sealed_text(std::size_t at) const {
        return std::get<crypto::Text>(sealer.sealed.at(at)).utf8;
    }
    [[nodiscard]] crypto::Text text_of_bob(std::uint8_t id) const {
        crypto::Text text{{}, env.now.wall, "hello", true};
        *text.id.begin() = id;
        return text;
    }

    client::RelayLink link{env};
    client::MemoryStore store;
    NobodyHears nobody;
    client::Peers peers{env, link, store, nobody};
    client::ChatTable chats{env, peers};
    client::Texts texts{env, peers, chats};
    Sealing sealer;
    client::Conversation& chat = chats.open("bob");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(texts_alone, Story)

BOOST_AUTO_TEST_CASE(wait_for_a_session_and_go_in_their_order) {
    say("one");
    say("two");
    BOOST_TEST(all<event::MessageAdded>().at(0).delivery == Delivery::waiting);
    sealer.open = true;
    texts.flush(chat);
    take();
    BOOST_TEST_REQUIRE(sealer.sealed.size() == 2U);
    BOOST_TEST(sealed_text(0) == "one");
    BOOST_TEST(sealed_text(1) == "two");
    BOOST_TEST(all<event::DeliveryChanged>().size() == 2U);
}

BOOST_AUTO_TEST_CASE(go_again_after_a_session_that_ended_before_they_were_acknowledged) {
    sealer.open = true;
    say("one");
    texts.session_ended(chat);
    take();
    BOOST_TEST(all<event::DeliveryChanged>().at(0).delivery == Delivery::waiting);
    texts.flush(chat);
    BOOST_TEST_REQUIRE(sealer.sealed.size() == 2U);
    BOOST_TEST(sealed_text(1) == "one");
}

BOOST_AUTO_TEST_CASE(are_delivered_when_the_peer_names_them_and_once_only) {
    sealer.open = true;
    say("one");
    const crypto::Received received{{std::get<crypto::Text>(sealer.sealed.at(0)).id}};
    texts.opened(chat, received);
    texts.opened(chat, received);
    take();
    const auto changes = all<event::DeliveryChanged>();
    BOOST_TEST_REQUIRE(changes.size() == 1U);
    BOOST_TEST(changes[0].delivery == Delivery::delivered);
}

BOOST_AUTO_TEST_CASE(of_the_peer_are_shown_once_and_acknowledged_each_time) {
    texts.opened(chat, text_of_bob(1));
    texts.opened(chat, text_of_bob(1));
    texts.opened(chat, text_of_bob(2));
    take();
    BOOST_TEST(all<event::MessageAdded>().size() == 2U);
    sealer.open = true;
    texts.flush(chat);
    BOOST_TEST_REQUIRE(sealer.sealed.size() == 1U);
    BOOST_TEST(std::get<crypto::Received>(sealer.sealed[0]).ids.size() == 3U);
}

BOOST_AUTO_TEST_CASE(are_refused_with_the_reason_that_comes_first) {
    const auto refused = [&](const std::string& text) {
        say(text);
        return all<event::Refused>().at(0).code;
    };
    BOOST_TEST(refused("") == RefusalCode::empty_text);
    BOOST_TEST(refused(std::string(16 * 1024 + 1, 'x')) == RefusalCode::too_long);
    BOOST_TEST(refused("\xFF") == RefusalCode::not_utf8);
    chat.state = ChatState::ended;
    BOOST_TEST(refused("one") == RefusalCode::no_chat);
    chat.theirs.emplace();
    BOOST_TEST(refused("one") == RefusalCode::answer_first);
    SeededRandom others(9);
    peers.note_key_change("bob", crypto::Identity::generate(others).public_key());
    BOOST_TEST(refused("one") == RefusalCode::key_changed);
}

BOOST_AUTO_TEST_CASE(that_wait_can_be_given_up) {
    texts.run(command::DiscardUnsent{ChatKey::with("bob")});
    take();
    BOOST_TEST(all<event::Refused>().at(0).code == RefusalCode::nothing_unsent);
    say("one");
    texts.run(command::DiscardUnsent{ChatKey::with("bob")});
    take();
    BOOST_TEST(all<event::DeliveryChanged>().at(0).delivery == Delivery::discarded);
    sealer.open = true;
    texts.flush(chat);
    BOOST_TEST(sealer.sealed.empty());
}

BOOST_AUTO_TEST_SUITE_END()
