// What connections may hold of the process's memory.
#include "net/loop/memory_charge.h"
#include "net/tls/hello_limit.h"
#include "test/net/link.h"
#include "test/net/raw_client.h"

#include <malloc.h>
#include <sys/socket.h>

#include <deque>

using namespace sotto::net;
using Use = MemoryBudget::Use;

namespace {

constexpr std::size_t kKiB = 1'024;
constexpr std::size_t kMiB = 1'024 * kKiB;

/// A connection without one: all it has is its charge.
struct Holder final : MemoryLedger::Holder {
    explicit Holder(const std::shared_ptr<MemoryLedger>& ledger) { charge.open(ledger, *this); }
    void on_memory_short() override {
        gone = true;
        charge.give_back();
    }
    MemoryCharge charge;
    bool gone = false;
};

/// A budget of 4,000 bytes, so 1,000 for what is queued, and four holders.
struct House {
    std::string gone() const {
        std::string out;
        for (const Holder& one : holders) {
            out += one.gone ? 'x' : '-';
        }
        return out;
    }
    std::shared_ptr<MemoryBudget> budget = std::make_shared<MemoryBudget>(4'000);
    int told = 0;
    std::shared_ptr<MemoryLedger> ledger =
        std::make_shared<MemoryLedger>(budget, [this] { ++told; });
    std::deque<Holder> holders = [this] {
        std::deque<Holder> out;
        for (int i = 0; i < 4; ++i) {
            out.emplace_back(ledger);
        }
        return out;
    }();
};

/// An endpoint with a budget, and raw clients.
struct Held : Link {
    Held() { options.memory = budget; }
    /// A new one after its upgrade.
    RawClient& upgraded() {
        RawClient& raw = clients.emplace_back(port);
        const std::size_t before = ids.size();
        meanwhile([&] { raw.upgrade(); });
        BOOST_REQUIRE(until([&] { return ids.size() == before + 1; }));
        return raw;
    }
    /// Within some time.
    bool holds(Use use, std::size_t least, std::size_t most) {
        return until([&] { return budget->used(use) >= least && budget->used(use) <= most; });
    }
    bool nothing_is_held() {
        return until([&] { return budget->used() == 0; });
    }
    /// Sends to a client that does not read until so much waits for it, or one has ended.
    void fill(ConnectionId to, std::size_t bytes) {
        for (int turn = 0; turn < 20'000 && ended.empty() && server->queued_bytes(to) < bytes;
             ++turn) {
            server->send(to, std::string(20'000, 'x'));
            loop.run_for(std::chrono::milliseconds(1));
        }
    }
    std::shared_ptr<MemoryBudget> budget = std::make_shared<MemoryBudget>();
    std::deque<RawClient> clients;
};

/// Bytes that the process has allocated and not freed; 0 under a sanitizer.
std::size_t in_use() {
    const auto facts = ::mallinfo2();
    return facts.uordblks + facts.hblkhd;
}

std::string part_of_a_message(std::size_t bytes) {
    return RawClient::head(0x81, 65'536) + std::string(bytes, 'x');
}

std::string record(int type, const std::string& body) {
    return std::string{static_cast<char>(type), 3, 1, static_cast<char>(body.size() >> 8U),
                       static_cast<char>(body.size())} +
           body;
}
std::string message_head(std::size_t size) {
    return {1, static_cast<char>(size >> 16U), static_cast<char>(size >> 8U),
            static_cast<char>(size)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(memory)

BOOST_AUTO_TEST_CASE(each_use_has_its_share_and_without_a_bound_all_is_only_counted) {
    MemoryBudget budget(4'000);
    budget.change(Use::half_received, 0, 600);
    budget.change(Use::half_received, 600, 1'001);
    BOOST_TEST(budget.used() == 1'001U);
    BOOST_TEST(budget.is_over(Use::half_received));
    BOOST_TEST(budget.left(Use::half_received) == 0U);
    BOOST_TEST(budget.left(Use::queued) == 1'000U);
    BOOST_TEST(budget.left(Use::connections) == 2'000U);
    budget.set_bound(0);
    BOOST_TEST(!budget.is_over(Use::half_received));
    BOOST_TEST(budget.left(Use::half_received) > kMiB * kMiB);
    budget.change(Use::half_received, 1'001, 0);
    BOOST_TEST(budget.used() == 0U);
}

BOOST_AUTO_TEST_CASE(a_budget_tells_one_of_those_who_ask_that_much_was_given_back) {
    using Use = MemoryBudget::Use;
    MemoryBudget budget;
    BOOST_TEST(!budget.has_fallen_by(10));
    budget.change(Use::queued, 0, 15);
    budget.change(Use::connections, 0, 100);
    budget.change(Use::queued, 15, 6);
    BOOST_TEST(!budget.has_fallen_by(10));
    budget.change(Use::queued, 6, 5);
    BOOST_TEST(budget.has_fallen_by(10));
    BOOST_TEST(!budget.has_fallen_by(10));
    budget.change(Use::queued, 5, 12);
    budget.change(Use::queued, 12, 3);
    BOOST_TEST(!budget.has_fallen_by(10));
    budget.change(Use::queued, 3, 1);
    BOOST_TEST(budget.has_fallen_by(10));
}

BOOST_FIXTURE_TEST_CASE(who_has_waited_longest_goes_until_the_share_is_kept, House) {
    for (Holder& one : holders) {
        one.charge.set(Use::queued, 240);
    }
    holders[1].charge.renew(Use::queued);  // somebody reads there
    holders[0].charge.set(Use::queued, 100);
    holders[0].charge.set(Use::queued, 240);
    BOOST_TEST(told == 0);
    holders[3].charge.set(Use::queued, 700);
    holders[3].charge.set(Use::queued, 701);
    BOOST_TEST(told == 1);
    ledger->relieve();
    BOOST_TEST(gone() == "x-x-");
    BOOST_TEST(budget->used(Use::queued) == 941U);
    holders[1].charge.set(Use::queued, 400);
    BOOST_TEST(told == 2);
}

BOOST_FIXTURE_TEST_CASE(one_that_asks_for_more_than_there_is_goes_itself_if_nobody_else_can,
                        House) {
    holders[2].charge.set(Use::half_received, 1'200);
    holders[3].charge.set(Use::queued, 900);
    ledger->relieve();
    BOOST_TEST(gone() == "--x-");
    budget->set_bound(400);  // another bound holds for those who are there
    ledger->relieve();
    BOOST_TEST(gone() == "--xx");
    BOOST_TEST(budget->used() == 0U);
}

BOOST_FIXTURE_TEST_CASE(who_fills_a_share_on_one_loop_does_not_drive_out_those_of_another, House) {
    int told_elsewhere = 0;
    const auto elsewhere = std::make_shared<MemoryLedger>(budget, [] {});
    ledger->join([] {});
    elsewhere->join([&] { ++told_elsewhere; });
    Holder hog(elsewhere);
    Holder second_hog(elsewhere);
    hog.charge.set(Use::queued, 450);
    second_hog.charge.set(Use::queued, 450);
    for (Holder& one : holders) {
        one.charge.set(Use::queued, 50);
    }
    BOOST_TEST(told == 1);
    BOOST_TEST(told_elsewhere == 1);
    ledger->relieve();
    BOOST_TEST(gone() == "----");
    elsewhere->relieve();
    BOOST_TEST(hog.gone);
    BOOST_TEST(!second_hog.gone);
    holders[0].charge.set(Use::queued, 600);  // more than its loop's part
    ledger->relieve();
    BOOST_TEST(gone() == "x---");
    elsewhere->leave();
    told_elsewhere = 0;
    holders[1].charge.set(Use::queued, 900);
    BOOST_TEST(told_elsewhere == 0);
}

BOOST_FIXTURE_TEST_CASE(what_is_charged_is_given_back_with_the_object, House) {
    for (const Use use : {Use::connections, Use::half_received, Use::queued}) {
        holders.back().charge.set(use, 100);
    }
    holders.pop_back();
    BOOST_TEST(budget->used() == 0U);
}

BOOST_AUTO_TEST_CASE(a_hello_that_is_announced_as_too_long_is_seen_however_it_is_cut) {
    const std::string good = record(22, message_head(300) + std::string(100, 'x')) +
                             record(22, std::string(200, 'y')) + record(20, "\1");
    for (const std::size_t size : {HelloLimit::kMost, HelloLimit::kMost + 1, 0xFFFFFFUL}) {
        for (const std::string& bytes : {good + record(22, message_head(size)),
                                         good + record(22, message_head(size).substr(0, 1)) +
                                             record(22, message_head(size).substr(1))}) {
            HelloLimit at_once;
            BOOST_TEST(at_once.holds(bytes) == (size == HelloLimit::kMost));
            HelloLimit byte_by_byte;
            bool holds = true;
            for (const char& byte : bytes) {
                holds = holds && byte_by_byte.holds({&byte, 1});
            }
            BOOST_TEST(holds == (size == HelloLimit::kMost));
        }
    }
    HelloLimit encrypted;
    BOOST_TEST(encrypted.holds(good + record(23, message_head(0xFFFFFF))));
    BOOST_TEST(!encrypted.holds(record(23, "") + record(22, message_head(0xFFFFFF))));
}

BOOST_FIXTURE_TEST_CASE(a_long_hello_ends_the_connection_before_there_is_memory_for_it, Held) {
    serve();
    RawClient raw(port);
    raw.send(record(22, message_head(131'000)));
    BOOST_TEST(until([&] { return server->totals().failed == 1; }));
    BOOST_TEST(raw.ends());
    BOOST_TEST(nothing_is_held());
}

BOOST_FIXTURE_TEST_CASE(a_request_with_a_long_head_is_cut_off_and_what_was_taken_is_given_back,
                        Held) {
    serve();
    RawClient raw(port);
    meanwhile([&] {
        raw.tls();
        raw.send("GET / HTTP/1.1\r\nX: " + std::string(3'000, 'x'));
    });
    BOOST_TEST(holds(Use::half_received, 60 * kKiB, 100 * kKiB));
    meanwhile([&] { raw.send(std::string(2'000, 'x')); });
    BOOST_TEST(until([&] { return server->totals().failed == 1; }));
    BOOST_TEST(nothing_is_held());
}

BOOST_FIXTURE_TEST_CASE(messages_that_pass_are_not_charged_and_connections_are_until_they_end,
                        Held) {
    serve();
    RawClient half_open(port);
    BOOST_TEST(
        holds(Use::connections, ServerEndpoint::kHalfOpenMemory, ServerEndpoint::kHalfOpenMemory));
    RawClient& raw = upgraded();
    for (int turn = 0; turn < 3; ++turn) {
        meanwhile([&] {
            raw.send(RawClient::frame(0x81, "hello"));
            BOOST_TEST(raw.read_frame_past_pings().payload == "hello");
        });
        BOOST_TEST(budget->used(Use::half_received) + budget->used(Use::queued) == 0U);
    }
    BOOST_TEST(budget->used() == ServerEndpoint::kHalfOpenMemory + ServerEndpoint::kOpenMemory);
    clients.clear();
    BOOST_TEST(holds(Use::connections, 1, ServerEndpoint::kHalfOpenMemory));
    server.reset();
    BOOST_TEST(budget->used() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_part_of_a_message_is_charged_until_the_rest_has_come, Held) {
    serve();
    RawClient& raw = upgraded();
    meanwhile([&] { raw.send(part_of_a_message(40'000)); });
    BOOST_TEST(holds(Use::half_received, 40'000, 200'000));
    meanwhile([&] {
        raw.send(std::string(25'536, 'x'));
        BOOST_TEST(raw.read_frame_past_pings().payload.size() == 65'536U);
    });
    BOOST_TEST(holds(Use::half_received, 0, 0));
    meanwhile([&] {  // in fragments, with a part of a ping between them
        raw.send(RawClient::frame(0x01, std::string(30'000, 'x')) +
                 RawClient::frame(0x00, std::string(20'000, 'x')) + RawClient::head(0x89, 5));
    });
    BOOST_TEST(holds(Use::half_received, 50'000, 200'000));
    clients.clear();
    BOOST_TEST(nothing_is_held());
}

BOOST_FIXTURE_TEST_CASE(who_has_said_nothing_since_the_tls_handshake_is_not_charged_for_a_part,
                        Held) {
    serve();
    RawClient raw(port);
    meanwhile([&] { raw.tls(); });
    loop.run_for(std::chrono::milliseconds(20));
    BOOST_TEST(budget->used(Use::half_received) == 0U);
    meanwhile([&] { raw.send("GET"); });
    BOOST_TEST(holds(Use::half_received, 1, 16 * kKiB));
}

BOOST_FIXTURE_TEST_CASE(the_head_of_a_record_alone_is_charged_with_the_buffer_made_for_it, Held) {
    serve();
    RawClient& raw = upgraded();
    static constexpr std::string_view kHead("\x17\x03\x03\x40\x00", 5);
    BOOST_REQUIRE_EQUAL(::send(raw.socket(), kHead.data(), kHead.size(), MSG_NOSIGNAL),
                        static_cast<ssize_t>(kHead.size()));
    BOOST_TEST(holds(Use::half_received, 16 * kKiB, 20 * kKiB));
    clients.clear();
    BOOST_TEST(nothing_is_held());
}

BOOST_FIXTURE_TEST_CASE(the_part_that_has_waited_longest_is_cut_when_there_are_too_many, Held) {
    budget->set_bound(kMiB);  // a quarter of it: three parts, two if they have room to grow
    serve();
    for (std::size_t parts = 1; parts <= 6; ++parts) {
        RawClient& raw = upgraded();
        meanwhile([&] { raw.send(part_of_a_message(60'000)); });
        BOOST_TEST(holds(Use::half_received, std::min<std::size_t>(parts, 2) * 60'000, kMiB / 4));
    }
    BOOST_TEST(until([&] { return ended.size() >= 3; }));
    BOOST_TEST(ended.size() <= 4U);
    for (std::size_t i = 0; i < ended.size(); ++i) {
        BOOST_TEST(ended[i] == ids[i]);
    }
    BOOST_TEST(server->totals().cut_memory == ended.size());
    meanwhile([&] {  // the others go on
        clients.back().send(std::string(5'536, 'x'));
        BOOST_TEST(clients.back().read_frame_past_pings().payload.size() == 65'536U);
    });
    clients.clear();
    BOOST_TEST(nothing_is_held());
}

BOOST_FIXTURE_TEST_CASE(connections_are_refused_when_there_is_no_memory_for_one_and_room_comes_back,
                        Held) {
    budget->set_bound(2 * (ServerEndpoint::kHalfOpenMemory + ServerEndpoint::kOpenMemory));
    serve();
    upgraded();
    upgraded();
    RawClient third(port);
    BOOST_TEST(until([&] { return server->totals().refused_memory == 1; }));
    BOOST_TEST(third.ends());
    clients.pop_back();
    BOOST_REQUIRE(until([&] { return server->connections() == 1; }));
    upgraded();
}

BOOST_FIXTURE_TEST_CASE(what_a_reader_does_not_take_is_charged_until_it_does, Held) {
    serve();
    RawClient& slow = upgraded();
    BOOST_TEST(server->pressure(ids[0]) == 0U);
    fill(ids[0], 500'000);
    BOOST_TEST(budget->used(Use::queued) >= 500'000U);
    BOOST_TEST(server->pressure(ids[0]) == server->queued_bytes(ids[0]));
    budget->set_bound(12 * kMiB);  // a share of 3 MiB, and an eighth of what is left is less
    BOOST_TEST(server->pressure(ids[0]) == MemoryBudget::kNoBound);
    upgraded();
    budget->set_bound(1);  // and nothing is left at all: who takes everything is no burden
    server->send(ids[1], std::string(5'000, 'x'));
    BOOST_TEST(server->pressure(ids[1]) == server->queued_bytes(ids[1]));
    BOOST_TEST(server->pressure(ids[1]) >= 5'000U);
    budget->set_bound(0);
    meanwhile([&] {
        while (budget->used(Use::queued) != 0) {
            (void)slow.read_frame();
        }
    });
    BOOST_TEST(server->pressure(ids[0]) == 0U);
    clients.clear();
    BOOST_TEST(nothing_is_held());
}

BOOST_FIXTURE_TEST_CASE(what_waited_for_slow_readers_is_free_once_they_have_read_it, Held) {
    constexpr std::size_t kReaders = 12;
    serve();
    for (std::size_t i = 0; i < kReaders; ++i) {
        upgraded();
    }
    const auto fill_and_read = [&](std::size_t i) {
        fill(ids[i], kMiB / 2);
        meanwhile([&] {
            while (budget->used(Use::queued) != 0) {
                (void)clients[i].read_frame();
            }
        });
    };
    fill_and_read(0);  // now the poller has the buffers that it keeps
    const std::size_t before = in_use();
    for (std::size_t i = 1; i < kReaders; ++i) {
        fill_and_read(i);
    }
    BOOST_TEST(in_use() < before + kMiB);  // each had a quarter of it
}

BOOST_FIXTURE_TEST_CASE(the_reader_that_has_taken_nothing_for_longest_is_cut, Held) {
    serve();
    RawClient& reads = upgraded();
    fill(ids[0], 600'000);
    upgraded();
    fill(ids[1], 600'000);
    const std::size_t before = budget->used(Use::queued);
    meanwhile([&] {
        while (budget->used(Use::queued) == before) {
            (void)reads.read_frame();
        }
    });
    budget->set_bound(4 * (budget->used(Use::queued) + 10'000));
    fill(ids[0], server->queued_bytes(ids[0]) + 400'000);
    BOOST_REQUIRE(until([&] { return !ended.empty(); }));
    BOOST_TEST((ended == std::vector<ConnectionId>{ids[1]}));
    BOOST_TEST(server->totals().cut_memory == 1U);
    BOOST_TEST(server->connections() == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_kernel_holds_little_for_who_does_not_read, Held) {
    serve();
    upgraded();
    const std::string message(20'000, 'x');
    std::size_t sent = 0;
    while (server->queued_bytes(ids[0]) < 5 * message.size() && sent < 20 * kMiB) {
        server->send(ids[0], message);
        sent += message.size();
        loop.run_for(std::chrono::milliseconds(1));
    }
    BOOST_TEST(sent < kMiB);
}

BOOST_FIXTURE_TEST_CASE(who_misses_a_message_past_the_mark_is_cut_even_if_it_reads_just_then,
                        Held) {
    options.max_queued_bytes = kMiB;
    serve();
    RawClient& raw = upgraded();
    fill(ids[0], kMiB - 30'000);
    BOOST_REQUIRE(ended.empty());
    std::string bytes(100'000, '\0');
    while (::recv(raw.socket(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
    }
    for (int i = 0; i < 10; ++i) {
        server->send(ids[0], std::string(20'000, 'x'));
    }
    BOOST_TEST(until([&] { return ended.size() == 1; }));
    BOOST_TEST(server->totals().cut_slow == 1U);
}

BOOST_FIXTURE_TEST_CASE(all_is_given_back_however_a_connection_ends, Held) {
    options.handshake_seconds = 1;
    options.max_queued_bytes = kMiB;
    serve();
    RawClient never(port);  // ends by its deadline
    upgraded();
    fill(ids[0], 10 * kMiB);  // ends past the mark
    RawClient& closes = upgraded();
    meanwhile([&] { closes.send(RawClient::frame(0x88, "\x03\xE8")); });
    RawClient& resets = upgraded();
    meanwhile([&] { resets.send(part_of_a_message(50'000)); });
    BOOST_TEST(holds(Use::half_received, 50'000, 200'000));
    const linger at_once{1, 0};
    ::setsockopt(resets.socket(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    clients.clear();
    RawClient& sent_away = upgraded();
    meanwhile([&] { sent_away.send(part_of_a_message(50'000)); });
    server->close(ids.back(), 1000, "");
    BOOST_TEST(until([&] { return ended.size() == 4; }));
    BOOST_TEST(nothing_is_held());

    RawClient& last = upgraded();
    meanwhile([&] { last.send(part_of_a_message(50'000)); });
    BOOST_TEST(holds(Use::half_received, 50'000, 200'000));
    server.reset();
    BOOST_TEST(budget->used() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
