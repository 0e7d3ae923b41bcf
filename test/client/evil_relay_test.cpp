#include "net/wire/base64.h"
#include "test/client/talk.h"

using namespace sotto::test;
namespace wire = sotto::wire;

namespace {

/// Flips one bit of the payload or signature of a forwarded message.
bool flip(std::string& text, std::uint64_t which) {
    for (const char* field : {"\"payload\":\"", "\"signature\":\""}) {
        const auto at = text.find(field);
        if (at == std::string::npos) {
            continue;
        }
        const auto begin = at + std::string(field).size();
        const auto end = text.find('"', begin);
        auto bytes = wire::from_base64(text.substr(begin, end - begin));
        if (!bytes || bytes->empty()) {
            continue;
        }
        const std::uint64_t bit = which % (bytes->size() * 8);
        (*bytes)[bit / 8] = static_cast<std::uint8_t>((*bytes)[bit / 8] ^ (1U << (bit % 8)));
        text.replace(begin, end - begin, wire::base64(*bytes));
        return true;
    }
    return false;
}

bool forwarded(const std::string& text) {
    return is(text, "relay") || is(text, "chat_request") || is(text, "chat_response") ||
           is(text, "chat_terminate");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_relay_that_tampers)

BOOST_AUTO_TEST_CASE(with_any_one_message_stops_nothing_for_good_and_forges_nothing) {
    for (std::size_t victim = 0; victim < 16; ++victim) {
        World world(victim + 1);
        auto& alice = world.add("alice");
        auto& bob = world.add("bob");
        std::size_t passed = 0;
        world.evil = [&](const std::string&, std::string& text) {
            if (forwarded(text) && passed++ == victim) {
                flip(text, victim * 7'919 + 13);
            }
            return true;
        };
        world.befriend(alice, bob);
        world.tell(alice, command::SendText{ChatKey::with("bob"), "one"});
        world.tell(bob, command::SendText{ChatKey::with("alice"), "uno"});
        world.settle();
        world.pass(seconds(90));
        if (alice.state("bob") != ChatState::open) {  // the request or its answer: ask again
            BOOST_TEST(victim <= 1, victim);
            world.tell(alice, command::CancelRequest{ChatKey::with("bob")});
            world.befriend(alice, bob);
            world.tell(alice, command::SendText{ChatKey::with("bob"), "one"});
            world.tell(bob, command::SendText{ChatKey::with("alice"), "uno"});
            world.pass(seconds(90));
        }
        BOOST_TEST((alice.state("bob") == ChatState::open), victim);
        for (const std::string& text : bob.texts()) {
            BOOST_TEST(text == "one");
        }
        BOOST_TEST(!bob.texts().empty(), victim);
        BOOST_TEST(!alice.texts().empty(), victim);
        BOOST_TEST(alice.all<event::KeyChanged>().empty());
        BOOST_TEST(bob.all<event::KeyChanged>().empty());
    }
}

BOOST_AUTO_TEST_CASE(with_every_message_gets_no_session_and_no_text_through) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    std::uint64_t turn = 0;
    world.evil = [&](const std::string&, std::string& text) {
        if (forwarded(text)) {
            flip(text, turn += 31);
        }
        return true;
    };
    world.cut(alice);
    world.tell(alice, command::SendText{ChatKey::with("bob"), "secret"});
    world.pass(seconds(120));
    BOOST_TEST(bob.texts().empty());
    BOOST_TEST((alice.state("bob") != ChatState::open));
    world.evil = nullptr;
    world.pass(seconds(60));
    BOOST_TEST(bob.texts() == Texts{"secret"});
    check_talk(world, alice, bob, "honest again");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_relay_that_reroutes)

BOOST_AUTO_TEST_CASE(what_carol_sent_as_if_from_bob_is_not_believed) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    auto& carol = world.add("carol");
    world.befriend(alice, bob);
    world.befriend(alice, carol);
    world.evil = [&](const std::string& to, std::string& text) {
        const auto at = text.find("\"from\":\"carol\"");
        if (to == "alice" && at != std::string::npos) {
            text.replace(at, 14, "\"from\":\"bob\"");
        }
        return true;
    };
    world.tell(carol, command::SendText{ChatKey::with("alice"), "I am bob"});
    world.tell(carol, command::EndChat{ChatKey::with("alice")});
    world.settle();
    world.pass(seconds(10));
    BOOST_TEST(alice.texts().empty());
    BOOST_TEST((alice.state("bob") == ChatState::open));
    world.evil = nullptr;
    check_talk(world, alice, bob, "the real bob");
}

