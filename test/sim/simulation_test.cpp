#include "test/sim/simulation.h"

#include "test/support/print.h"

#include <string>
#include <vector>

using namespace sotto;
using namespace sotto::sim;
using namespace std::chrono_literals;
namespace command = client::command;
namespace event = client::event;
using client::ChatKey;
using client::ChatState;
using client::Delivery;
using client::SafeText;

namespace {

std::uint64_t hash_of(std::uint64_t seed) {
    Story story;
    Sometimes sometimes;
    simulate(seed, story, sometimes);
    return story.hash();
}

/// Alice and Bob talk, as far as the witness has been told.
struct Talk {
    Talk() {
        for (const char* name : {"alice", "bob"}) {
            witness.adds(name);
            witness.starts(name, true);
        }
        agree("alice", "bob");
        agree("bob", "alice");
    }
    void agree(const std::string& user, const std::string& peer) {
        witness.before(user, command::RequestChat{ChatKey::with(peer)});
        witness.after(user, command::RequestChat{ChatKey::with(peer)});
        show(user, peer, ChatState::open);
    }
    void show(const std::string& user, const std::string& peer, ChatState state) {
        event::ChatChanged change;
        change.chat = ChatKey::with(peer);
        change.state = state;
        witness.shows(user, change);
    }
    void connect(const std::string& user) {
        event::LinkChanged link;
        link.state = client::Link::connected;
        witness.shows(user, link);
    }
    void say(const std::string& id, const std::string& text) {
        const command::SendText say{ChatKey::with("bob"), text};
        witness.before("alice", say);
        witness.shows("alice",
                      event::MessageAdded{ChatKey::with("bob"), id, true, 0, SafeText::own(text)});
        witness.after("alice", say);
    }
    void hear(const std::string& id, const std::string& text) {
        witness.shows(
            "bob", event::MessageAdded{ChatKey::with("alice"), id, false, 0, SafeText::own(text)});
    }
    void deliver(const std::string& id) {
        witness.shows("alice",
                      event::DeliveryChanged{ChatKey::with("bob"), id, Delivery::delivered});
    }

    Sometimes sometimes;
    Witness witness{sometimes};
};

/// What arrives, and when.
struct Listener : Peer {
    explicit Listener(Scheduler& scheduler) : scheduler_(scheduler) { name = "listener"; }
    void on_link_up(const client::Client::LinkUp& /*link*/) override { note("up"); }
    void on_message(const std::string& text) override { note(text); }
    void on_link_down(const client::LinkLoss& /*loss*/) override { note("down"); }
    void note(const std::string& what) {
        heard.push_back(what + " at " +
                        std::to_string((scheduler_.now.monotonic - Scheduler::kStart).count()));
    }
    std::vector<std::string> heard;

  private:
    Scheduler& scheduler_;
};

/// A network on which everything takes 10 ms, and a relay.
struct SlowWeather : Weather {
    [[nodiscard]] Duration delay(const Peer& /*peer*/) override { return 10ms; }
};
struct Line {
    Line() {
        network.add(relay);
        network.open(peer);
        scheduler.run_until(Scheduler::kStart + 30ms);
        peer.heard.clear();
        network.to_relay = [this](const Peer& /*from*/, const std::string& text) {
            peer.note("relay: " + text);
            return false;
        };
    }
    void pass(Duration time) { scheduler.run_until(scheduler.now.monotonic + time); }

