#include "net/wire/limits.h"
#include "test/relay/relay_fixture.h"

#include <boost/test/unit_test.hpp>

using namespace sotto;
using test::kChat;
using test::message;
using test::RelayHouse;
using wire::CloseCode;
using wire::ErrorCode;

namespace {

const std::vector<std::string> kForwarded{"relay", "chat_request", "chat_response",
                                          "chat_terminate"};

struct TwoPeople : RelayHouse {
    TwoPeople() {
        join(1, "alice");
        join(2, "bob");
    }
    /// The code that answers `text` from alice, empty if it was not refused.
    std::string code_for(const std::string& text) {
        say(1, text);
        const auto refusal = error(1);
        return refusal ? refusal->code_name : "";
    }
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, what);
    return text.replace(at, what.size(), with);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(forwarding, TwoPeople)

BOOST_AUTO_TEST_CASE(all_four_types_go_to_the_receiver_alone_and_nothing_else_happens) {
    for (const std::string& type : kForwarded) {
        say(1, message(type, "alice", "bob"));
        BOOST_TEST(out.size() == 1U, type);
        BOOST_TEST((forwarded() == std::vector<Id>{2}), type);
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_kind_unknown_fields_and_a_payload_that_is_no_base64_are_forwarded) {
    const auto text = message("relay", "alice", "bob");
    for (const auto& strange :
         {replaced(text, "record", "song"), replaced(text, "AAAA\"}", "\\u00e4 ***\"}"),
          replaced(text, "{", R"({"extra":[1,{"deep":null}],)"), "\n " + text + "\t"}) {
        say(1, strange);
        BOOST_TEST((forwarded() == std::vector<Id>{2}), strange);
    }
}

BOOST_AUTO_TEST_CASE(names_spelt_with_escapes_are_the_same_names) {
    say(1, replaced(message("relay", "alice", "bob"), "\"bob\"", "\"b\\u006fb\""));
    BOOST_TEST((forwarded() == std::vector<Id>{2}));
}

BOOST_AUTO_TEST_CASE(messages_keep_their_order_because_each_is_answered_by_itself) {
    for (int turn = 0; turn < 100; ++turn) {
        say(1, message("relay", "alice", "bob"));
        BOOST_REQUIRE((forwarded() == std::vector<Id>{2}));
    }
}

BOOST_AUTO_TEST_CASE(a_relay_message_is_never_rate_limited) {
    for (int turn = 0; turn < 5'000; ++turn) {
        BOOST_REQUIRE(code_for(message("relay", "alice", "bob")).empty());
    }
}

BOOST_AUTO_TEST_CASE(from_must_be_the_sender_and_lying_closes) {
    for (const std::string& type : kForwarded) {
        TwoPeople house;
        house.say(1, message(type, "carol", "bob"));
        const auto refusal = house.error(1);
        BOOST_REQUIRE(refusal.has_value());
        BOOST_TEST(refusal->code_name == "forbidden");
        BOOST_TEST(refusal->re == type);
        BOOST_TEST((house.closed(1) == CloseCode::policy));
        BOOST_TEST(house.forwarded().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_repeats_type_id_receiver_and_chat_and_stays_open) {
    say(1, message("chat_request", "alice", "carol"));
    BOOST_REQUIRE_EQUAL(sent(1).size(), 1U);
    const std::string text = sent(1).front();
    for (const auto& part :
         {std::string(R"("code":"not_found")"), std::string(R"("re":"chat_request")"),
          std::string(R"("id":7)"), std::string(R"("to":"carol")"), R"("chat":")" + kChat + "\""}) {
        BOOST_TEST(text.find(part) != std::string::npos, part << " in " << text);
    }
    BOOST_TEST(!closed(1).has_value());
}

BOOST_AUTO_TEST_CASE(what_the_message_did_not_have_the_refusal_does_not_invent) {
    say(1, replaced(message("relay", "alice", "carol"), R"("id":7,)", ""));
    BOOST_REQUIRE(error(1).has_value());
    BOOST_TEST(!error(1)->id.has_value());
    BOOST_TEST(sent(1).front().find("\"id\"") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(someone_who_left_is_offline_and_an_unknown_name_not_found) {
    end(2);
    BOOST_TEST(code_for(message("relay", "alice", "bob")) == "offline");
    BOOST_TEST(code_for(message("relay", "alice", "nobody")) == "not_found");
    restart();
    join(1, "alice");
    BOOST_TEST(code_for(message("relay", "alice", "bob")) == "offline");
}

BOOST_AUTO_TEST_CASE(who_was_written_to_before_is_found_where_they_are_now) {
    const auto text = message("relay", "alice", "bob");
    say(1, text);
    BOOST_REQUIRE((forwarded() == std::vector<Id>{2}));
    join(3, "bob");  // by another connection, while the first still stands
    say(1, text);
    BOOST_TEST((forwarded() == std::vector<Id>{3}));
    join(4, "carol");
    say(1, message("relay", "alice", "carol"));
    BOOST_TEST((forwarded() == std::vector<Id>{4}));
    say(1, text);
    BOOST_TEST((forwarded() == std::vector<Id>{3}));
    end(3);
    BOOST_TEST(code_for(text) == "offline");
    join(5, "bob");
    say(1, text);
    BOOST_TEST((forwarded() == std::vector<Id>{5}));
}

BOOST_AUTO_TEST_CASE(who_does_not_read_makes_senders_hear_busy_until_the_queue_is_short_again) {
    queued[2] = (1U << 20U) + 1;
    BOOST_TEST(code_for(message("relay", "alice", "bob")) == "busy");
    BOOST_TEST(!closed(1).has_value());
    queued[2] = 1U << 20U;
    BOOST_TEST(code_for(message("relay", "alice", "bob")) == "");
}

BOOST_AUTO_TEST_CASE(too_many_requests_are_limited_and_allowed_again_later) {
    options.limits.stranger_requests = {};
    restart();
    join(1, "alice");
    join(2, "bob");
    std::string code;
    int passed = 0;
    for (; code.empty() && passed < 1'000; ++passed) {
        code = code_for(message("chat_request", "alice", "bob"));
    }
    BOOST_TEST(code == "rate_limited");
    BOOST_TEST(held_back(relay::Limit::requests) == 1U);
    BOOST_TEST(passed > 10);
    BOOST_TEST(code_for(message("chat_response", "alice", "bob")) == "");
    now += std::chrono::seconds(1);
    BOOST_TEST(code_for(message("chat_request", "alice", "bob")) == "");
}

BOOST_AUTO_TEST_CASE(every_malformed_field_of_a_forwarded_message_is_bad_and_closes) {
    const auto good = message("relay", "alice", "bob");
    const std::vector<std::string> bad{
        replaced(good, R"("from":"alice",)", ""),
        replaced(good, R"("to":"bob",)", ""),
        replaced(good, R"(,"kind":"record")", ""),
        replaced(good, R"(,"payload":"AAAA")", ""),
        replaced(good, R"("kind":"record")", R"("kind":1)"),
        replaced(good, R"("payload":"AAAA")", R"("payload":null)"),
        replaced(good, R"("id":7)", R"("id":"7")"),
        replaced(good, "\"bob\"", "\"Bob\""),
        replaced(good, "\"bob\"", "\"alice\""),  // to is from
        replaced(good, kChat, "AAAA"),
        replaced(good, kChat, "AAAAAAAAAAAAAAAAAAAAAB=="),  // stray bits
        replaced(good, kChat, "AAAAAAAAAAAAAAAAAAAAAA"),    // no padding
        replaced(message("chat_response", "alice", "bob"), "true", "1"),
        replaced(message("chat_request", "alice", "bob"), R"("time":1)", R"("time":"1")"),
        replaced(message("chat_request", "alice", "bob"), R"("identity":"AA==",)", ""),
        replaced(message("chat_terminate", "alice", "bob"), R"(,"payload":"AAAA")", "")};
    for (const std::string& text : bad) {
        TwoPeople house;
        BOOST_TEST(house.code_for(text) == "bad_message", text);
        BOOST_TEST((house.closed(1) == CloseCode::policy), text);
        BOOST_TEST(house.forwarded().empty(), text);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_strict_json_is_bad_and_closes) {
    const auto good = message("relay", "alice", "bob");
    const std::vector<std::string> bad{"",
                                       "hello",
                                       "[]",
                                       "{}",
                                       R"({"type":7})",
                                       good + "x",
                                       good + good,
                                       "\xEF\xBB\xBF" + good,
                                       replaced(good, "{", R"({"type":"relay",)"),
                                       replaced(good, "{", R"({"t\u0079pe":"relay",)"),
                                       replaced(good, "{", R"({"x":1.5,)"),
                                       replaced(good, "{", R"({"x":-0,)"),
                                       replaced(good, "{", R"({"x":9007199254740993,)"),
                                       replaced(good, "{", R"({"x":[[[[]]]],)"),
                                       replaced(good, "{", R"({"x":"\ud800",)"),
                                       replaced(good, "{", "{\"x\":\"\xFF\","),
                                       replaced(good, "{", "{\"x\":\"\n\",")};
    for (const std::string& text : bad) {
        TwoPeople house;
        BOOST_TEST(house.code_for(text) == "bad_message", text);
        BOOST_TEST((house.closed(1) == CloseCode::policy), text);
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_type_is_said_and_the_connection_goes_on) {
    BOOST_TEST(code_for(R"({"type":"sing","id":3})") == "unknown_type");
    BOOST_TEST((error(1)->id == 3));
    BOOST_TEST(!closed(1).has_value());
    BOOST_TEST(code_for(message("relay", "alice", "bob")) == "");
}

BOOST_AUTO_TEST_CASE(a_message_that_was_cut_off_is_too_large_and_closes) {
    out.clear();
    relay->on_too_large(1, now, out);
    BOOST_TEST(error(1)->code_name == "too_large");
    BOOST_TEST((closed(1) == CloseCode::too_large));
}

BOOST_AUTO_TEST_CASE(a_message_cut_off_after_the_connection_was_closed_is_not_answered_again) {
    say(1, "nothing");
    BOOST_REQUIRE(closed(1).has_value());
    out.clear();
    relay->on_too_large(1, now, out);
    relay->on_too_large(99, now, out);
    BOOST_TEST(out.empty());
}

BOOST_AUTO_TEST_CASE(who_sends_too_fast_is_not_read_for_a_while_and_nothing_is_lost) {
    options.limits.relay_bytes = {1'000, 1'000};
    restart();
    join(1, "alice");
    join(2, "bob");
    const auto text = message("relay", "alice", "bob");
    std::size_t passed = 0;
    while (!paused(1) && passed < 2'000) {
        say(1, text);
        BOOST_REQUIRE((forwarded() == std::vector<Id>{2}));
        passed += text.size();
    }
    BOOST_REQUIRE(paused(1).has_value());
    BOOST_TEST(held_back(relay::Limit::relay_bytes) == 1U);
    BOOST_TEST(passed > 1'000U);
    BOOST_TEST((*paused(1) > now));
    BOOST_TEST((*paused(1) <= now + std::chrono::milliseconds(text.size() + 1)));
    now = *paused(1);
    say(1, text);  // what had already been read
    BOOST_TEST((forwarded() == std::vector<Id>{2}));
}

BOOST_AUTO_TEST_CASE(who_is_refused_again_and_again_is_not_read_for_a_while) {
    options.limits.refusals = {10, 20};
    restart();
    join(1, "alice");
    for (int refusal = 0; refusal < 20; ++refusal) {
        say(1, message("relay", "alice", "nobody"));
        BOOST_REQUIRE(!paused(1));
    }
    say(1, message("relay", "alice", "nobody"));
    BOOST_REQUIRE(paused(1).has_value());
    BOOST_TEST(held_back(relay::Limit::refusals) == 1U);
    BOOST_TEST((*paused(1) > now));
    BOOST_TEST((*paused(1) <= now + std::chrono::milliseconds(101)));
    now += std::chrono::seconds(2);
    say(1, message("relay", "alice", "nobody"));
    BOOST_TEST(!paused(1));
    for (int lookup = 0; lookup < 200 && !paused(1); ++lookup) {  // too many of these, too
        say(1, R"({"type":"get_pubkey","user":"alice"})");
    }
    BOOST_TEST(paused(1).has_value());
}

BOOST_AUTO_TEST_CASE(who_is_refused_and_closed_is_still_read_for_the_answer_to_the_close) {
    options.limits.refusals = {1, 0.5};
    restart();
    open(7);
    say(7, "nothing");
    BOOST_TEST(closed(7).has_value());
    BOOST_TEST(!paused(7));
}

BOOST_AUTO_TEST_CASE(what_passes_is_counted_by_type_and_refusals_by_code) {
    const auto relays = [&] { return relay->counters().received[relay::MessageType::relay]; };
    const auto before = relays();
    const auto text = message("relay", "alice", "bob");
    say(1, text);
    say(1, message("relay", "alice", "nobody"));
    BOOST_TEST(relays().messages == before.messages + 2);
    BOOST_TEST(relays().bytes > before.bytes + text.size());
    BOOST_TEST(relay->counters().forwarded.messages == 1U);
    BOOST_TEST(relay->counters().forwarded.bytes == text.size());
    BOOST_TEST(relay->counters().refused[ErrorCode::not_found] == 1U);
}

BOOST_AUTO_TEST_CASE(a_message_of_exactly_the_largest_size_is_forwarded) {
    auto text = message("relay", "alice", "bob");
    text = replaced(text, "AAAA\"}", std::string(wire::kMaxMessage - text.size() + 4, 'A') + "\"}");
    BOOST_REQUIRE_EQUAL(text.size(), wire::kMaxMessage);
    say(1, text);
    BOOST_TEST((forwarded() == std::vector<Id>{2}));
}

BOOST_AUTO_TEST_CASE(shutting_down_is_told_to_everyone_also_to_who_has_not_registered) {
    open(3);
    out.clear();
    relay->shut_down(out);
    for (const Id id : {1U, 2U, 3U}) {
        BOOST_REQUIRE(error(id).has_value());
        BOOST_TEST(error(id)->code_name == "shutting_down");
        BOOST_TEST((closed(id) == CloseCode::going_away));
    }
}

BOOST_AUTO_TEST_CASE(no_log_line_holds_anything_of_what_was_forwarded) {
    const auto secret = replaced(message("relay", "alice", "bob"), "AAAA\"}", "c2VjcmV0\"}");
    for (const std::string& text : {secret, replaced(secret, "\"bob\"", "\"nobody\""), secret + "x",
                                    replaced(secret, "\"alice\"", "\"carol\"")}) {
        TwoPeople house;
        house.say(1, text);
        for (const relay::Action& action : house.out) {
            if (const auto* note = std::get_if<relay::Note>(&action)) {
                BOOST_TEST(note->text.find("c2VjcmV0") == std::string::npos);
                BOOST_TEST(note->text.find(kChat) == std::string::npos);
            }
        }
        for (const std::string& answer : house.sent(1)) {
            BOOST_TEST(answer.find("c2VjcmV0") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(messages_of_connections_that_never_opened_are_ignored) {
    say(99, message("relay", "alice", "bob"));
    BOOST_TEST(out.empty());
    end(99);
    BOOST_TEST(out.empty());
}

BOOST_AUTO_TEST_SUITE_END()
