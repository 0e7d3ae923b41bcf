#include "tui/view/qr.h"

#include "tui/model/grapheme.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <string>
#include <utility>

using namespace sotto::tui;

namespace {

const std::string kSafety = "sotto:v1:012345678901234567890123456789012345678901234567890123456789";

bool module(const QrCode& code, int row, int column) {
    return code.rows.at(static_cast<std::size_t>(row)).at(static_cast<std::size_t>(column));
}

/// A reader of its own for codes of versions 2 to 5 with level L, which have one block of
/// data: what a scanner does with a flawless picture (ISO/IEC 18004).
class Reader {
  public:
    explicit Reader(const QrCode& code)
        : code_(code), size_(code.size()), version_((size_ - 17) / 4), mask_(read_mask()) {}

    std::string text() {
        read_bits();
        std::string out;
        for (int mode = take(4); mode != 0; mode = take(4)) {
            BOOST_TEST_INFO(out + " then mode " + std::to_string(mode));
            BOOST_TEST_REQUIRE((mode == 1 || mode == 2 || mode == 4));
            out += mode == 1 ? digits() : mode == 2 ? letters() : bytes();
        }
        return out;
    }

    /// The 15 format bits, unmasked: level, mask, and their BCH check.
    [[nodiscard]] int format() const {
        int bits = 0;
        for (int i = 0; i < 15; ++i) {
            // Around the upper left finder pattern, but for the timing pattern.
            const int column = i < 6 ? i : i == 6 ? 7 : 8;
            const int row = i < 8 ? 8 : i == 8 ? 7 : 14 - i;
            bits = bits << 1 | (module(code_, row, column) ? 1 : 0);
        }
        return bits ^ 0x5412;
    }

  private:
    [[nodiscard]] int read_mask() const { return format() >> 10 & 7; }

    [[nodiscard]] bool is_function(int row, int column) const {
        const auto corner = [](int r, int c) { return r < 9 && c < 9; };
        const int far = size_ - 8;
        const int align = 4 * version_ + 10;
        return corner(row, column) || (row < 9 && column >= far) || (row >= far && column < 9) ||
               row == 6 || column == 6 ||
               (std::abs(row - align) <= 2 && std::abs(column - align) <= 2);
    }

    [[nodiscard]] bool is_inverted(int i, int j) const {
        switch (mask_) {
            case 0:
                return (i + j) % 2 == 0;
            case 1:
                return i % 2 == 0;
            case 2:
                return j % 3 == 0;
            case 3:
                return (i + j) % 3 == 0;
            case 4:
                return (i / 2 + j / 3) % 2 == 0;
            case 5:
                return i * j % 2 + i * j % 3 == 0;
            case 6:
                return (i * j % 2 + i * j % 3) % 2 == 0;
            default:
                return ((i + j) % 2 + i * j % 3) % 2 == 0;
        }
    }

    /// Up and down in pairs of columns from the right, leaving out the timing column.
    void read_bits() {
        bool up = true;
        for (int right = size_ - 1; right > 0; right -= 2, up = !up) {
            right -= right == 6 ? 1 : 0;
            for (int step = 0; step < size_; ++step) {
                const int row = up ? size_ - 1 - step : step;
                for (const int column : {right, right - 1}) {
                    if (!is_function(row, column)) {
                        bits_ += module(code_, row, column) != is_inverted(row, column) ? '1' : '0';
                    }
                }
            }
        }
    }

    int take(std::size_t count) {
        BOOST_REQUIRE(at_ + count <= bits_.size());
        const int value = std::stoi(bits_.substr(at_, count), nullptr, 2);
        at_ += count;
        return value;
    }

    std::string digits() {
        std::string out;
        for (int left = take(10); left > 0; left -= 3) {
            const int some = std::min(left, 3);
            const std::string group = std::to_string(take(static_cast<std::size_t>(some * 3 + 1)));
            out += std::string(static_cast<std::size_t>(some) - group.size(), '0') + group;
        }
        return out;
    }

    std::string letters() {
        static const std::string kLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
        std::string out;
        for (int left = take(9); left > 0; left -= 2) {
            const auto pair = static_cast<std::size_t>(take(left > 1 ? 11 : 6));
            out += left > 1 ? std::string{kLetters.at(pair / 45), kLetters.at(pair % 45)}
                            : std::string{kLetters.at(pair)};
        }
        return out;
    }

    std::string bytes() {
        std::string out;
        for (int left = take(8); left > 0; --left) {
            out += static_cast<char>(take(8));
        }
        return out;
    }