    Scheduler scheduler;
    SlowWeather weather;
    Network network{scheduler, weather};
    MemoryRegistry registry;
    RelayNode relay{scheduler, network, registry, {}, 1};
    Listener peer{scheduler};
};
using Strings = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(a_simulated_world)

BOOST_AUTO_TEST_CASE(is_the_same_whenever_the_seed_is) {
    crypto::init();
    for (const std::uint64_t seed : {1U, 2U, 3U, 77U, 1'234U}) {
        BOOST_TEST(hash_of(seed) == hash_of(seed));
    }
    BOOST_TEST(hash_of(1) != hash_of(2));
}

BOOST_AUTO_TEST_CASE(runs_what_is_due_in_the_order_of_time_and_then_of_scheduling) {
    Scheduler scheduler;
    Strings order;
    const auto note = [&](const char* what) {
        return [&order, what] { order.emplace_back(what); };
    };
    scheduler.after(2ms, note("late"));
    scheduler.after(1ms, note("first"));
    scheduler.after(1ms, note("second"));
    scheduler.run_until(Scheduler::kStart + 1ms);
    BOOST_TEST(order == (Strings{"first", "second"}));
    scheduler.run_until(Scheduler::kStart + 5ms);
    BOOST_TEST(order.back() == "late");
    BOOST_TEST(scheduler.now.monotonic == Scheduler::kStart + 5ms);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_simulated_connection)

BOOST_AUTO_TEST_CASE(keeps_order_and_takes_its_time) {
    Line line;
    line.network.send(line.peer, "one");
    line.pass(5ms);
    line.network.send(line.peer, "two");
    line.pass(20ms);
    BOOST_TEST(line.peer.heard == (Strings{"relay: one at 40", "relay: two at 45"}));
}

BOOST_AUTO_TEST_CASE(loses_what_is_in_flight_when_it_is_cut) {
    Line line;
    line.network.send(line.peer, "one");
    line.network.cut(line.peer, 3ms, 100ms);
    line.network.send(line.peer, "two");
    line.pass(200ms);
    BOOST_TEST(line.peer.heard == (Strings{"down at 33"}));
    BOOST_TEST(line.relay.relay().connections() == 0U);
}

BOOST_AUTO_TEST_CASE(passes_nothing_while_it_is_stalled_and_all_afterwards) {
    Line line;
    line.network.stall(line.peer, line.scheduler.now.monotonic + 50ms);
    line.network.send(line.peer, "one");
    line.network.send(line.peer, "two");
    line.pass(200ms);
    BOOST_TEST(line.peer.heard == (Strings{"relay: one at 80", "relay: two at 80"}));
}

BOOST_AUTO_TEST_CASE(brings_what_was_sent_before_a_close) {
    Line line;
    line.network.send(line.peer, "one");
    line.network.close(line.peer);
    line.network.send(line.peer, "two");
    line.pass(200ms);
    BOOST_TEST(line.peer.heard == (Strings{"relay: one at 40", "down at 50"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_witness)

BOOST_AUTO_TEST_CASE(believes_what_can_be_true) {
    Talk talk;
    talk.say("1", "hello");
    talk.hear("1", "hello");
    talk.deliver("1");
    BOOST_TEST(talk.sometimes.count(Moment::text_delivered) == 1U);
}

BOOST_AUTO_TEST_CASE(notices_a_delivered_that_lies) {
    Talk talk;
    talk.say("1", "hello");
    BOOST_CHECK_THROW(talk.deliver("1"), Broken);
}

BOOST_AUTO_TEST_CASE(notices_a_text_shown_twice_or_out_of_order_or_changed_or_invented) {
    Talk talk;
    talk.say("1", "one");
    talk.say("2", "two");
    talk.hear("2", "two");
    BOOST_CHECK_THROW(talk.hear("2", "two"), Broken);
    BOOST_CHECK_THROW(talk.hear("1", "one"), Broken);
    talk.say("3", "three");
    BOOST_CHECK_THROW(talk.hear("3", "other"), Broken);
    BOOST_CHECK_THROW(talk.hear("4", "four"), Broken);
}

BOOST_AUTO_TEST_CASE(notices_a_chat_that_nobody_agreed_to) {
    Talk talk;
    const command::EndChat end{ChatKey::with("bob")};
    talk.witness.before("alice", end);
    talk.witness.after("alice", end);
    BOOST_CHECK_THROW(talk.show("alice", "bob", ChatState::securing), Broken);
}

BOOST_AUTO_TEST_CASE(notices_a_command_that_is_neither_carried_out_nor_refused) {
    Talk talk;
    const command::SendText say{ChatKey::with("bob"), "hello"};
    talk.witness.before("alice", say);
    BOOST_CHECK_THROW(talk.witness.after("alice", say), Broken);
}

BOOST_AUTO_TEST_CASE(notices_what_has_not_settled) {
    Talk talk;
    for (const char* name : {"alice", "bob"}) {
        talk.connect(name);
    }
    BOOST_CHECK_NO_THROW(talk.witness.check_settled());
    talk.say("1", "hello");
    BOOST_CHECK_THROW(talk.witness.check_settled(), Broken);
    talk.hear("1", "hello");
    talk.deliver("1");
    talk.show("bob", "alice", ChatState::ended);
    BOOST_CHECK_THROW(talk.witness.check_settled(), Broken);
}

BOOST_AUTO_TEST_SUITE_END()
