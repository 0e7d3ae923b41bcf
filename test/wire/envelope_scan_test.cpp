#include "net/wire/envelope_scan.h"

#include "net/wire/envelope.h"
#include "test/wire/samples.h"
#include "test/wire/scan_oracle.h"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <vector>

using namespace sotto::wire;
using namespace sotto::wire::test;

namespace {

void must_agree(const std::string& text) {
    const std::string wrong = disagreement(text);
    BOOST_TEST(wrong.empty(), wrong << ": " << text);
}

/// Alters valid messages so that many stay JSON and some stay valid.
class Mutator {
  public:
    explicit Mutator(std::uint32_t seed) : random_(seed), corpus_(samples()) {}

    std::string next() {
        std::string text = pick(corpus_);
        for (auto changes = below(4); changes != 0; --changes) {
            change(text);
        }
        return text;
    }

  private:
    std::size_t below(std::size_t limit) { return random_() % limit; }
    const std::string& pick(const std::vector<std::string>& from) {
        return from[below(from.size())];
    }

    void change(std::string& text) {
        static const std::vector<std::string> kTokens{"\"type\":\"relay\",",
                                                      "\"\\u0074ype\":\"relay\",",
                                                      "\"id\":1,",
                                                      "\"id\":\"1\",",
                                                      "\"id\":-0,",
                                                      "\"x\":{\"y\":[1]},",
                                                      "\"x\":[[[[]]]],",
                                                      "\"from\":\"alice\",",
                                                      "\"to\":\"alice\",",
                                                      "\"payload\":1,",
                                                      "\"accept\":false,",
                                                      "null",
                                                      "true",
                                                      "[]",
                                                      "{}",
                                                      "\\ud83d\\ude00",
                                                      "\\ud800",
                                                      "\xC3\xA9",
                                                      "\xC3",
                                                      "\\\"",
                                                      "\\",
                                                      "\"",
                                                      ",",
                                                      ":",
                                                      " ",
                                                      "\n",
                                                      "9007199254740993",
                                                      "1e3",
                                                      "{",
                                                      "}",
                                                      "\xEF\xBB\xBF"};
        const std::size_t at = below(text.size() + 1);
        const std::size_t size = below(12);
        switch (below(6)) {
            case 0:
                text.insert(at, pick(kTokens));
                break;
            case 1:
                text.insert(text.empty() ? 0 : 1, pick(kTokens));  // a first member
                break;
            case 2:
                text.erase(at, size);
                break;
            case 3:
                text.insert(at, text.substr(below(text.size() + 1), size));
                break;
            case 4:
                escape(text, at);
                break;
            default:
                if (at < text.size()) {
                    text[at] = static_cast<char>(random_());
                }
        }
    }

    /// Spells one letter of a key or value as an escape: the meaning stays.
    static void escape(std::string& text, std::size_t at) {
        static const std::string kHex = "0123456789abcdef";
        if (at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || text[at] == '=')) {
            const auto byte = static_cast<unsigned char>(text[at]);
            text.replace(at, 1, std::string("\\u00") + kHex[byte >> 4U] + kHex[byte & 15U]);
        }
    }

