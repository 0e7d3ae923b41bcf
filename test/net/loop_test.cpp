#include "net/loop/loop.h"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

namespace {

using sotto::net::Loop;

/// Reads everything from `descriptor` through a Watch, until its end.
std::string read_all(int descriptor) {
    Loop loop;
    std::string got;
    bool ended = false;
    Loop::Watch watch(loop, descriptor, [&] {
        std::array<char, 4> block{};
        const ssize_t size = ::read(descriptor, block.data(), block.size());
        ended = size <= 0;
        if (ended) {
            loop.stop();
        } else {
            got.append(block.data(), static_cast<std::size_t>(size));
        }
    });
    const auto deadline = Loop::Clock::now() + std::chrono::seconds(10);
    while (!ended && Loop::Clock::now() < deadline) {
        loop.run_for(std::chrono::seconds(1));
    }
    return got;
}

struct Pipe {
    Pipe() { BOOST_REQUIRE_EQUAL(::pipe(ends.data()), 0); }
    ~Pipe() {
        ::close(ends[0]);
        close_writer();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_writer() {
        if (ends[1] >= 0) {
            ::close(ends[1]);
            ends[1] = -1;
        }
    }
    std::array<int, 2> ends{};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(loop)

BOOST_AUTO_TEST_CASE(a_watched_pipe_is_read_to_its_end) {
    Pipe pipe;
    BOOST_REQUIRE_EQUAL(::write(pipe.ends[1], "hello world", 11), 11);
    pipe.close_writer();
    BOOST_TEST(read_all(pipe.ends[0]) == "hello world");
}

BOOST_AUTO_TEST_CASE(a_watched_regular_file_is_read_to_its_end) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
    const int descriptor = ::fileno(file.get());
    BOOST_REQUIRE_EQUAL(::write(descriptor, "hello world", 11), 11);
    BOOST_REQUIRE_EQUAL(::lseek(descriptor, 0, SEEK_SET), 0);
    BOOST_TEST(read_all(descriptor) == "hello world");
}

BOOST_AUTO_TEST_CASE(watching_leaves_the_descriptor_blocking) {
    Pipe pipe;
    pipe.close_writer();
    read_all(pipe.ends[0]);
    BOOST_TEST((::fcntl(pipe.ends[0], F_GETFL) & O_NONBLOCK) == 0);
}

BOOST_AUTO_TEST_CASE(what_comes_while_the_loop_runs_is_seen_each_time) {
    Pipe pipe;
    Loop loop;
    std::string got;
    Loop::Watch watch(loop, pipe.ends[0], [&] {
        char byte = 0;
        BOOST_REQUIRE_EQUAL(::read(pipe.ends[0], &byte, 1), 1);
        got += byte;
        loop.stop();
    });
    for (const char* text : {"a", "b", "c"}) {
        BOOST_REQUIRE_EQUAL(::write(pipe.ends[1], text, 1), 1);
        const std::size_t before = got.size();
        const auto deadline = Loop::Clock::now() + std::chrono::seconds(10);
        while (got.size() == before && Loop::Clock::now() < deadline) {
            loop.run_for(std::chrono::seconds(1));
        }
    }
    BOOST_TEST(got == "abc");
}

BOOST_AUTO_TEST_CASE(a_task_that_was_replaced_after_it_had_expired_never_runs) {
    Loop loop;
    Loop::Timer first(loop);
    Loop::Timer second(loop);
    bool old_task = false;
    bool new_task = false;
    const auto past = Loop::Clock::now() - std::chrono::seconds(2);
    // Both have expired by the time the loop looks: the first runs, the second is in its queue.
    first.at(past, [&] { second.at(past, [&] { new_task = true; }); });
    second.at(past + std::chrono::seconds(1), [&] { old_task = true; });
    for (int turn = 0; turn < 4; ++turn) {
        loop.run_for(std::chrono::milliseconds(10));
    }
    BOOST_TEST(new_task);
    BOOST_TEST(!old_task);
}

BOOST_AUTO_TEST_CASE(a_task_that_was_cancelled_after_it_had_expired_never_runs) {
    Loop loop;
    Loop::Timer first(loop);
    Loop::Timer second(loop);
    bool ran = false;
    const auto past = Loop::Clock::now() - std::chrono::seconds(2);
    first.at(past, [&] { second.cancel(); });
    second.at(past + std::chrono::seconds(1), [&] { ran = true; });
    for (int turn = 0; turn < 3; ++turn) {
        loop.run_for(std::chrono::milliseconds(10));
    }
    BOOST_TEST(!ran);
}

BOOST_AUTO_TEST_CASE(a_stop_that_comes_before_the_loop_runs_is_not_lost) {
    Loop loop;
    bool ran = false;
    loop.stop();
    loop.post([&] {
        ran = true;
        loop.stop();  // else a loop that lost the stop would run for ever
    });
    loop.run();
    BOOST_TEST(!ran);
    loop.run();  // one stop stops one run
    BOOST_TEST(ran);
}

BOOST_AUTO_TEST_SUITE_END()
