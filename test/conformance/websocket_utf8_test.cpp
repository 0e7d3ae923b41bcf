// RFC 6455 section 8.1, against the relay's endpoint: text is UTF-8, wherever fragments,
// records and reads split it. A UTF-8 decoder written only from RFC 3629's table decides what
// is invalid.
#include "test/conformance/echo.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>

using namespace sotto::test;
using sotto::net::RawClient;

namespace {

/// A row of RFC 3629 section 4: a first byte, and the second one's range after it.
struct Row {
    int first_from, first_to, second_from, second_to, size;
};
constexpr Row kRows[] = {
    {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

int byte_of(const std::string& text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : -1;
}

bool is_utf8(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const int first = byte_of(text, at);
        const auto* row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& one) {
            return first >= one.first_from && first <= one.first_to;
        });
        if (row == std::end(kRows)) {
            return false;
        }
        for (int i = 1; i < row->size; ++i) {
            const int next = byte_of(text, at + static_cast<std::size_t>(i));
            const bool second = i == 1;
            if (next < (second ? row->second_from : 0x80) ||
                next > (second ? row->second_to : 0xBF)) {
                return false;
            }
        }
        at += static_cast<std::size_t>(row->size);
    }
    return true;
}

/// The first and last character of each length, the edges of the surrogates, non-characters.
const std::vector<std::string> kGood{
    std::string(1, '\0'), "\x7F",
    "\xC2\x80",           "\xDF\xBF",
    "\xE0\xA0\x80",       "\xEC\xBF\xBF",
    "\xED\x9F\xBF",       "\xEE\x80\x80",
    "\xEF\xBF\xBD",       "\xEF\xBF\xBE",
    "\xEF\xBF\xBF",       "\xEF\xB7\x90",
    "\xF0\x90\x80\x80",   "\xF0\x9F\xBF\xBF",
    "\xF3\xBF\xBF\xBF",   "\xF4\x8F\xBF\xBF",
    "\xEF\xBB\xBF",       "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5"};

/// Every class of error: stray bytes, overlong forms, surrogates, too large, cut short,
/// interrupted.
const std::vector<std::string> kBad{"\x80",
                                    "\xBF",
                                    "\x80\xBF",
                                    "\xC0\x80",
                                    "\xC0\xAF",
                                    "\xC1\xBF",
                                    "\xE0\x80\x80",
                                    "\xE0\x9F\xBF",
                                    "\xF0\x80\x80\x80",
                                    "\xF0\x8F\xBF\xBF",
                                    "\xF8\x88\x80\x80\x80",
                                    "\xFC\x84\x80\x80\x80\x80",
                                    "\xED\xA0\x80",
                                    "\xED\xAF\xBF",
                                    "\xED\xB0\x80",
                                    "\xED\xBF\xBF",
                                    "\xED\xA0\x80\xED\xB0\x80",
                                    "\xF4\x90\x80\x80",
                                    "\xF5\x80\x80\x80",
                                    "\xF7\xBF\xBF\xBF",
                                    "\xFE",
                                    "\xFF",
                                    "\xC3",
                                    "\xE2\x82",
                                    "\xF0\x9F\x90",
                                    "\xF0\x9F",
                                    "\xC3(",
                                    "\xE2(\xA1",
                                    "\xE2\x82(",
                                    "\xF0(\x8C\xBC",
                                    "\xF0\x90(\xBC",
                                    "\xF0\x90\x8C("};

std::string frame(int first, std::string_view payload) {
    return RawClient::frame(first, payload);
}

