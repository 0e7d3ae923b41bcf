// Where secrets live: slots of an arena, wiped when they go.
#include "crypto/secret.h"

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <set>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

using namespace sotto::crypto;

struct Started {
    Started() { init(); }
};

template <std::size_t N>
bool is_zero(const Secret<N>& secret) {
    return std::all_of(secret.bytes().begin(), secret.bytes().end(),
                       [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_secret, Started)

BOOST_AUTO_TEST_CASE(can_be_moved_but_neither_copied_nor_compared) {
    static_assert(!std::is_copy_constructible_v<Secret<32>>);
    static_assert(!std::is_copy_assignable_v<Secret<32>>);
    static_assert(std::is_nothrow_move_constructible_v<Secret<32>>);
    Secret<32> one;
    one.bytes()[0] = 7;
    const auto* const where = one.bytes().data();
    Secret<32> other = std::move(one);
    BOOST_TEST(other.bytes().data() == where);
    BOOST_TEST(other.bytes()[0] == 7);
}

BOOST_AUTO_TEST_CASE(is_zero_at_first_even_where_another_has_been) {
    std::set<const std::uint8_t*> before;
    {
        std::vector<Secret<64>> full(10);
        for (auto& secret : full) {
            std::fill(secret.bytes().begin(), secret.bytes().end(), std::uint8_t{0xAA});
            before.insert(secret.bytes().data());
        }
    }
    const std::vector<Secret<64>> again(10);
    for (const auto& secret : again) {
        BOOST_TEST(before.count(secret.bytes().data()) == 1);  // the same slots
        BOOST_TEST(is_zero(secret));
    }
}

#ifndef __SANITIZE_ADDRESS__  // which forbids to look
BOOST_AUTO_TEST_CASE(is_wiped_the_moment_it_goes) {
    const volatile std::uint8_t* slot = nullptr;
    {
        Secret<32> secret;
        std::fill(secret.bytes().begin(), secret.bytes().end(), std::uint8_t{0xAA});
        slot = secret.bytes().data();
    }
    for (std::size_t i = 0; i < kSecretSlot; ++i) {
        BOOST_TEST(slot[i] == 0);
    }
}
#endif

BOOST_AUTO_TEST_CASE(shares_its_slot_with_no_other) {
    std::vector<Secret<64>> many(2'000);
    std::vector<const std::uint8_t*> slots;
    for (std::size_t i = 0; i < many.size(); ++i) {
        std::fill(many[i].bytes().begin(), many[i].bytes().end(), static_cast<std::uint8_t>(i));
        slots.push_back(many[i].bytes().data());
    }
    std::sort(slots.begin(), slots.end());
    for (std::size_t i = 1; i < slots.size(); ++i) {
        BOOST_REQUIRE(slots[i] - slots[i - 1] >= static_cast<std::ptrdiff_t>(kSecretSlot));
    }
    for (std::size_t i = 0; i < many.size(); ++i) {
        BOOST_REQUIRE(std::all_of(many[i].bytes().begin(), many[i].bytes().end(),
                                  [&](auto byte) { return byte == static_cast<std::uint8_t>(i); }));
    }
}

BOOST_AUTO_TEST_CASE(ends_before_a_guard_page_if_its_slot_is_the_last_of_a_slab) {
    // Enough that one slab at least is taken whole: its end is where a run of slots ends.
    std::vector<Secret<64>> many(1'000);
    std::vector<std::uint8_t*> slots;
    for (auto& secret : many) {
        slots.push_back(secret.bytes().data());
    }
    std::sort(slots.begin(), slots.end());
    std::uint8_t* end = nullptr;
    std::size_t run = 1;
    for (std::size_t i = 1; i < slots.size() && end == nullptr; ++i) {
        const bool next = slots[i] - slots[i - 1] == static_cast<std::ptrdiff_t>(kSecretSlot);
        end = !next && run >= 256 ? slots[i - 1] + kSecretSlot : nullptr;
        run = next ? run + 1 : 1;
    }
    BOOST_REQUIRE(end != nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(STDERR_FILENO);
        std::signal(SIGSEGV, SIG_DFL);
        *static_cast<volatile std::uint8_t*>(end) = 1;
        ::_exit(0);
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST((!WIFEXITED(status) || WEXITSTATUS(status) != 0));
}

BOOST_AUTO_TEST_CASE(may_come_and_go_in_several_threads_at_once) {
    const auto work = [] {
        for (std::uint8_t round = 0; round < 200; ++round) {
            std::vector<Secret<32>> some(20);
            for (auto& secret : some) {
                secret.bytes()[31] = round;
            }
            if (std::any_of(some.begin(), some.end(),
                            [&](const auto& secret) { return secret.bytes()[31] != round; })) {
                std::abort();
            }
        }
    };
    std::thread one(work);
    std::thread other(work);
    one.join();
    other.join();
    const Secret<32> after;
    BOOST_TEST(is_zero(after));
}

BOOST_AUTO_TEST_SUITE_END()
