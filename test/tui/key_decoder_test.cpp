// Bytes of a terminal become keys: known ones, unknown ones, and what comes in pieces.
#include "tui/screen/key_decoder.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace sotto::tui;

namespace {

/// What came, in words: keys by their names, a paste in quotes.
std::string in_words(const std::vector<Input>& inputs) {
    std::string out;
    for (const Input& input : inputs) {
        out += out.empty() ? "" : " ";
        if (const auto* key = std::get_if<Key>(&input)) {
            out += name_of(*key);
        } else if (const auto* paste = std::get_if<Paste>(&input)) {
            out += "'" + paste->text + "'";
        } else {
            out += std::get<WindowFocus>(input).on ? "focus" : "no-focus";
        }
    }
    return out;
}

void add(const std::vector<Input>& more, std::vector<Input>& to) {
    to.insert(to.end(), more.begin(), more.end());
}

struct Keyboard {
    std::string sends(std::string_view bytes) { return in_words(decoder.take(bytes)); }
    std::string waits() { return in_words(decoder.settle()); }

    KeyDecoder decoder{KeyDecoder::Letters::utf8};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(key_decoder, Keyboard)

BOOST_AUTO_TEST_CASE(the_usual_sequences_are_keys) {
    BOOST_TEST(sends("\033[A\033OB\033[1;5C\033[1;3D\033[1;7A") == "Up Down C-Right M-Left M-C-Up");
    BOOST_TEST(sends("\033[1~\033[7~\033[4~\033[8~\033[H\033OF") == "Home Home End End Home End");
    BOOST_TEST(sends("\033[2~\033[3~\033[5~\033[6;3~\033[Z") == "Ins Del PgUp M-PgDn S-Tab");
    BOOST_TEST(sends("\033OP\033[12~\033[[C\033[15~\033[24~\033[1;2P") == "F1 F2 F3 F5 F12 F13");
    BOOST_TEST(sends("\033[I\033[O") == "focus no-focus");
    BOOST_TEST(sends("\033OM\033Ok\033Oq") == "Enter + 1");
    BOOST_TEST(sends("\033Od\033[5^\033[7$\033\033[C") == "C-Left C-PgUp Home M-Right");
}

BOOST_AUTO_TEST_CASE(an_unknown_sequence_is_left_out_whole) {
    BOOST_TEST(sends("\033[ax") == "x");
    BOOST_TEST(sends("\033[24;80Rx") == "x");
    BOOST_TEST(sends("\033[?2004;1$yx") == "x");
    BOOST_TEST(sends("\033[<35;1;2Mx") == "x");
    BOOST_TEST(sends("\033O1zx") == "x");
    BOOST_TEST(sends("\033]11;rgb:00\033\\x\033]0;add\ay") == "x y");
    BOOST_TEST(sends("\033P1$raa\033\\x\033_Ga\033\\y") == "x y");
}

BOOST_AUTO_TEST_CASE(a_sequence_in_pieces_is_the_same) {
    for (const std::string sequence : {"\033[1;5C", "\033]11;a\033\\\033[C", "\033P1\033[C"}) {
        std::string out;
        for (const char byte : sequence) {
            out += sends(std::string(1, byte));
        }
        BOOST_TEST(out.find("Right") != std::string::npos, sequence.substr(1));
        BOOST_TEST(out.size() <= 7U, out);
    }
    BOOST_TEST(!decoder.patience());
}

BOOST_AUTO_TEST_CASE(what_breaks_off_is_left_out_but_not_what_follows_it) {
    BOOST_TEST(sends("\033[1;\r\033[3\033[Ax") == "Enter Up x");
    BOOST_TEST(sends("\033[12") == "");
    BOOST_TEST(waits() == "");
    BOOST_TEST(sends("\033]0;title") == "");
    BOOST_TEST(waits() == "");
    BOOST_TEST(sends("text") == "t e x t");
    BOOST_TEST(sends("\033[" + std::string(300, '1')) == "");
    BOOST_TEST(sends("x") == "x");
}

BOOST_AUTO_TEST_CASE(an_esc_waits_for_what_may_follow) {
    BOOST_TEST(sends("\033") == "");
    BOOST_TEST(decoder.patience().has_value());
    BOOST_TEST(waits() == "Esc");
    BOOST_TEST(sends("\033a\033\r\033\x7F\033\xC3\xA4") == "M-a M-Enter M-Backspace M-\xC3\xA4");
    BOOST_TEST(sends("\033\033") == "");
    BOOST_TEST(waits() == "Esc Esc");
    BOOST_TEST(sends("\033[") == "");
    BOOST_TEST(waits() == "M-[");
    BOOST_TEST(sends("\033\033a") == "Esc M-a");
}

BOOST_AUTO_TEST_CASE(a_letter_in_pieces_is_one_and_what_is_none_is_replaced) {
    BOOST_TEST(sends("\xE2\x82") == "");
    BOOST_TEST(sends("\xAC") == "\xE2\x82\xAC");
    BOOST_TEST(sends("a\xE9z\xC0\xAF\xED\xA0\x80") ==
               "a \xEF\xBF\xBD z \xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD");
    BOOST_TEST(sends("\xE2\x82") == "");
    BOOST_TEST(waits() == "\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(a_paste_is_whole_and_no_key_is_in_it) {
    BOOST_TEST(sends("\033[200~a\xE9\r\033[Ab\033[31mc\033xd") == "");
    BOOST_TEST(decoder.pasting());
    BOOST_TEST(sends("e\033[20") == "");
    BOOST_TEST(sends("1~f") == "'a\xEF\xBF\xBD\rbc\033xde' f");
    BOOST_TEST(sends("\033[200~\033]0;\033[201~g") == "'' g");
}

BOOST_AUTO_TEST_CASE(whatever_comes_means_the_same_in_pieces_and_at_once) {
    constexpr std::string_view kAlphabet =
        "\033\033\033[[]]OOPM0129;;~?$^<aRA\a\\\r\x7F\xC3\xA4\xE2\xFF";
    std::mt19937 random(1);
    for (int turn = 0; turn < 20'000; ++turn) {
        std::string bytes;
        for (std::size_t size = random() % 24; bytes.size() < size;) {
            bytes += random() % 16 == 0 ? "\033[200~" : random() % 16 == 0 ? "\033[201~" : "";
            bytes += kAlphabet[random() % kAlphabet.size()];
        }
        Keyboard at_once;
        std::vector<Input> whole = at_once.decoder.take(bytes);
        std::vector<Input> pieces;
        for (std::string_view rest = bytes; !rest.empty();) {
            const std::size_t size = std::min<std::size_t>(1 + random() % 3, rest.size());
            add(decoder.take(rest.substr(0, size)), pieces);
            rest.remove_prefix(size);
        }
        for (auto* board : {&at_once, static_cast<Keyboard*>(this)}) {
            auto& out = board == this ? pieces : whole;
            add(board->decoder.settle(), out);
            add(board->decoder.end_paste(), out);
            BOOST_TEST(!board->decoder.patience());
        }
        BOOST_REQUIRE_EQUAL(in_words(pieces), in_words(whole));
    }
}

BOOST_AUTO_TEST_CASE(a_terminal_of_another_family_is_learnt) {
    Key up;
    up.code = Key::Code::up;
    decoder.learn("\033A", up);
    BOOST_TEST(sends("\033Ax") == "Up x");
}

BOOST_AUTO_TEST_SUITE_END()