    const QrCode& code_;
    int size_;
    int version_;
    int mask_;
    std::string bits_;
    std::size_t at_ = 0;
};

std::string picture(const QrCode& code) {
    std::string out;
    for (const auto& row : code.rows) {
        for (const bool dark : row) {
            out += dark ? '#' : '.';
        }
        out += '\n';
    }
    return out;
}

/// The picture that the lines show, '#' for what is dark to the eye.
std::string seen(const std::vector<std::string>& lines, QrBackground background) {
    std::string out;
    for (const std::string& line : lines) {
        for (const bool upper : {true, false}) {
            for (const Cluster& cluster : clusters(line)) {
                const std::string block = line.substr(cluster.begin, cluster.size);
                const bool drawn =
                    block == "\xE2\x96\x88" || block == (upper ? "\xE2\x96\x80" : "\xE2\x96\x84");
                out += drawn == (background == QrBackground::light) ? '#' : '.';
            }
            out += '\n';
        }
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(qr)

BOOST_AUTO_TEST_CASE(a_safety_number_is_a_code_of_29_modules) {
    const auto code = qr_code(kSafety);
    BOOST_REQUIRE(code);
    BOOST_TEST(code->size() == 29);
    for (const auto& row : code->rows) {
        BOOST_TEST(row.size() == 29u);
    }
}

BOOST_AUTO_TEST_CASE(finder_patterns_stand_at_three_corners) {
    const auto code = qr_code(kSafety);
    BOOST_REQUIRE(code);
    const int far = code->size() - 7;
    for (const auto& [top, left] : {std::pair(0, 0), std::pair(0, far), std::pair(far, 0)}) {
        for (int i = 0; i < 7; ++i) {
            for (int j = 0; j < 7; ++j) {
                const int ring = std::max(std::abs(i - 3), std::abs(j - 3));
                BOOST_TEST(module(*code, top + i, left + j) == (ring != 2));
            }
        }
    }
    for (int i = 8; i < code->size() - 8; ++i) {
        BOOST_TEST(module(*code, 6, i) == (i % 2 == 0));
        BOOST_TEST(module(*code, i, 6) == (i % 2 == 0));
    }
}

BOOST_AUTO_TEST_CASE(a_reader_gets_the_text_back) {
    for (const std::string& text :
         {kSafety, std::string("sotto://relay.example:7443/bob"), std::string(60, '7'),
          std::string("Gr\xC3\xBC\xC3\x9F"
                      "e, 42 times or more"),
          std::string(100, 'x')}) {
        const auto code = qr_code(text);
        BOOST_REQUIRE(code);
        BOOST_TEST(Reader(*code).text() == text);
    }
}

BOOST_AUTO_TEST_CASE(the_format_says_level_l_and_checks_out) {
    const auto code = qr_code(kSafety);
    BOOST_REQUIRE(code);
    const int format = Reader(*code).format();
    BOOST_TEST((format >> 13) == 1);
    int rest = format;
    for (int bit = 14; bit >= 10; --bit) {
        rest ^= (rest >> bit & 1) != 0 ? 0x537 << (bit - 10) : 0;
    }
    BOOST_TEST(rest == 0);
}

BOOST_AUTO_TEST_CASE(the_same_text_is_the_same_code_and_another_is_not) {
    BOOST_TEST(picture(*qr_code(kSafety)) == picture(*qr_code(kSafety)));
    std::string other = kSafety;
    other.back() = '8';
    BOOST_TEST(picture(*qr_code(kSafety)) != picture(*qr_code(other)));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_a_code_is_none) {
    BOOST_TEST(!qr_code(""));
    BOOST_TEST(!qr_code(std::string("a\0b", 3)));
    BOOST_TEST(!qr_code(std::string(3'000, 'x')));
    BOOST_TEST(qr_code(std::string(2'900, 'x')).has_value());
}

BOOST_AUTO_TEST_CASE(half_blocks_show_the_code_in_its_quiet_zone_on_any_background) {
    const auto code = qr_code(kSafety);
    BOOST_REQUIRE(code);
    for (const QrBackground background : {QrBackground::dark, QrBackground::light}) {
        for (const int quiet : {0, 1, kQrQuietZone, 4}) {
            const auto lines = half_blocks(*code, background, quiet);
            const int width = code->size() + 2 * quiet;
            BOOST_TEST(static_cast<int>(lines.size()) == (width + 1) / 2);
            const auto side = static_cast<std::size_t>(quiet);
            const std::string blank = std::string(static_cast<std::size_t>(width), '.') + "\n";
            std::string expected;
            for (int i = 0; i < quiet; ++i) {
                expected += blank;
            }
            for (const auto& row : code->rows) {
                expected += std::string(side, '.');
                for (const bool dark : row) {
                    expected += dark ? '#' : '.';
                }
                expected += std::string(side, '.') + "\n";
            }
            for (int i = 0; i < quiet + 1; ++i) {  // 29 is odd
                expected += blank;
            }
            BOOST_TEST(seen(lines, background) == expected);
            for (const std::string& line : lines) {
                BOOST_TEST(columns(line) == width);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_safety_number_fits_an_80x24_screen_beside_its_digits) {
    const auto lines = half_blocks(*qr_code(kSafety), QrBackground::dark);
    BOOST_TEST(lines.size() == 17u);
    BOOST_TEST(columns(lines.front()) == 33);
}

BOOST_AUTO_TEST_SUITE_END()
