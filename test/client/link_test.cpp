// RelayLink alone: no relay, no other part.
#include "test/client/part.h"
#include "tui/client/relay_link.h"

namespace {

using namespace sotto;
using namespace sotto::test;
using client::LinkLoss;

struct Story : Part {
    client::RelayLink link{env};

    void connect() {
        link.run(command::Connect{});
        link.up({});
        wire::RelayHello hello;
        hello.version = wire::kVersion;
        hello.poll_seconds = 7;
        BOOST_TEST(link.on(hello));
        BOOST_TEST(link.on(wire::Registered{"alice"}));
        take();
    }
    void lose(LinkLoss::How how = LinkLoss::How::lost) {
        LinkLoss loss;
        loss.how = how;
        loss.reason = "gone";
        link.down(loss);
        take();
    }
    [[nodiscard]] Link state() const { return all<event::LinkChanged>().back().state; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(relay_link, Story)

BOOST_AUTO_TEST_CASE(says_hello_registers_and_is_connected) {
    link.run(command::Connect{});
    take();
    BOOST_TEST(wants<client::effect::Open>());
    link.up({});
    take();
    BOOST_TEST(sent == Texts{"hello"});
    wire::RelayHello hello;
    hello.version = wire::kVersion;
    BOOST_TEST(link.on(hello));
    take();
    BOOST_TEST(sent == Texts{"register"});
    BOOST_TEST(!link.connected());
    BOOST_TEST(link.on(wire::Registered{"alice"}));
    take();
    BOOST_TEST(link.connected());
    BOOST_TEST(all<event::Registered>().size() == 1U);
}

BOOST_AUTO_TEST_CASE(drops_a_second_hello_and_a_registration_of_another) {
    link.run(command::Connect{});
    link.up({});
    BOOST_TEST(!link.on(wire::Registered{"alice"}));  // before the hello
    wire::RelayHello hello;
    hello.version = wire::kVersion;
    BOOST_TEST(link.on(hello));
    BOOST_TEST(!link.on(hello));
    BOOST_TEST(!link.on(wire::Registered{"bob"}));
    BOOST_TEST(out.dropped() == 3U);
    BOOST_TEST(!link.connected());
}

BOOST_AUTO_TEST_CASE(comes_back_later_and_later_but_never_after_30_seconds) {
    connect();
    milliseconds last{};
    for (int turn = 0; turn < 12; ++turn) {
        lose();
        BOOST_TEST(state() == Link::waiting);
        const auto due = link.next_deadline();
        BOOST_TEST_REQUIRE(due.has_value());
        last = *due - env.now.monotonic;
        BOOST_TEST(last >= milliseconds(500));
        BOOST_TEST(last <= seconds(30));
        pass(last - milliseconds(1));
        link.tick();
        take();
        BOOST_TEST(!wants<client::effect::Open>());
        pass(milliseconds(1));
        link.tick();
        take();
        BOOST_TEST(wants<client::effect::Open>());
    }
    BOOST_TEST(last >= seconds(15));
}

BOOST_AUTO_TEST_CASE(gives_up_a_relay_that_does_not_answer) {
    link.run(command::Connect{});
    link.up({});
    take();
    pass(seconds(wire::kRegisterSeconds));
    link.tick();
    take();
    BOOST_TEST(wants<client::effect::Close>());
}

BOOST_AUTO_TEST_CASE(stays_away_after_a_refusal_until_the_person_connects) {
    link.run(command::Connect{});
    link.up({});
    wire::ErrorMessage error;
    error.code = wire::ErrorCode::name_taken;
    BOOST_TEST(link.on(error));
    take();
    BOOST_TEST(state() == Link::refused);
    BOOST_TEST(!link.why_away().empty());
    lose();
    BOOST_TEST(!link.next_deadline().has_value());
    link.run(command::Connect{});
    take();
    BOOST_TEST(wants<client::effect::Open>());
    BOOST_TEST(link.why_away().empty());
}

BOOST_AUTO_TEST_CASE(leaves_errors_about_other_messages_to_others_once_connected) {
    connect();
    wire::ErrorMessage error;
    error.code = wire::ErrorCode::not_found;
    BOOST_TEST(!link.on(error));
    error.code = wire::ErrorCode::replaced;
    BOOST_TEST(link.on(error));
    take();
    BOOST_TEST(all<event::LinkChanged>().back().elsewhere);
}

BOOST_AUTO_TEST_CASE(asks_about_an_unknown_pin_and_takes_only_that_one) {
    link.run(command::Connect{});
    LinkLoss loss;
    loss.how = LinkLoss::How::untrusted;
    loss.pin_hex = "00ff";
    link.down(loss);
    take();
    BOOST_TEST(all<event::RelayTrustNeeded>().size() == 1U);
    link.run(command::TrustRelay{"11ff", true});
    take();
    BOOST_TEST(all<event::Refused>().at(0).code == client::RefusalCode::wrong_pin);
    link.run(command::TrustRelay{"00ff", true});
    take();
    BOOST_TEST(wants<client::effect::StorePin>());
    BOOST_TEST(wants<client::effect::Open>());
}

BOOST_AUTO_TEST_CASE(does_not_come_back_once_the_program_ends) {
    connect();
    link.leave();
    take();
    BOOST_TEST(wants<client::effect::Close>());
    lose(LinkLoss::How::closed_here);
    BOOST_TEST(!link.next_deadline().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