BOOST_AUTO_TEST_CASE(what_one_said_back_to_oneself_is_not_believed) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    check_talk(world, alice, bob, "first");
    const auto texts = alice.texts();
    for (std::string text : Texts(alice.sent)) {
        if (!forwarded(text)) {
            continue;
        }
        const auto from = text.find("\"from\":\"alice\",\"to\":\"bob\"");
        text.replace(from, 25, "\"from\":\"bob\",\"to\":\"alice\"");
        world.inject(alice, text);
    }
    BOOST_TEST(alice.texts() == texts);
    BOOST_TEST((alice.state("bob") == ChatState::open));
    world.pass(seconds(5));
    check_talk(world, alice, bob, "second");
}

BOOST_AUTO_TEST_CASE(a_handshake_into_another_chat_is_not_answered) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    int step1s = 0;
    const std::string other = wire::base64(wire::ChatId{9});
    world.evil = [&](const std::string&, std::string& text) {
        if (step(text) == 1) {
            ++step1s;
            const auto at = text.find("\"chat\":\"") + 8;
            text.replace(at, other.size(), other);
        }
        return true;
    };
    const auto answers = [&] {
        const auto by = [](const Person& person) {
            return std::count_if(person.sent.begin(), person.sent.end(),
                                 [](const std::string& text) { return step(text) == 2; });
        };
        return by(alice) + by(bob);
    };
    const auto before = answers();
    world.cut(alice);
    world.pass(seconds(20));
    BOOST_TEST(step1s > 0);
    BOOST_TEST(answers() == before);
    BOOST_TEST((alice.state("bob") != ChatState::open));
    world.evil = nullptr;
    world.pass(seconds(40));
    BOOST_TEST((alice.state("bob") == ChatState::open));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_relay_that_delays)

BOOST_AUTO_TEST_CASE(and_swaps_two_records_costs_a_session_but_no_text) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    std::string held;
    world.evil = [&](const std::string& to, std::string& text) {
        if (to != "bob" || !is_record(text)) {
            return true;
        }
        if (held.empty()) {
            held = text;
            return false;
        }
        return true;
    };
    world.tell(alice, command::SendText{ChatKey::with("bob"), "one"});
    world.tell(alice, command::SendText{ChatKey::with("bob"), "two"});
    world.settle();
    world.evil = nullptr;
    world.inject(bob, held);
    world.pass(seconds(20));
    BOOST_TEST(bob.texts() == (Texts{"one", "two"}));
    BOOST_TEST(alice.delivered() == 2);
}

BOOST_AUTO_TEST_CASE(what_belongs_to_an_old_session_is_not_taken_in_the_new_one) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(alice, command::SendText{ChatKey::with("bob"), "once"});
    world.settle();
    Texts old;
    for (const std::string& text : world.forwarded) {
        if (contains(text, "\"to\":\"bob\"")) {
            old.push_back(text);
        }
    }
    world.cut(alice);
    world.pass(seconds(5));
    BOOST_TEST((alice.state("bob") == ChatState::open));
    for (const std::string& text : old) {
        world.inject(bob, text);
    }
    world.tell(alice, command::SendText{ChatKey::with("bob"), "twice"});
    world.settle();
    world.pass(seconds(20));
    BOOST_TEST(bob.texts() == (Texts{"once", "twice"}));
    BOOST_TEST((bob.state("alice") == ChatState::open));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_relay_that_talks_nonsense)

