#include "net/loop/poller.h"

#include "net/loop/loop_impl.h"

#include <boost/test/unit_test.hpp>
#include <sys/eventfd.h>

#include <stdexcept>

using namespace sotto::net;

namespace {

/// Does what it is told whenever it is its turn.
struct Worker final : Poller::Watcher {
    explicit Worker(std::function<void()> what) : work(std::move(what)) {}
    void on_ready(Poller::Ready /*ready*/) override { work(); }
    void on_turn_end() override { ends ? ends() : void(); }
    std::function<void()> work;
    std::function<void()> ends{};
};

/// A descriptor that is ready at first, and again whenever it is rung.
struct Bell {
    Bell(Poller& poller, Poller::Watcher& watcher) : of(poller), who(watcher) {
        BOOST_REQUIRE(of.add(descriptor.get(), who));
    }
    ~Bell() { of.remove(descriptor.get(), who); }
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;
    void ring() { BOOST_REQUIRE_EQUAL(::eventfd_write(descriptor.get(), 1), 0); }
    Descriptor descriptor{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
    Poller& of;
    Poller::Watcher& who;
};

struct Turns {
    /// Runs all that is ready, in as many turns as it takes, at most.
    void run(int turns) {
        for (int i = 0; i < turns; ++i) {
            (void)loop.run_for(std::chrono::milliseconds(1));
        }
    }
    Loop loop;
    Poller& poller = loop.impl().poller;
    std::string done;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(poller, Turns)

BOOST_AUTO_TEST_CASE(who_asks_for_more_often_has_no_larger_share_of_a_turn) {
    Worker greedy([&] {
        done += 'g';
        poller.again(greedy);
        poller.again(greedy);
    });
    Worker modest([&] {
        done += 'm';
        poller.again(modest);
    });
    poller.again(greedy);
    poller.again(modest);
    run(4);
    BOOST_TEST(done == "gmgmgmgm");
    poller.remove(-1, greedy);
    poller.remove(-1, modest);
    run(2);
    BOOST_TEST(done == "gmgmgmgm");
}

BOOST_AUTO_TEST_CASE(who_was_removed_may_ask_again) {
    Worker worker([&] { done += 'w'; });
    poller.again(worker);
    poller.remove(-1, worker);
    poller.again(worker);
    run(3);
    BOOST_TEST(done == "w");
}

BOOST_AUTO_TEST_CASE(who_throws_takes_nothing_from_those_after_it) {
    const auto fail = [] { throw std::runtime_error("it can't"); };
    Worker bad(fail);
    Worker good([&] {
        done += 'r';
        poller.at_turn_end(good);
    });
    Worker bad_at_the_end(fail);
    bad_at_the_end.ends = fail;
    good.ends = [&] { done += 'e'; };
    poller.again(bad);
    poller.again(good);
    poller.at_turn_end(bad_at_the_end);
    poller.later(fail);
    poller.later([&] { done += 'l'; });
    poller.after_turn(fail);
    poller.after_turn([&] { done += 'a'; });
    int failures = 0;
    for (int turn = 0; turn < 20; ++turn) {
        try {
            run(1);
        } catch (const std::runtime_error&) {
            ++failures;
        }
    }
    BOOST_TEST(failures == 4);
    BOOST_TEST(done == "rlea");
}

BOOST_AUTO_TEST_CASE(what_has_become_ready_in_a_turn_does_not_wait_for_the_loops_other_work) {
    Bell* bell = nullptr;
    Worker worker([&] {
        done += 'r';
        if (done == "r") {
            loop.post([&] { done += 'p'; });
        }
        if (done.size() < 4) {
            bell->ring();
        }
    });
    // A machine that stops us for longer than turns may follow each other lets the post in.
    const auto deadline = Loop::Clock::now() + std::chrono::seconds(10);
    while (done != "rrrrp" && Loop::Clock::now() < deadline) {
        done.clear();
        Bell made(poller, worker);
        bell = &made;
        while (done.find('p') == std::string::npos) {
            run(1);
        }
    }
    BOOST_TEST(done == "rrrrp");
}

BOOST_AUTO_TEST_CASE(a_post_is_not_held_up_by_sockets_that_are_always_ready) {
    Bell* bell = nullptr;
    bool posted = false;
    const auto deadline = Loop::Clock::now() + std::chrono::seconds(10);
    Worker worker([&] {
        if (done.empty()) {
            loop.post([&] { posted = true; });
        }
        done = 'r';
        if (Loop::Clock::now() < deadline) {
            bell->ring();
        }
    });
    Bell made(poller, worker);
    bell = &made;
    while (!posted) {
        run(1);
    }
    BOOST_TEST((Loop::Clock::now() < deadline));
}

BOOST_AUTO_TEST_CASE(a_loop_that_is_stopped_serves_no_more_sockets) {
    Bell* bell = nullptr;
    Worker worker([&] {
        done += 'r';
        bell->ring();
        if (done.size() == 3) {
            loop.stop();
        }
    });
    Bell made(poller, worker);
    bell = &made;
    loop.run();
    BOOST_TEST(done == "rrr");
}

BOOST_AUTO_TEST_SUITE_END()