    std::mt19937 random_;
    std::vector<std::string> corpus_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(envelope_scan)

BOOST_AUTO_TEST_CASE(every_valid_message_is_told_apart) {
    for (const std::string& text : forwarded()) {
        const Scan scan = scan_from_client(text);
        BOOST_REQUIRE_MESSAGE(scan.outcome == Scan::Outcome::forward, text);
        BOOST_TEST(scan.message.from == "alice");
        BOOST_TEST(scan.message.to == "bob");
        BOOST_TEST(scan.message.chat == kChat);
        BOOST_TEST(scan.message.id.has_value());
        BOOST_TEST(!scan.owned, "nothing is copied without escapes");
        must_agree(text);
    }
    for (const std::string& text : lookups()) {
        BOOST_TEST((scan_from_client(text).outcome == Scan::Outcome::other), text);
        must_agree(text);
    }
}

BOOST_AUTO_TEST_CASE(escaped_spellings_mean_the_same_and_outlive_a_move) {
    for (const std::string& message : forwarded()) {
        std::string text = replaced(message, "\"type\"", "\"\\u0074ype\"");
        text = replaced(text, "\"from\"", "\"fr\\u006Fm\"");
        text = replaced(text, "\"alice\"", "\"\\u0061lice\"");
        text = replaced(text, "\"bob\"", "\"bo\\u0062\"");
        text = replaced(text, "==\"", "=\\u003d\"");
        Scan scan = scan_from_client(text);
        BOOST_REQUIRE_MESSAGE(scan.outcome == Scan::Outcome::forward, text);
        const Scan moved = std::move(scan);
        BOOST_TEST(moved.message.from == "alice");
        BOOST_TEST(moved.message.to == "bob");
        BOOST_TEST(moved.message.chat == kChat);
        must_agree(text);
    }
    const std::string kind = replaced(forwarded()[3], "\"relay\"", "\"rela\\u0079\"");
    BOOST_TEST((scan_from_client(kind).outcome == Scan::Outcome::forward));
}

BOOST_AUTO_TEST_CASE(nothing_but_the_route_is_decoded) {
    std::string text = forwarded()[3];
    text = replaced(text, "\"AAECAwQFBgc=\"", "\"not base64 \\n\xC3\xA9\"");
    text = replaced(text, "\"record\"", "\"a kind of tomorrow\"");
    BOOST_TEST((scan_from_client(text).outcome == Scan::Outcome::forward));
    must_agree(text);
    text = replaced(forwarded()[0], kKey, "AA");
    text = replaced(text, "1700000000000", "-1");
    BOOST_TEST((scan_from_client(text).outcome == Scan::Outcome::forward));
    must_agree(text);
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_ignored_and_may_hold_anything_strict) {
    for (const std::string& message : forwarded()) {
        for (const std::string extra : {R"("x":null,)", R"("x":{"from":"carol","from2":[[]]},)",
                                        R"("From":1,"type ":2,)", R"("x":"\u0022type\u0022:1",)"}) {
            const std::string text = "{" + extra + message.substr(1);
            BOOST_TEST((scan_from_client(text).outcome == Scan::Outcome::forward), text);
            must_agree(text);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_message_to_oneself_is_refused_and_its_reply_repeats_the_route) {
    for (const std::string& message : forwarded()) {
        const std::string text = replaced(message, "\"bob\"", "\"\\u0061lice\"");
        const Scan scan = scan_from_client(text);
        BOOST_REQUIRE_MESSAGE(scan.outcome == Scan::Outcome::refuse, text);
        BOOST_TEST((scan.reply->code == ErrorCode::bad_message));
        BOOST_TEST((scan.reply->to == "alice"));
        BOOST_TEST(scan.reply->id.has_value());
        BOOST_TEST((scan.reply->chat == ChatId{1, 2, 3}));
        must_agree(text);
    }
}

BOOST_AUTO_TEST_CASE(a_long_payload_with_one_foreign_byte_is_judged_wherever_it_stands) {
    const std::string message = forwarded()[3];
    for (std::size_t at = 0; at < 70; ++at) {
        for (const char* byte : {"\x01", "\"", "\\", "\x80", "\xC3\xA9"}) {
            std::string payload(70, 'A');
            payload.replace(at, 1, byte);
            must_agree(replaced(message, "AAECAwQFBgc=", payload));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_scan_and_the_full_parser_agree_on_fifty_thousand_mutations) {
    Mutator mutator(20'261);
    std::array<std::size_t, 3> seen{};
    for (int i = 0; i < 50'000; ++i) {
        const std::string text = mutator.next();
        const std::string wrong = disagreement(text);
        BOOST_REQUIRE_MESSAGE(wrong.empty(), wrong << ": " << text);
        ++seen[static_cast<std::size_t>(scan_from_client(text).outcome)];
        // The decoders take anything too, and what the relay forwards is never theirs.
        (void)decode_from_relay(text);
        (void)decode_from_client(text);
    }
    for (const std::size_t count : seen) {  // a mutator that breaks everything tests nothing
        BOOST_TEST(count > 3'000U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