BOOST_AUTO_TEST_CASE(or_out_of_place_has_every_message_dropped_and_counted) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    auto& carol = world.add("carol");
    world.befriend(alice, bob);
    check_talk(world, alice, bob, "hello");
    const auto dropped = [&] {
        world.tell(alice, command::ShowStatus{});
        return alice.all<event::Status>().back().dropped;
    };
    Texts out_of_place{
        R"({"type":"hello","version":1,"nonce":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",)"
        R"("limits":{"max_message":65536,"poll_seconds":5},"software":"x"})",
        R"({"type":"register","user":"alice","ok":true})",
        R"({"type":"user_list","id":999,"version":4,"full":false,"online":[],"offline":[],)"
        R"("more":false})",
        R"({"type":"something","id":1})",
        R"({"type":"relay","from":"bob"})",
    };
    wire::Relay relay;
    relay.route = {"bob", "alice", sent<wire::ChatRequest>(alice)[0].route.chat, 99};
    relay.payload = {1, 2, 3};
    for (const char* kind : {"handshake", "record", "something"}) {
        relay.kind = kind;
        out_of_place.push_back(wire::encode(relay));
    }
    relay.route.chat = wire::ChatId{9};
    relay.kind = "record";
    out_of_place.push_back(wire::encode(relay));
    relay.route.from = "carol";  // no contact
    out_of_place.push_back(wire::encode(relay));
    for (const char* from : {"bob", "carol"}) {
        const wire::Route route{from, "alice", wire::ChatId{9}, 99};
        out_of_place.push_back(wire::encode(wire::ChatResponse{route, true, {}}));
        for (std::uint8_t kind = 1; kind <= 4; ++kind) {
            out_of_place.push_back(wire::encode(wire::ChatTerminate{route, {kind, 0, 0}}));
        }
    }
    Puppet erin("erin", 5);
    std::string for_carol = erin.ask(carol, world.now.wall).text;
    for_carol.replace(for_carol.find("\"to\":\"carol\""), 12, "\"to\":\"alice\"");
    out_of_place.push_back(for_carol);
    out_of_place.push_back(erin.ask(alice, world.now.wall - std::chrono::hours(1)).text);
    const std::string seen = erin.ask(alice, world.now.wall).text;
    world.inject(alice, seen);
    out_of_place.push_back(seen);

    std::uint64_t before = dropped();
    for (const std::string& text : out_of_place) {
        world.inject(alice, text);
        BOOST_TEST(dropped() == before + 1, text);
        before = dropped();
    }
    check_talk(world, alice, bob, "still here");
    BOOST_TEST(dropped() == before);
}

BOOST_AUTO_TEST_CASE(of_mutated_messages_ends_nobody) {
    World world(5);
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    check_talk(world, alice, bob, "hello");
    Texts corpus;
    world.evil = [&](const std::string& to, std::string& text) {
        if (to == "alice") {
            corpus.push_back(text);
        }
        return true;
    };
    world.cut(alice);
    world.pass(seconds(10));
    check_talk(world, alice, bob, "again");
    world.tell(alice, command::SearchUsers{"b"});
    world.settle();
    world.evil = nullptr;
    SeededRandom random(6);
    const auto pick = [&](std::size_t below) {
        std::array<std::uint8_t, 4> bytes{};
        random.fill(bytes);
        return (bytes[0] + bytes[1] * 256U + bytes[2] * 65'536U) % below;
    };
    constexpr std::string_view alphabet = "{}[]\":,\\0123456789-abcdeftrunl \x01\xFF\xC3";
    for (int i = 0; i < 4'000; ++i) {
        std::string text = corpus[pick(corpus.size())];
        for (std::size_t edits = 1 + pick(3); edits > 0; --edits) {
            const std::size_t at = pick(text.size());
            switch (pick(3)) {
                case 0:
                    text[at] = alphabet[pick(alphabet.size())];
                    break;
                case 1:
                    text.erase(at, 1 + pick(8));
                    break;
                default:
                    text.insert(at, 1, alphabet[pick(alphabet.size())]);
            }
            if (text.empty()) {
                text = "x";
            }
        }
        BOOST_REQUIRE_NO_THROW(alice.client->on_message(text, world.now));
        (void)alice.client->take_effects();
        for (const auto& one : alice.client->take_events()) {
            BOOST_TEST(!std::holds_alternative<event::KeyChanged>(one.what));
        }
    }
    world.cut(alice);
    world.tell(alice, command::Connect{});
    world.pass(seconds(120));
    BOOST_TEST((link(alice) == Link::connected));
}

BOOST_AUTO_TEST_SUITE_END()
