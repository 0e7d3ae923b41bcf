// Roster on a link, with nobody but a listener.
#include "tui/client/roster.h"

#include "test/client/part.h"

namespace {

using namespace sotto;
using namespace sotto::test;

struct Heard : client::Roster::Listener {
    using At = std::optional<client::Time>;
    void peer_left(const std::string& user, const At&) override { said.push_back("left " + user); }
    void peer_returned(const std::string& user, const client::Requests::Return& back) override {
        said.push_back((back.was_online ? "again " : "returned ") + user);
    }
    void list_complete(const At&) override { said.emplace_back("complete"); }
    void key_found(const std::string& user, const crypto::PublicKey&) override {
        said.push_back("key of " + user);
    }
    void key_not_found(const std::string& user, const std::string& why) override {
        said.push_back("no key of " + user + ": " + why);
    }
    Texts said;
};

struct Story : Part {
    client::RelayLink link{env};
    client::MemoryStore store;
    NobodyHears nobody;
    client::Peers peers{env, link, store, nobody};
    Heard heard;
    client::Roster roster{env, link, peers, heard};

    void connect() {
        link.run(command::Connect{});
        link.up({});
        wire::RelayHello hello;
        hello.version = wire::kVersion;
        BOOST_TEST(link.on(hello));
        BOOST_TEST(link.on(wire::Registered{"alice"}));
        roster.set_interval(20);
        roster.connected();
    }
    /// The id of the last message that was sent.
    [[nodiscard]] std::int64_t asked() {
        take();
        BOOST_TEST_REQUIRE(!effects.empty());
        const std::string text = std::get<client::effect::Send>(effects.back()).text;
        const auto at = text.find("\"id\":");
        BOOST_TEST_REQUIRE(at != std::string::npos);
        return std::stoll(text.substr(at + 5));
    }
    void list(std::int64_t id, const Texts& online, const Texts& offline, bool more = false) {
        wire::UserList page;
        page.id = id;
        page.version = 5;
        page.online = online;
        page.offline = offline;
        page.more = more;
        roster.on(page);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(roster_alone, Story)

BOOST_AUTO_TEST_CASE(tells_of_nobody_before_a_new_list_is_complete) {
    connect();
    list(asked(), {"bob"}, {}, true);
    BOOST_TEST(heard.said.empty());
    list(asked(), {"carol"}, {});
    BOOST_TEST(heard.said == Texts{"complete"});
    BOOST_TEST(peers.is_online("bob"));
    BOOST_TEST(peers.is_online("carol"));
}

BOOST_AUTO_TEST_CASE(tells_who_left_and_who_is_listed_as_online_again) {
    connect();
    list(asked(), {"bob", "carol"}, {});
    heard.said.clear();
    roster.run(command::RefreshUsers{});
    list(asked(), {"bob", "dave"}, {"carol"});
    BOOST_TEST(heard.said == (Texts{"again bob", "returned dave", "left carol"}));
}

BOOST_AUTO_TEST_CASE(drops_a_list_that_nobody_asked_for) {
    connect();
    const auto id = asked();
    list(id + 1, {"bob"}, {});
    BOOST_TEST(out.dropped() == 1U);
    BOOST_TEST(!peers.is_listed("bob"));
    list(id, {"bob"}, {});
    list(id, {"eve"}, {});
    BOOST_TEST(out.dropped() == 2U);
    BOOST_TEST(!peers.is_listed("eve"));
}

BOOST_AUTO_TEST_CASE(polls_at_the_interval_of_the_relay_and_not_when_offline) {
    connect();
    list(asked(), {}, {});
    BOOST_TEST((roster.next_deadline() == env.now.monotonic + seconds(20)));
    pass(seconds(20));
    roster.tick();
    take();
    BOOST_TEST(sent == Texts{"user_list"});
    link.down({});
    roster.link_lost();
    BOOST_TEST(!roster.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(gives_a_lookup_its_key_only_for_the_user_that_was_asked) {
    connect();
    roster.look_up_key("bob");
    wire::Pubkey answer;
    answer.id = asked();
    answer.user = "eve";
    roster.on(answer);
    BOOST_TEST(roster.looking_up("bob"));
    answer.user = "bob";
    roster.on(answer);
    BOOST_TEST(!roster.looking_up("bob"));
    BOOST_TEST(heard.said == Texts{"key of bob"});
}

BOOST_AUTO_TEST_CASE(forgets_a_lookup_that_is_not_wanted_any_more) {
    connect();
    roster.look_up_key("bob");
    wire::Pubkey answer;
    answer.id = asked();
    answer.user = "bob";
    roster.stop_looking_up("bob");
    roster.on(answer);
    BOOST_TEST(heard.said.empty());
}

BOOST_AUTO_TEST_CASE(says_why_there_is_no_key) {
    connect();
    roster.look_up_key("bob");
    wire::ErrorMessage error;
    error.code = wire::ErrorCode::not_found;
    error.id = asked();
    roster.refused(error);
    BOOST_TEST(heard.said == Texts{"no key of bob: nobody is registered as bob"});
}

BOOST_AUTO_TEST_CASE(refuses_to_list_or_search_without_a_connection) {
    roster.run(command::RefreshUsers{});
    roster.run(command::SearchUsers{"b"});
    take();
    const auto refused = all<event::Refused>();
    BOOST_TEST_REQUIRE(refused.size() == 2U);
    BOOST_TEST(refused[0].code == client::RefusalCode::not_connected);
    BOOST_TEST(refused[1].code == client::RefusalCode::not_connected);
}

BOOST_AUTO_TEST_SUITE_END()
