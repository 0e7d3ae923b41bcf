// Peers alone: pins, trust and blocks, and what the chats are told of them.
#include "tui/client/peers.h"

#include "test/client/part.h"

namespace {

using namespace sotto;
using namespace sotto::test;
using client::RefusalCode;

struct Heard : client::Peers::Listener {
    void peer_changed(const std::string& user) override { said.push_back("changed " + user); }
    void peer_pinned(const std::string& user) override { said.push_back("pinned " + user); }
    void key_change_told(const std::string& user) override { said.push_back("told " + user); }
    void key_change_settled(const std::string& user, const std::string& /*done*/) override {
        said.push_back("settled " + user);
    }
    void peer_blocked(const std::string& user) override { said.push_back("blocked " + user); }
    void suite_lowered(const std::string& user) override { said.push_back("lowered " + user); }
    Texts said;
};

struct Story : Part {
    client::RelayLink link{env};
    client::MemoryStore store;
    Heard heard;
    client::Peers peers{env, link, store, heard};
    SeededRandom others{8};
    crypto::PublicKey old_key = crypto::Identity::generate(others).public_key();
    crypto::PublicKey new_key = crypto::Identity::generate(others).public_key();

    /// Why `command` is refused; nothing if it is not.
    template <class Command>
    std::optional<RefusalCode> refused(const Command& command) {
        peers.run(command);
        take();
        const auto all_refused = all<event::Refused>();
        return all_refused.empty() ? std::nullopt : std::optional(all_refused.back().code);
    }
    [[nodiscard]] std::string digits() {
        BOOST_TEST(!refused(command::ShowSafetyNumber{"bob"}).has_value());
        return all<event::SafetyNumber>().back().digits;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(peers_alone, Story)

BOOST_AUTO_TEST_CASE(a_pin_is_stored_shown_and_told_to_the_chat) {
    peers.pin("bob", old_key);
    take();
    BOOST_TEST(all<event::UsersChanged>().at(0).users.at(0).trust == Trust::unverified);
    BOOST_TEST(heard.said == Texts{"changed bob"});
    BOOST_TEST(store.contacts().size() == 1U);
}

BOOST_AUTO_TEST_CASE(only_the_digits_shown_for_the_pinned_key_verify) {
    BOOST_TEST(refused(command::ShowSafetyNumber{"bob"}) == RefusalCode::no_key);
    peers.pin("bob", old_key);
    BOOST_TEST(refused(command::ConfirmSafetyNumber{"bob", "1"}) == RefusalCode::not_shown);
    const std::string right = digits();
    BOOST_TEST(refused(command::ConfirmSafetyNumber{"bob", "1"}) == RefusalCode::wrong_digits);
    BOOST_TEST(!refused(command::ConfirmSafetyNumber{"bob", right}).has_value());
    BOOST_TEST(peers.book().trust_of("bob") == Trust::verified);
    BOOST_TEST(refused(command::SetVerified{"bob", true}) == RefusalCode::not_shown);  // used up
    BOOST_TEST(!refused(command::SetVerified{"bob", false}).has_value());
    BOOST_TEST(refused(command::SetVerified{"bob", false}) == RefusalCode::not_verified);
}

BOOST_AUTO_TEST_CASE(a_number_of_the_old_key_does_not_verify_the_new_one) {
    peers.pin("bob", old_key);
    const std::string shown = digits();
    peers.note_key_change("bob", new_key);
    BOOST_TEST(refused(command::ConfirmSafetyNumber{"bob", shown}) == RefusalCode::key_changed);
    BOOST_TEST(!refused(command::AcceptKeyChange{"bob", crypto::fingerprint(new_key)}).has_value());
    BOOST_TEST(refused(command::ConfirmSafetyNumber{"bob", shown}) == RefusalCode::not_shown);
}

BOOST_AUTO_TEST_CASE(a_key_change_is_settled_by_either_fingerprint_and_no_other) {
    peers.pin("bob", old_key);
    BOOST_TEST(refused(command::AcceptKeyChange{"bob", "1"}) == RefusalCode::key_not_changed);
    peers.note_key_change("bob", new_key);
    heard.said.clear();
    BOOST_TEST(refused(command::AcceptKeyChange{"bob", "1"}) == RefusalCode::wrong_fingerprint);
    BOOST_TEST(heard.said == Texts{"told bob"});
    BOOST_TEST(!refused(command::AcceptKeyChange{"bob", crypto::fingerprint(old_key)}).has_value());
    BOOST_TEST(heard.said.back() == "settled bob");
    BOOST_TEST(*peers.book().usable_key("bob") == old_key);
}

BOOST_AUTO_TEST_CASE(the_floor_of_suites_rises_with_use_and_falls_by_command_only) {
    BOOST_TEST(refused(command::LowerSuite{"bob"}) == RefusalCode::lowest_suite);
    peers.pin("bob", old_key);
    const auto lowest = peers.policy("bob").floor;
    peers.raise_floor("bob", crypto::Suite::x25519_mlkem768);
    BOOST_TEST(peers.policy("bob").floor == crypto::Suite::x25519_mlkem768);
    BOOST_TEST(!refused(command::LowerSuite{"bob"}).has_value());
    BOOST_TEST(peers.policy("bob").floor == lowest);
    BOOST_TEST(heard.said.back() == "lowered bob");
}

BOOST_AUTO_TEST_CASE(blocks_are_listed_and_lifted) {
    BOOST_TEST(refused(command::Block{"alice"}) == RefusalCode::bad_name);
    BOOST_TEST(refused(command::Unblock{"bob"}) == RefusalCode::not_blocked);
    BOOST_TEST(!refused(command::Block{"bob"}).has_value());
    BOOST_TEST(heard.said == (Texts{"blocked bob", "changed bob"}));
    peers.run(command::ListBlocked{});
    take();
    BOOST_TEST(all<event::BlockedUsers>().at(0).users.at(0).name == "bob");
    BOOST_TEST(!refused(command::Unblock{"bob"}).has_value());
    BOOST_TEST(!peers.book().blocked("bob"));
}

BOOST_AUTO_TEST_CASE(a_link_pins_a_key_of_this_relay_and_never_changes_one) {
    const auto link_of = [](const std::string& host, const crypto::PublicKey& key) {
        return wire::to_string(wire::ContactLink{host, 7443, "bob", key, {}});
    };
    BOOST_TEST(refused(command::ImportLink{"nonsense", false}) == RefusalCode::bad_link);
    BOOST_TEST(refused(command::ImportLink{link_of("other.example", old_key), false}) ==
               RefusalCode::link_for_other_relay);
    BOOST_TEST(!refused(command::ImportLink{link_of("relay.example", old_key), false}).has_value());
    BOOST_TEST(peers.book().trust_of("bob") == Trust::from_link);
    BOOST_TEST(heard.said.back() == "pinned bob");
    BOOST_TEST(refused(command::ImportLink{link_of("relay.example", new_key), true}) ==
               RefusalCode::link_with_other_key);
}

BOOST_AUTO_TEST_SUITE_END()
