#include "test/relay/relay_fixture.h"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace sotto;
using test::RelayHouse;

namespace {

using Names = std::vector<std::string>;

struct SmallPages : RelayHouse {
    SmallPages() : RelayHouse(3) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(user_list)

BOOST_FIXTURE_TEST_CASE(since_zero_asks_for_everyone_online_the_asker_included, RelayHouse) {
    join(1, "alice");
    join(2, "bob");
    join(3, "carol");
    end(3);
    const auto page = list(1, 0);
    BOOST_REQUIRE(page.has_value());
    BOOST_TEST((page->online == Names{"alice", "bob"}));
    BOOST_TEST(page->offline.empty());
    BOOST_TEST(!page->more);
    BOOST_TEST((page->id == 8));
}

BOOST_FIXTURE_TEST_CASE(a_later_poll_tells_only_what_changed_in_order_of_last_change, RelayHouse) {
    join(1, "alice");
    join(2, "bob");
    const auto start = list(1, 0)->version;
    join(4, "dave");
    join(3, "carol");
    end(2);
    end(4);
    join(4, "dave");
    const auto page = list(1, start);
    BOOST_TEST((page->online == Names{"carol", "dave"}));
    BOOST_TEST((page->offline == Names{"bob"}));
    BOOST_TEST(!page->full);
    BOOST_TEST(page->version > start);
}

BOOST_FIXTURE_TEST_CASE(an_idle_poll_is_empty_and_a_few_dozen_bytes, RelayHouse) {
    join(1, "alice");
    const auto version = list(1, 0)->version;
    const auto idle = list(1, version);
    BOOST_TEST(idle->version == version);
    BOOST_TEST(idle->online.empty());
    BOOST_TEST(idle->offline.empty());
    BOOST_TEST(sent(1).front().size() < 120U);
}

BOOST_FIXTURE_TEST_CASE(a_version_above_the_present_one_is_not_known_and_starts_anew, RelayHouse) {
    join(1, "alice");
    const auto page = list(1, list(1, 0)->version + 1);
    BOOST_TEST(page->full);
    BOOST_TEST((page->online == Names{"alice"}));
}

BOOST_FIXTURE_TEST_CASE(after_a_restart_old_versions_start_anew_and_none_is_lower, RelayHouse) {
    join(1, "alice");
    join(2, "bob");
    const auto old = list(1, 0)->version;
    for (int turn = 0; turn < 3; ++turn) {
        restart();
        join(1, "alice");
        const auto page = list(1, old);
        BOOST_TEST(page->full);
        BOOST_TEST(page->version > old);
        BOOST_TEST((page->online == Names{"alice"}));
    }
}

BOOST_FIXTURE_TEST_CASE(versions_stay_below_what_was_reserved_however_many_changes, RelayHouse) {
    join(1, "alice");
    hub_options.version_block = 100;
    options.limits.registrations = {};
    restart();
    join(1, "alice");
    for (int turn = 0; turn < 12'000; ++turn) {
        end(1);
        tick();
        open(1);
        const auto changed = hub->directory().version();
        BOOST_REQUIRE_LT(changed, registry.reserved);
        join(1, "alice");
    }
    BOOST_TEST(hub->directory().version() > 20'000);
}

BOOST_FIXTURE_TEST_CASE(a_full_page_says_more_and_the_pages_together_are_everyone_once,
                        SmallPages) {
    for (Id id = 1; id <= 8; ++id) {
        join(id, "user" + std::to_string(id));
    }
    Names all;
    std::int64_t since = 0;
    int pages = 0;
    for (bool more = true; more; ++pages) {
        const auto page = list(1, since);
        BOOST_REQUIRE(page.has_value());
        BOOST_TEST(page->online.size() + page->offline.size() <= 3U);
        BOOST_TEST(page->version > since);
        all.insert(all.end(), page->online.begin(), page->online.end());
        since = page->version;
        more = page->more;
    }
    BOOST_TEST(pages == 3);
    BOOST_TEST(all.size() == 8U);
    BOOST_TEST(std::set<std::string>(all.begin(), all.end()).size() == 8U);
    BOOST_TEST(since == hub->directory().version());
}

BOOST_FIXTURE_TEST_CASE(only_the_first_page_of_a_new_start_says_full, SmallPages) {
    for (Id id = 1; id <= 5; ++id) {
        join(id, "user" + std::to_string(id));
    }
    const auto first = list(1, hub->directory().version() + 99);
    BOOST_TEST(first->full);
    BOOST_TEST(first->more);
    BOOST_TEST(!list(1, first->version)->full);
}

BOOST_FIXTURE_TEST_CASE(who_leaves_between_two_pages_is_told_as_offline, SmallPages) {
    for (Id id = 1; id <= 5; ++id) {
        join(id, "user" + std::to_string(id));
    }
    const auto first = list(1, 0);
    BOOST_TEST((first->online == Names{"user1", "user2", "user3"}));
    end(2);
    const auto second = list(1, first->version);
    BOOST_TEST((second->online == Names{"user4", "user5"}));
    BOOST_TEST((second->offline == Names{"user2"}));
}

BOOST_FIXTURE_TEST_CASE(a_prefix_searches_all_registered_names_online_or_not, RelayHouse) {
    join(1, "alice");
    join(2, "carol");
    join(3, "cara");
    join(4, "cb");
    end(3);
    const auto page = list(1, 0, "ca");
    BOOST_TEST((page->online == Names{"carol"}));
    BOOST_TEST((page->offline == Names{"cara"}));
    BOOST_TEST(!page->full);
    BOOST_TEST(!page->more);
    BOOST_TEST(list(1, 0, "zz")->online.empty());
}

BOOST_FIXTURE_TEST_CASE(a_search_in_pages_gives_every_name_once, SmallPages) {
    for (Id id = 1; id <= 7; ++id) {
        join(id, "ca" + std::to_string(id));
    }
    join(8, "dave");
    std::multiset<std::string> found;
    std::int64_t since = 0;
    for (bool more = true; more;) {
        const auto page = list(8, since, "ca");
        found.insert(page->online.begin(), page->online.end());
        BOOST_TEST(!page->full);
        since = page->version;
        more = page->more;
    }
    BOOST_TEST(
        (found == std::multiset<std::string>{"ca1", "ca2", "ca3", "ca4", "ca5", "ca6", "ca7"}));
}

BOOST_FIXTURE_TEST_CASE(a_page_of_the_longest_names_fits_one_message, RelayHouse) {
    join(1, "alice");
    for (int number = 0; number < 1'100; ++number) {
        auto name = "n" + std::to_string(number);
        name.resize(32, 'x');
        registry.names.push_back({name, {}});
    }
    restart();
    join(1, "alice");
    const auto page = list(1, 0, "n");
    BOOST_REQUIRE(page.has_value());
    BOOST_TEST(page->more);
    BOOST_TEST(sent(1).front().size() <= wire::kMaxMessage);
}

BOOST_FIXTURE_TEST_CASE(a_listing_names_nobody_who_left_before_it_and_all_who_leave_during_it,
                        SmallPages) {
    for (Id id = 1; id <= 20; ++id) {
        join(id, "user" + std::to_string(id));
    }
    for (Id id = 2; id <= 20; id += 2) {
        end(id);
    }
    Names online;
    Names offline;
    std::int64_t since = 0;
    int pages = 0;
    for (bool more = true; more; ++pages) {
        const auto page = list(1, since);
        BOOST_REQUIRE(page.has_value());
        online.insert(online.end(), page->online.begin(), page->online.end());
        offline.insert(offline.end(), page->offline.begin(), page->offline.end());
        since = page->version;
        more = page->more;
        if (pages == 0) {
            end(3);
        }
    }
    BOOST_TEST((online == Names{"user1", "user3", "user5", "user7", "user9", "user11", "user13",
                                "user15", "user17", "user19"}));
    BOOST_TEST((offline == Names{"user3"}));
    BOOST_TEST(pages == 4);
    BOOST_TEST(since == hub->directory().version());
}

BOOST_FIXTURE_TEST_CASE(pages_of_changes_name_who_left_also_after_a_listing, SmallPages) {
    for (Id id = 1; id <= 5; ++id) {
        join(id, "user" + std::to_string(id));
    }
    const auto first = list(1, 0);
    BOOST_TEST(first->more);
    const auto known = hub->directory().version();
    for (Id id = 2; id <= 5; ++id) {
        end(id);
    }
    const auto page = list(1, known);
    BOOST_TEST((page->offline == Names{"user2", "user3", "user4"}));
    BOOST_TEST((list(1, page->version)->offline == Names{"user5"}));
}

BOOST_FIXTURE_TEST_CASE(a_search_beyond_the_last_name_is_empty, RelayHouse) {
    join(1, "alice");
    for (const std::int64_t since : {std::int64_t{2}, std::int64_t{1} << 53}) {
        const auto page = list(1, since, "al");
        BOOST_REQUIRE(page.has_value());
        BOOST_TEST(page->online.empty());
        BOOST_TEST(!page->more);
    }
}

BOOST_FIXTURE_TEST_CASE(get_pubkey_tells_the_key_and_who_is_online, RelayHouse) {
    join(1, "alice");
    join(2, "bob");
    for (const bool online : {true, false}) {
        say(1, R"({"type":"get_pubkey","id":7,"user":"bob"})");
        const std::string text = sent(1).front();
        const auto decoded = wire::decode_from_relay(text);
        const auto* answer = decoded ? std::get_if<wire::Pubkey>(&*decoded) : nullptr;
        BOOST_REQUIRE(answer != nullptr);
        BOOST_TEST((answer->identity == identity("bob").public_key()));
        BOOST_TEST(answer->online == online);
        BOOST_TEST((answer->id == 7));
        end(2);
    }
    say(1, R"({"type":"get_pubkey","id":9,"user":"nobody"})");
    BOOST_REQUIRE(error(1).has_value());
    BOOST_TEST(error(1)->code_name == "not_found");
    BOOST_TEST(error(1)->re == "get_pubkey");
    BOOST_TEST((error(1)->id == 9));
}

BOOST_FIXTURE_TEST_CASE(a_prefix_that_begins_no_name_finds_none_and_an_empty_one_finds_all,
                        RelayHouse) {
    join(1, "alice");
    for (const char* prefix : {"C", "-", "alice ", "\u00e4"}) {
        say(1, std::string(R"({"type":"user_list","id":8,"since":0,"prefix":")") + prefix + "\"}");
        BOOST_REQUIRE_EQUAL(sent(1).size(), 1U);
        BOOST_TEST(
            sent(1).front().find(R"("online":[],"offline":[],"more":false)") != std::string::npos,
            sent(1).front());
    }
    say(1, R"({"type":"user_list","id":8,"since":0,"prefix":""})");
    BOOST_TEST(sent(1).front().find(R"("online":["alice"])") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(malformed_lookups_are_bad_and_close, RelayHouse) {
    Id id = 1;
    for (const char* text :
         {R"({"type":"user_list","id":8})", R"({"type":"user_list","id":8,"since":-1})",
          R"({"type":"user_list","id":8,"since":"0"})",
          R"({"type":"user_list","id":8,"since":0,"prefix":1})",
          R"({"type":"user_list","id":"8","since":0})", R"({"type":"get_pubkey","id":8})",
          R"({"type":"get_pubkey","id":8,"user":"No"})"}) {
        ++id;
        join(id, "user" + std::to_string(id));
        say(id, text);
        BOOST_REQUIRE_MESSAGE(error(id).has_value(), text);
        BOOST_TEST(error(id)->code_name == "bad_message", text);
        BOOST_TEST((closed(id) == wire::CloseCode::policy), text);
    }
}

BOOST_FIXTURE_TEST_CASE(too_many_lookups_are_limited_per_connection_and_allowed_again_later,
                        RelayHouse) {
    join(1, "alice");
    join(2, "bob");
    int answered = 0;
    while (answered < 10'000 && list(1, 0).has_value()) {
        ++answered;
    }
    BOOST_REQUIRE(error(1).has_value());
    BOOST_TEST(error(1)->code_name == "rate_limited");
    BOOST_TEST(held_back(relay::Limit::lookups) == 1U);
    BOOST_TEST(error(1)->re == "user_list");
    BOOST_TEST(!closed(1).has_value());
    BOOST_TEST(answered >= 20);
    BOOST_TEST(list(2, 0).has_value());
    now += std::chrono::seconds(1);
    BOOST_TEST(list(1, 0).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
