// Many who cost much, and somebody who only talks.
#include "test/net/link.h"
#include "test/net/raw_client.h"

#include <sys/socket.h>

#include <algorithm>

using namespace sotto::net;

namespace {

bool is_answered(const RawClient& client) {
    char byte = 0;
    return ::recv(client.socket(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

/// A server, and a crowd of which each has said the first word of its handshake.
struct Crowd : Link {
    /// Many turns of 64 handshakes each, which is what a fast machine has time for.
    static constexpr std::size_t kCrowd = 400;

    Crowd() { serve(); }
    static std::vector<std::unique_ptr<RawClient>> come(std::uint16_t port, std::size_t many) {
        std::vector<std::unique_ptr<RawClient>> who;
        while (who.size() < many) {
            who.push_back(std::make_unique<RawClient>(port));
        }
        return who;
    }
    static void say_hello(const std::vector<std::unique_ptr<RawClient>>& who) {
        const std::string hello = RawClient::client_hello();
        for (const auto& one : who) {
            one->send(hello);
        }
    }
    /// The crowd, after `others` have come, who have not spoken yet.
    void gather(std::size_t others = 0) {
        crowd = come(port, kCrowd);
        BOOST_REQUIRE(until([&] { return server->half_open() == kCrowd + others; }));
        say_hello(crowd);
    }
    [[nodiscard]] std::size_t answered() const {
        return static_cast<std::size_t>(std::count_if(
            crowd.begin(), crowd.end(), [](const auto& one) { return is_answered(*one); }));
    }
    std::vector<std::unique_ptr<RawClient>> crowd;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(crowds, Crowd)

BOOST_AUTO_TEST_CASE(a_crowd_that_shakes_hands_at_once_leaves_others_their_turn) {
    RawClient talker(port);
    meanwhile([&] { talker.upgrade(); });
    gather();
    talker.send(RawClient::frame(0x81, "somebody else"));
    BOOST_REQUIRE(until([&] { return heard.size() == 1; }));
    BOOST_TEST(answered() < kCrowd / 2);
    BOOST_TEST(until([&] { return answered() == kCrowd; }));
}

BOOST_AUTO_TEST_CASE(a_crowd_that_shakes_hands_leaves_another_network_its_turn) {
    gather();
    RawClient elsewhere(port, "127.0.0.2");
    elsewhere.send(RawClient::client_hello());  // behind all of the crowd
    BOOST_REQUIRE(until([&] { return is_answered(elsewhere); }));
    BOOST_TEST(answered() < kCrowd / 2);
    BOOST_TEST(until([&] { return answered() == kCrowd; }));
}

BOOST_AUTO_TEST_CASE(what_tls_says_to_one_client_never_leaves_in_the_stream_of_another) {
    RawClient mallory(port);
    RawClient alice(port);
    meanwhile([&] { mallory.upgrade(); });
    meanwhile([&] { alice.upgrade(); });
    std::string pongs;
    for (int i = 0; i < 700; ++i) {  // more frames than are read in a turn
        pongs += RawClient::frame(0x8A, "");
    }
    mallory.send_with(pongs, "this is no record, and draws an alert");
    alice.send(RawClient::frame(0x81, "hello"));
    meanwhile([&] { BOOST_TEST(alice.read_frame().payload == "hello"); });
    BOOST_TEST(until([&] { return ended.size() == 1; }));
    BOOST_TEST(mallory.ends());
}

BOOST_AUTO_TEST_CASE(who_leaves_while_waiting_to_shake_hands_is_forgotten) {
    gather();
    crowd.resize(kCrowd / 2);
    BOOST_TEST(until([&] { return server->half_open() == kCrowd / 2; }));
    BOOST_TEST(until([&] { return answered() == kCrowd / 2; }));
}

BOOST_AUTO_TEST_CASE(who_has_left_does_not_stand_in_line) {
    auto gone = come(port, 50);
    gather(gone.size());
    gone.clear();  // behind all of the crowd
    BOOST_REQUIRE(until([&] { return server->half_open() == kCrowd; }));
    BOOST_TEST(answered() < kCrowd / 2);
    BOOST_TEST(until([&] { return answered() == kCrowd; }));
}

BOOST_AUTO_TEST_CASE(who_has_left_is_not_worth_a_handshake) {
    const auto gone = come(port, 50);
    gather(gone.size());
    say_hello(gone);
    for (const auto& one : gone) {
        ::shutdown(one->socket(), SHUT_WR);
    }
    BOOST_REQUIRE(until([&] { return server->half_open() == kCrowd; }));
    BOOST_TEST(answered() < kCrowd / 2);
    BOOST_TEST(
        std::none_of(gone.begin(), gone.end(), [](const auto& one) { return is_answered(*one); }));
}

BOOST_AUTO_TEST_CASE(a_server_that_goes_lets_those_go_who_wait_to_shake_hands) {
    gather();
    (void)loop.run_for(std::chrono::milliseconds(50));
    server.reset();  // they are gone at the end of the next turn, and others follow
    bool later = false;
    loop.post([this, &later] { loop.post([&later] { later = true; }); });
    BOOST_TEST(until([&] { return later; }));
    BOOST_TEST(answered() < kCrowd);
    BOOST_TEST(crowd.back()->ends());
}

BOOST_AUTO_TEST_SUITE_END()
