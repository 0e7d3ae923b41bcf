#include "net/wire/base64.h"

#include <boost/test/unit_test.hpp>

#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace sotto::wire;

namespace {

using Octets = std::vector<std::uint8_t>;

Octets octets(std::string_view text) {
    return {text.begin(), text.end()};
}

/// Every text over `alphabet` of `size` characters.
template <class Visit>
void every_text(std::string_view alphabet, std::size_t size, std::string& text, Visit&& visit) {
    if (text.size() == size) {
        visit(text);
        return;
    }
    for (const char c : alphabet) {
        text.push_back(c);
        every_text(alphabet, size, text, visit);
        text.pop_back();
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_64)

BOOST_AUTO_TEST_CASE(the_vectors_of_rfc_4648_section_10_hold) {
    const std::vector<std::pair<std::string, std::string>> vectors{{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        BOOST_TEST(base64(octets(plain)) == encoded);
        BOOST_TEST((from_base64(encoded) == octets(plain)));
        const std::string unpadded = encoded.substr(0, encoded.find('='));
        BOOST_TEST(base64url(octets(plain)) == unpadded);
        BOOST_TEST((from_base64url(unpadded) == octets(plain)));
    }
}

BOOST_AUTO_TEST_CASE(the_two_alphabets_differ_in_their_last_two_digits_only) {
    const Octets bytes{0xFB, 0xFF, 0xBF};
    BOOST_TEST(base64(bytes) == "+/+/");
    BOOST_TEST(base64url(bytes) == "-_-_");
    BOOST_TEST(!from_base64("-_-_").has_value());
    BOOST_TEST(!from_base64url("+/+/").has_value());
}

BOOST_AUTO_TEST_CASE(random_bytes_of_every_length_up_to_300_come_back) {
    std::mt19937 random(1);
    for (std::size_t size = 0; size <= 300; ++size) {
        Octets bytes(size);
        for (auto& byte : bytes) {
            byte = static_cast<std::uint8_t>(random());
        }
        const std::string text = base64(bytes);
        BOOST_TEST(text.size() == (size + 2) / 3 * 4);
        BOOST_TEST((from_base64(text) == bytes));
        BOOST_TEST((from_base64url(base64url(bytes)) == bytes));
        for (std::size_t other = size < 3 ? 0 : size - 3; other <= size + 3; ++other) {
            BOOST_TEST(is_base64_of(text, other) == (other == size));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_one_and_two_byte_value_comes_back_and_nothing_else_of_its_length_does) {
    std::set<std::string> produced;
    for (unsigned value = 0; value < 0x10000; ++value) {
        const Octets two{static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
        produced.insert(base64(two));
        if (value < 0x100) {
            produced.insert(base64(gsl::span<const std::uint8_t>(&two[1], 1)));
        }
    }
    BOOST_REQUIRE(produced.size() == 0x10000U + 0x100U);
    // All texts of two or three digits and padding: a decoder takes those produced, no others.
    const std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::size_t wrong = 0;
    std::string text;
    const auto check = [&](const std::string& padded, std::size_t size) {
        const bool expected = produced.count(padded) != 0;
        const auto decoded = from_base64(padded);
        wrong += decoded.has_value() != expected || is_base64_of(padded, size) != expected ||
                 (decoded && base64(*decoded) != padded);
    };
    every_text(digits, 2, text, [&](const std::string& t) { check(t + "==", 1); });
    every_text(digits, 3, text, [&](const std::string& t) { check(t + "=", 2); });
    BOOST_TEST(wrong == 0U);
}

BOOST_AUTO_TEST_CASE(every_short_text_is_taken_only_if_an_encoder_produces_it) {
    std::size_t wrong = 0;
    std::size_t taken = 0;
    for (std::size_t size = 0; size <= 5; ++size) {
        std::string text;
        every_text("ABQg+/-_= \n", size, text, [&](const std::string& t) {
            const auto standard = from_base64(t);
            const auto url = from_base64url(t);
            taken += standard.has_value();
            wrong += standard && base64(*standard) != t;
            wrong += url && base64url(*url) != t;
        });
    }
    BOOST_TEST(wrong == 0U);
    BOOST_TEST(taken > 1'000U);
}

BOOST_AUTO_TEST_CASE(every_malformed_class_is_refused) {
    using namespace std::string_literals;
    for (const std::string& text :
         {"A"s,        "AA"s,         "AAA"s,
          "AAAAA"s,  // no padding, or a lone digit
          "AA="s,      "AAA=="s,      "A==="s,
          "===="s,     "="s,          "=="s,        // wrong padding
          "AAAA="s,    "AAAA=="s,     "AAAA===="s,  // needless padding
          "AA==AA=="s, "AA=A"s,       "=AAA"s,
          "A=AA"s,  // padding inside
          "AB=="s,     "AP=="s,       "A/=="s,
          "AAB="s,     "AAD="s,  // stray bits
          " AAAA"s,    "AAAA "s,      "AA AA"s,
          "AAAA\n"s,   "AA\r\nAA"s,  // white space
          "AAA-"s,     "AAA_"s,       "AAA."s,
          "AAA*"s,     "AAA@"s,       "AAA`"s,  // neighbours of the alphabet
          "AAA["s,     "AAA{"s,       "AAA:"s,
          "AAA,"s,     "AAA\x7F"s,                             //
          "AAA\0"s,    "AA\x80\xFF"s, "\xC3\xA4\xC3\xA4"s}) {  // NUL and beyond ASCII
        BOOST_TEST(!from_base64(text).has_value(), text);
        for (std::size_t size = 0; size <= 8; ++size) {
            BOOST_TEST(!is_base64_of(text, size), text);
        }
    }
    for (const std::string& text : {"A"s, "AAAAA"s, "AB"s, "AAB"s, "AA=="s, "AAA="s, "A+"s, "A/"s,
                                    " AAAA"s, "AAAA\n"s, "AA\0A"s, "AAA\xFF"s}) {
        BOOST_TEST(!from_base64url(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_CASE(one_bad_byte_is_found_wherever_it_stands) {
    const std::string good = base64(Octets(33, 0x5A));
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const char bad : {'=', '-', ' ', '\0', '\xFF', '\x80'}) {
            std::string text = good;
            text[at] = bad;
            // A '=' at the very end is a padding with stray bits: refused as well.
            BOOST_TEST(!from_base64(text).has_value(), text);
            BOOST_TEST(!is_base64_of(text, 33), text);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
