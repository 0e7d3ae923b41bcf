#include "net/wire/plain_run.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using sotto::wire::has_avx2;
using sotto::wire::skip_long_plain;
using sotto::wire::skip_plain;

namespace {

/// Of the registers that every processor has, and of the widest of this one.
std::vector<bool> widths() {
    return has_avx2() ? std::vector<bool>{false, true} : std::vector<bool>{false};
}

std::ptrdiff_t skipped(const std::string& text, bool wide) {
    const char* const end = text.data() + text.size();
    const char* const stop = skip_long_plain(text.data(), end, wide);
    BOOST_REQUIRE(skip_plain(text.data(), end) == stop);
    return stop - text.data();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plain_run)

BOOST_AUTO_TEST_CASE(ends_at_each_byte_that_needs_a_look_and_at_no_other) {
    for (const bool wide : widths()) {
        for (int byte = 0; byte < 256; ++byte) {
            const bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
            for (const std::size_t at : {0U, 15U, 16U, 40U, 79U, 80U, 111U, 112U, 143U, 199U}) {
                std::string text(200, 'a');
                text[at] = static_cast<char>(byte);
                BOOST_REQUIRE_EQUAL(skipped(text, wide), plain ? 200 : static_cast<int>(at));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(is_as_long_as_the_text_at_every_length_and_place) {
    for (const bool wide : widths()) {
        for (std::size_t size = 0; size < 300; ++size) {
            // Exactly as large as it is, so that a sanitizer sees a step beyond it.
            const std::string text(size, '~');
            BOOST_REQUIRE_EQUAL(skipped(text, wide), static_cast<std::ptrdiff_t>(size));
            for (std::size_t at = 0; at < size; at += 7) {
                std::string ends = text;
                ends[at] = '"';
                BOOST_REQUIRE_EQUAL(skipped(ends, wide), static_cast<std::ptrdiff_t>(at));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
