// What a person can see of the client, folded from its events.
#include "tui/common/client_view.h"

#include "test/support/print.h"

#include <boost/test/unit_test.hpp>

using namespace sotto;
using namespace sotto::client;
using tui::ClientView;

namespace {

ClientView view_of(const std::vector<Event>& events) {
    ClientView view;
    for (const Event& event : events) {
        fold(view, event);
    }
    return view;
}

event::ChatChanged chat(const std::string& user, ChatState state, Trust trust = Trust::unverified) {
    event::ChatChanged out;
    out.chat = ChatKey::with(user);
    out.state = state;
    out.trust = trust;
    return out;
}

event::LinkChanged link(Link state) {
    event::LinkChanged out;
    out.state = state;
    out.relay = "relay.example:7443";
    return out;
}

event::MessageAdded own_text(const std::string& user, const std::string& id) {
    event::MessageAdded out;
    out.chat = ChatKey::with(user);
    out.id = id;
    out.own = true;
    return out;
}

event::DeliveryChanged delivery(const std::string& user, const std::string& id, Delivery how) {
    event::DeliveryChanged out;
    out.chat = ChatKey::with(user);
    out.id = id;
    out.delivery = how;
    return out;
}

event::RequestArrived request(const std::string& user) {
    event::RequestArrived out;
    out.chat = ChatKey::with(user);
    out.fingerprint = "1111 2222";
    out.trust = Trust::unverified;
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(view_of_the_client)

BOOST_AUTO_TEST_CASE(a_relay_key_is_to_be_settled_until_the_link_changes) {
    ClientView view;
    BOOST_TEST(view.relay_key == ClientView::RelayKey::in_order);
    fold(view, link(Link::refused));
    fold(view, event::RelayTrustNeeded{"relay.example:7443", "00ff"});
    BOOST_TEST(view.relay_key == ClientView::RelayKey::unknown);
    fold(view, link(Link::connecting));
    BOOST_TEST(view.relay_key == ClientView::RelayKey::in_order);
    fold(view, event::RelayKeyChanged{"relay.example:7443", "00", "ff"});
    BOOST_TEST(view.relay_key == ClientView::RelayKey::changed);
}

BOOST_AUTO_TEST_CASE(rows_of_users_change_one_by_one_and_a_full_list_replaces_them) {
    ClientView view =
        view_of({event::UsersChanged{true,
                                     {{"bob", true, Trust::unverified, false},
                                      {"carol", false, Trust::verified, false}}},
                 event::UsersChanged{false, {{"bob", false, Trust::verified, false}}}});
    BOOST_TEST(view.users.size() == 2U);
    BOOST_TEST(!view.users.at("bob").online);
    BOOST_TEST(view.users.at("bob").trust == Trust::verified);
    fold(view, event::UsersChanged{true, {{"dave", true, Trust::unknown, false}}});
    BOOST_TEST(view.users.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_stranger_who_was_listed_for_a_block_alone_leaves_with_it) {
    ClientView view = view_of({event::UsersChanged{
        false, {{"nemo", false, Trust::unknown, true}, {"bob", true, Trust::unknown, true}}}});
    fold(view, event::UsersChanged{
                   false,
                   {{"nemo", false, Trust::unknown, false}, {"bob", true, Trust::unknown, false}}});
    BOOST_TEST(view.users.count("nemo") == 0U);
    BOOST_TEST(view.users.count("bob") == 1U);
}

BOOST_AUTO_TEST_CASE(
    requests_stand_in_the_order_they_came_and_a_new_one_takes_the_place_of_the_old) {
    ClientView view = view_of({request("bob"), request("carol")});
    event::RequestArrived again = request("bob");
    again.fingerprint = "3333 4444";
    fold(view, again);
    BOOST_REQUIRE(view.requests.size() == 2U);
    BOOST_TEST(view.requests.front().chat == ChatKey::with("bob"));
    BOOST_TEST(view.request(ChatKey::with("bob"))->fingerprint == "3333 4444");
    fold(view, event::RequestGone{ChatKey::with("bob"), {}});
    BOOST_TEST(view.request(ChatKey::with("bob")) == nullptr);
    BOOST_TEST(view.requests.size() == 1U);
    fold(view, event::RequestGone{ChatKey::with("nobody"), {}});
    BOOST_TEST(view.requests.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_request_says_how_far_its_sender_is_trusted_now) {
    const ClientView view =
        view_of({request("bob"), chat("bob", ChatState::asked, Trust::verified)});
    BOOST_TEST(view.request(ChatKey::with("bob"))->trust == Trust::verified);
}

BOOST_AUTO_TEST_CASE(a_key_change_stands_until_the_key_is_accepted) {
    event::KeyChanged change;
    change.user = "bob";
    change.new_fingerprint = "9999";
    ClientView view = view_of({change, chat("bob", ChatState::key_changed, Trust::key_changed)});
    BOOST_REQUIRE(view.key_changes.count("bob") == 1U);
    BOOST_TEST(view.key_changes.at("bob").new_fingerprint == "9999");
    fold(view, chat("bob", ChatState::none, Trust::key_changed));  // put away, not settled
    BOOST_TEST(view.key_changes.count("bob") == 1U);
    fold(view, chat("bob", ChatState::none, Trust::unverified));
    BOOST_TEST(view.key_changes.count("bob") == 0U);
}

BOOST_AUTO_TEST_CASE(a_peer_types_until_a_text_comes_or_the_chat_is_open_no_more) {
    ClientView view =
        view_of({chat("bob", ChatState::open), event::PeerTyping{ChatKey::with("bob"), true}});
    BOOST_TEST(view.chat(ChatKey::with("bob")).typing);
    fold(view, own_text("bob", "01"));
    BOOST_TEST(view.chat(ChatKey::with("bob")).typing);
    event::MessageAdded heard;
    heard.chat = ChatKey::with("bob");
    fold(view, heard);
    BOOST_TEST(!view.chat(ChatKey::with("bob")).typing);
    fold(view, event::PeerTyping{ChatKey::with("bob"), true});
    fold(view, chat("bob", ChatState::broken));
    BOOST_TEST(!view.chat(ChatKey::with("bob")).typing);
}

BOOST_AUTO_TEST_CASE(nothing_is_known_of_a_chat_that_was_never_told_of) {
    const ClientView view;
    BOOST_TEST(view.chat(ChatKey::with("bob")).about.state == ChatState::none);
    BOOST_TEST(view.chat(ChatKey::with("bob")).undelivered.empty());
    BOOST_TEST(is_settled(view));
    BOOST_TEST(exit_status(view, false) == 0);
}

BOOST_AUTO_TEST_CASE(a_text_on_its_way_in_a_chat_that_goes_on_is_not_settled) {
    ClientView view = view_of({link(Link::connected), chat("bob", ChatState::open),
                               own_text("bob", "01"), own_text("bob", "02")});
    BOOST_TEST(!is_settled(view));
    fold(view, delivery("bob", "01", Delivery::sent));
    BOOST_TEST(view.chat(ChatKey::with("bob")).undelivered.at("01") == Delivery::sent);
    BOOST_TEST(tui::undelivered(view).at(ChatKey::with("bob")) == 2);
    fold(view, delivery("bob", "01", Delivery::delivered));
    fold(view, delivery("bob", "02", Delivery::delivered));
    BOOST_TEST(tui::undelivered(view).empty());
    BOOST_TEST(is_settled(view));
    BOOST_TEST(exit_status(view, false) == 0);
}

BOOST_AUTO_TEST_CASE(what_cannot_arrive_by_itself_is_settled_and_fails) {
    ClientView view =
        view_of({link(Link::connected), chat("bob", ChatState::open), own_text("bob", "01")});
    fold(view, chat("bob", ChatState::ended));
    BOOST_TEST(is_settled(view));
    BOOST_TEST(exit_status(view, false) == 1);
    fold(view, chat("bob", ChatState::securing));
    BOOST_TEST(!is_settled(view));
    fold(view, link(Link::refused));
    BOOST_TEST(is_settled(view));
}

BOOST_AUTO_TEST_CASE(a_text_that_was_given_up_or_never_became_one_fails) {
    ClientView view = view_of(
        {link(Link::connected), own_text("bob", "01"), delivery("bob", "01", Delivery::discarded)});
    BOOST_TEST(tui::undelivered(view).empty());
    BOOST_TEST(exit_status(view, false) == 1);
    BOOST_TEST(exit_status(ClientView(), true) == 1);
}

BOOST_AUTO_TEST_CASE(a_relay_that_turned_us_away_fails_also_after_the_end) {
    const ClientView view = view_of({link(Link::refused), event::Finished{}});
    BOOST_TEST(view.finished);
    BOOST_TEST(exit_status(view, false) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