std::string in_two(const std::string& text, std::size_t at) {
    return frame(kTextStart, text.substr(0, at)) + frame(kLastPart, text.substr(at));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(the_lists_are_what_they_say) {
    for (const std::string& text : kGood) {
        BOOST_TEST(is_utf8(text));
    }
    for (const std::string& text : kBad) {
        BOOST_TEST(!is_utf8(text));
    }
}

BOOST_AUTO_TEST_CASE(what_is_valid_is_echoed_wherever_it_is_cut) {
    EchoClient client;
    for (const std::string& good : kGood) {
        const std::string text = "before " + good + " after";
        BOOST_TEST(client.echoes(text));
        const std::string whole = frame(kText, text);
        for (std::size_t at = 6; at <= 8 + good.size(); ++at) {
            BOOST_TEST(client.answer_to(in_two(text, at)).payload == text, at);
            BOOST_TEST(client.answer_to_parts(cut_at(whole, 6 + at)).payload == text, at);
        }
        BOOST_TEST(client.answer_to_parts(one_by_one(whole)).payload == text);
    }
}

BOOST_AUTO_TEST_CASE(what_is_valid_is_echoed_over_the_edges_of_wide_words_and_reads) {
    EchoClient client;
    for (const std::string& good : kGood) {
        for (const std::size_t edge : {16U, 32U, 4'096U, 16'384U, 32'768U}) {
            for (std::size_t back = 0; back <= good.size(); ++back) {
                const std::string text = std::string(edge - back, 'a') + good + "z";
                BOOST_TEST(client.echoes(text), edge << "-" << back);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(each_class_of_what_is_invalid_is_refused) {
    for (const std::string& bad : kBad) {
        BOOST_TEST(close_after(frame(kText, bad)) == 1007, bad);
        BOOST_TEST(close_after(frame(kText, std::string(33, 'a') + bad)) == 1007, bad);
        BOOST_TEST(close_after(frame(kText, bad + std::string(33, 'a'))) == 1007, bad);
    }
}

BOOST_AUTO_TEST_CASE(what_is_invalid_is_refused_wherever_it_is_cut) {
    for (const std::string& bad : kBad) {
        const std::string text = "a" + bad + "z";
        const std::string whole = frame(kText, text);
        for (std::size_t at = 1; at <= bad.size(); ++at) {
            BOOST_TEST(close_after(in_two(text, at)) == 1007, at);
            EchoClient client;
            BOOST_TEST(client.answer_to_parts(cut_at(whole, 6 + at)).close_code() == 1007, at);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_invalid_is_refused_before_the_message_is_whole) {
    for (const std::string bad : {"\xFF", "\xC0", "\xED\xA0", "\xF4\x90", "\xE2("}) {
        BOOST_TEST(close_after(frame(kTextStart, "text " + bad)) == 1007);
        BOOST_TEST(close_after(RawClient::head(kText, 60'000) + frame(kText, bad).substr(6)) ==
                   1007);
    }
}

BOOST_AUTO_TEST_CASE(ascii_does_not_hide_a_character_that_was_left_open) {
    const std::string wide(64, 'a');  // the fast path looks at no byte of this
    for (const std::string open : {"\xC3", "\xE2\x82", "\xF0\x9F\x90"}) {
        BOOST_TEST(close_after(frame(kTextStart, open) + frame(kPart, wide)) == 1007);
        BOOST_TEST(close_after(frame(kTextStart, wide + open) + frame(kPart, "") +
                               frame(kLastPart, "")) == 1007);
    }
    EchoClient client;
    client.send(frame(kTextStart, "\xF0") + frame(kPart, "") + frame(kPart, "\x9F\x90"));
    BOOST_TEST(client.answer_to(frame(kPing, "\xFF\xC0")).opcode == 10);  // not a text of its own
    BOOST_TEST(client.answer_to(frame(kLastPart, "\xA7")).payload == "\xF0\x9F\x90\xA7");
}

BOOST_AUTO_TEST_CASE(a_character_open_in_one_message_is_none_of_the_next) {
    EchoClient client;
    BOOST_TEST(client.echoes("\xFF\xC3", kBinary));
    BOOST_TEST(client.echoes("\xC3\xA9"));
    BOOST_TEST(client.answer_to(frame(kText, "\xA9")).close_code() == 1007);
}

BOOST_AUTO_TEST_CASE(random_bytes_are_echoed_or_refused_as_the_table_says) {
    static constexpr unsigned char kPieces[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F,
                                                0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
                                                0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF};
    std::mt19937 random(20'261'124);
    const auto below = [&](std::size_t most) { return random() % most; };
    auto client = std::make_unique<EchoClient>();
    for (int turn = 0; turn < 600; ++turn) {
        std::string text(below(40), 'a');
        for (std::size_t i = below(5) + 1; i > 0; --i) {
            text += below(2) == 0
                        ? kGood[below(kGood.size())]
                        : std::string(1, static_cast<char>(kPieces[below(std::size(kPieces))]));
        }
        const std::size_t at = below(text.size() + 1);
        const auto answer =
            client->answer_to(below(2) == 0 ? frame(kText, text) : in_two(text, at));
        if (is_utf8(text)) {
            BOOST_TEST((answer.opcode == 1 && answer.payload == text), turn);
        } else {
            BOOST_TEST(answer.close_code() == 1007, turn);
            client = std::make_unique<EchoClient>();
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
