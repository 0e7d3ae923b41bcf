#include "tui/model/line_editor.h"

#include "crypto/base/utf8.h"
#include "tui/model/grapheme.h"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>

using sotto::tui::Edit;
using sotto::tui::LineEditor;

namespace {

const std::string kFamily = "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7";
const std::string kAccent = "\xCC\x81";
const std::string kGermany = "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA";

/// The line with a bar where the cursor stands.
std::string shown(const LineEditor& line) {
    return std::string(line.text()).insert(line.cursor(), "|");
}

/// A line with the cursor at the bar.
LineEditor at(const std::string& text) {
    LineEditor line;
    const std::size_t bar = text.find('|');
    line.set_text(text.substr(0, bar));
    const std::size_t cursor = line.text().size();
    line.insert(text.substr(bar + 1));
    while (line.cursor() > cursor) {
        line.run(Edit::backward_char);
    }
    return line;
}

std::string after(Edit edit, const std::string& text) {
    LineEditor line = at(text);
    line.run(edit);
    return shown(line);
}

void type(LineEditor& line, const std::string& text) {
    for (const char c : text) {
        BOOST_REQUIRE(line.insert(std::string(1, c)));
    }
}

void send(LineEditor& line, const std::string& text) {
    line.set_text(text);
    BOOST_REQUIRE_EQUAL(line.take(), text);
}

bool at_boundary(const LineEditor& line) {
    for (const auto& cluster : sotto::tui::clusters(line.text())) {
        if (cluster.begin == line.cursor()) {
            return true;
        }
    }
    return line.cursor() == line.text().size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(line_editor)

BOOST_AUTO_TEST_CASE(the_cursor_moves_by_clusters) {
    BOOST_TEST(after(Edit::backward_char, "ab|") == "a|b");
    BOOST_TEST(after(Edit::backward_char, "|ab") == "|ab");
    BOOST_TEST(after(Edit::backward_char, "a" + kFamily + "|") == "a|" + kFamily);
    BOOST_TEST(after(Edit::backward_char, "e" + kAccent + "|") == "|e" + kAccent);
    BOOST_TEST(after(Edit::forward_char, "|" + kGermany + kGermany) == kGermany + "|" + kGermany);
    BOOST_TEST(after(Edit::forward_char, "ab|") == "ab|");
}

BOOST_AUTO_TEST_CASE(the_cursor_moves_by_words) {
    BOOST_TEST(after(Edit::backward_word, "one two|") == "one |two");
    BOOST_TEST(after(Edit::backward_word, "one two, |") == "one |two, ");
    BOOST_TEST(after(Edit::backward_word, "|one") == "|one");
    BOOST_TEST(after(Edit::forward_word, "one| two three") == "one two| three");
    BOOST_TEST(after(Edit::forward_word, "on|e two") == "one| two");
    BOOST_TEST(after(Edit::forward_word, "one|  ") == "one  |");
    BOOST_TEST(after(Edit::backward_word,
                     "Gru\xCC\x88\xC3\x9F"
                     "e|") ==
               "|Gru\xCC\x88\xC3\x9F"
               "e");
}

BOOST_AUTO_TEST_CASE(the_cursor_moves_within_its_line_of_several) {
    BOOST_TEST(after(Edit::beginning_of_line, "one\ntw|o") == "one\n|two");
    BOOST_TEST(after(Edit::beginning_of_line, "one\n|two") == "one\n|two");
    BOOST_TEST(after(Edit::end_of_line, "o|ne\ntwo") == "one|\ntwo");
    BOOST_TEST(after(Edit::end_of_line, "one\nt|wo") == "one\ntwo|");
    BOOST_TEST(after(Edit::previous_history, "one\ntw|o") == "on|e\ntwo");
    BOOST_TEST(after(Edit::previous_history, "a\nlong|er") == "a|\nlonger");
    BOOST_TEST(after(Edit::next_history, "on|e\n\ntwo") == "one\n|\ntwo");
    BOOST_TEST(after(Edit::next_history, kFamily + "|x\nabcd") == kFamily + "x\nab|cd");
    BOOST_TEST(after(Edit::previous_history, "o|ne\ntwo") == "o|ne\ntwo");  // no history
}

BOOST_AUTO_TEST_CASE(deleting_takes_a_whole_cluster) {
    BOOST_TEST(after(Edit::backward_delete_char, "a" + kFamily + "|b") == "a|b");
    BOOST_TEST(after(Edit::backward_delete_char, "e" + kAccent + "|") == "|");
    BOOST_TEST(after(Edit::backward_delete_char, "|a") == "|a");
    BOOST_TEST(after(Edit::delete_char, "|" + kGermany + "b") == "|b");
    BOOST_TEST(after(Edit::delete_char, "a|") == "a|");
}

BOOST_AUTO_TEST_CASE(killing_stops_where_readline_stops) {
    BOOST_TEST(after(Edit::unix_word_rubout, "/msg a.b-c |x") == "/msg |x");
    BOOST_TEST(after(Edit::unix_word_rubout, "|x") == "|x");
    BOOST_TEST(after(Edit::backward_kill_word, "/msg a.b-c |x") == "/msg a.b-|x");
    BOOST_TEST(after(Edit::kill_word, "a| bc.d") == "a|.d");
    BOOST_TEST(after(Edit::unix_line_discard, "one\ntwo th|ree") == "one\n|ree");
    BOOST_TEST(after(Edit::unix_line_discard, "one\n|two") == "one|two");
    BOOST_TEST(after(Edit::kill_line, "o|ne\ntwo") == "o|\ntwo");
    BOOST_TEST(after(Edit::kill_line, "o|\ntwo") == "o|two");
    BOOST_TEST(after(Edit::kill_line, "one|") == "one|");
}

BOOST_AUTO_TEST_CASE(a_kill_can_be_yanked_and_replaces_the_one_before) {
    LineEditor line = at("one| two");
    line.run(Edit::kill_line);
    line.run(Edit::beginning_of_line);
    line.run(Edit::yank);
    BOOST_TEST(shown(line) == " two|one");
    line.run(Edit::kill_line);
    line.run(Edit::yank);
    line.run(Edit::yank);
    BOOST_TEST(shown(line) == " twooneone|");
}

BOOST_AUTO_TEST_CASE(kills_in_a_row_join_as_they_stood) {
    LineEditor line = at("a b |c d");
    line.run(Edit::unix_word_rubout);
    line.run(Edit::unix_word_rubout);
    line.run(Edit::kill_word);
    line.run(Edit::kill_word);
    line.run(Edit::kill_word);  // nothing is left: the chain goes on
    BOOST_TEST(shown(line) == "|");
    line.run(Edit::yank);
    BOOST_TEST(shown(line) == "a b c d|");

    line = at("one two|");
    line.run(Edit::unix_word_rubout);
    line.run(Edit::backward_char);  // breaks the chain
    line.run(Edit::end_of_line);
    line.run(Edit::unix_word_rubout);
    line.run(Edit::yank);
    BOOST_TEST(shown(line) == "one |");
    line.run(Edit::yank);
    BOOST_TEST(shown(line) == "one one |");
}

BOOST_AUTO_TEST_CASE(transposing_swaps_clusters) {
    BOOST_TEST(after(Edit::transpose_chars, "a|bc") == "ba|c");
    BOOST_TEST(after(Edit::transpose_chars, "abc|") == "acb|");
    BOOST_TEST(after(Edit::transpose_chars, "|abc") == "|abc");
    BOOST_TEST(after(Edit::transpose_chars, "a|") == "a|");
    BOOST_TEST(after(Edit::transpose_chars, "a|" + kFamily) == kFamily + "a|");
}

BOOST_AUTO_TEST_CASE(what_is_inserted_is_cleaned) {
    LineEditor line;
    BOOST_TEST(line.insert("a\r\nb\rc\nd"));
    BOOST_TEST(line.text() == "a\nb\nc\nd");
    line.clear();
    BOOST_TEST(line.insert(std::string("a\0\x1B[31m\x7F\tb", 10)));
    BOOST_TEST(line.text() == "a[31m\tb");
    line.clear();
    BOOST_TEST(
        line.insert("\xC2\x9B"
                    "x\xFFy\xE2\x82z\xC2\xA9"));
    BOOST_TEST(line.text() == "xyz\xC2\xA9");
    line.clear();
    BOOST_TEST(line.insert("\x07"));
    BOOST_TEST(line.text().empty());
    line.set_text("p\x1Bq");
    BOOST_TEST(shown(line) == "pq|");
}

BOOST_AUTO_TEST_CASE(a_line_does_not_grow_beyond_its_limit) {
    LineEditor line;
    BOOST_TEST(line.insert(std::string(LineEditor::kMaxBytes, 'x')));
    BOOST_TEST(!line.insert("y"));
    BOOST_TEST(line.text() == std::string(LineEditor::kMaxBytes, 'x'));
    BOOST_TEST(!line.complete(line.cursor() - 1, "yz"));
    BOOST_TEST(line.complete(line.cursor() - 1, "y"));
    line.run(Edit::newline);
    BOOST_TEST(line.text().size() == LineEditor::kMaxBytes);
    line.set_text(std::string(LineEditor::kMaxBytes - 1, 'x') + kFamily);
    BOOST_TEST(line.text() == std::string(LineEditor::kMaxBytes - 1, 'x'));
}

BOOST_AUTO_TEST_CASE(an_insertion_that_joins_to_what_follows_takes_the_cursor_along) {
    LineEditor line = at("\n|" + kAccent);
    line.insert("e");
    BOOST_TEST(shown(line) == "\ne" + kAccent + "|");
    line = at("\xF0\x9F\x91\xA9|\xF0\x9F\x91\xA7");
    line.insert("\xE2\x80\x8D");
    BOOST_TEST(shown(line) == kFamily + "|");
}

BOOST_AUTO_TEST_CASE(completion_replaces_the_word_before_the_cursor) {
    LineEditor line = at("/ch| carol");
    line.complete(0, "/chat");
    BOOST_TEST(shown(line) == "/chat| carol");
    line.run(Edit::undo);
    BOOST_TEST(shown(line) == "/ch| carol");
    line.complete(99, "at");  // a beginning behind the cursor is the cursor
    BOOST_TEST(shown(line) == "/chat| carol");
    line.complete(1, "who");
    BOOST_TEST(shown(line) == "/who| carol");
}

BOOST_AUTO_TEST_CASE(undo_takes_back_a_word_of_typing_or_one_edit) {
    LineEditor line;
    type(line, "hello big world");
    line.run(Edit::undo);
    BOOST_TEST(shown(line) == "hello big|");
    line.run(Edit::undo);
    BOOST_TEST(shown(line) == "hello|");
    line.run(Edit::backward_char);
    type(line, "p!");
    line.run(Edit::undo);
    BOOST_TEST(shown(line) == "hell|o");
    line.run(Edit::undo);
    BOOST_TEST(shown(line) == "|");
    line.run(Edit::undo);
    BOOST_TEST(shown(line) == "|");

    line.insert("pasted text");
    line.insert("x");
    line.run(Edit::undo);
    BOOST_TEST(shown(line) == "pasted text|");
    line.clear();
    BOOST_TEST(line.text().empty());
    line.run(Edit::undo);
    BOOST_TEST(shown(line) == "pasted text|");
}

BOOST_AUTO_TEST_CASE(undo_goes_back_only_so_far) {
    LineEditor line;
    for (std::size_t i = 0; i < LineEditor::kMaxUndo + 50; ++i) {
        line.insert("ab");
    }
    for (std::size_t i = 0; i < LineEditor::kMaxUndo + 50; ++i) {
        line.run(Edit::undo);
    }
    BOOST_TEST(line.text().size() == 100u);
    line.insert("x");
    BOOST_TEST(line.take().size() == 101u);
    line.run(Edit::undo);  // not into the line before
    BOOST_TEST(line.text().empty());
}

BOOST_AUTO_TEST_CASE(history_keeps_what_was_being_written) {
    LineEditor line;
    send(line, "first");
    send(line, "second");
    type(line, "draft");
    line.run(Edit::backward_char);
    line.run(Edit::previous_history);
    BOOST_TEST(shown(line) == "second|");
    line.run(Edit::previous_history);
    BOOST_TEST(shown(line) == "first|");
    line.run(Edit::previous_history);
    BOOST_TEST(shown(line) == "first|");
    line.insert("!");
    line.run(Edit::next_history);
    BOOST_TEST(shown(line) == "second|");
    line.run(Edit::next_history);
    BOOST_TEST(shown(line) == "draft|");
    line.run(Edit::next_history);
    BOOST_TEST(shown(line) == "draft|");
    line.run(Edit::previous_history);
    line.run(Edit::previous_history);
    BOOST_TEST(shown(line) == "first!|");  // so is an entry that was edited
    BOOST_TEST(line.take() == "first!");
    line.run(Edit::previous_history);
    line.run(Edit::previous_history);
    line.run(Edit::previous_history);
    BOOST_TEST(line.text() == "first");  // what was sent stays as it was sent
}

BOOST_AUTO_TEST_CASE(history_leaves_out_nothing_and_repetitions_and_forgets_the_oldest) {
    LineEditor line;
    send(line, "old");
    send(line, "same");
    send(line, "same");
    BOOST_TEST(line.take().empty());
    line.run(Edit::previous_history);
    line.run(Edit::previous_history);
    BOOST_TEST(line.text() == "old");
    for (std::size_t i = 0; i < LineEditor::kMaxHistory; ++i) {
        send(line, "entry " + std::to_string(i));
    }
    for (std::size_t i = 0; i < LineEditor::kMaxHistory + 10; ++i) {
        line.run(Edit::previous_history);
    }
    BOOST_TEST(line.text() == "entry 0");
}

BOOST_AUTO_TEST_CASE(history_can_be_left_by_undo) {
    LineEditor line;
    send(line, "sent");
    type(line, "draft");
    line.run(Edit::previous_history);
    line.run(Edit::undo);
    BOOST_TEST(shown(line) == "draft|");
    line.run(Edit::next_history);
    BOOST_TEST(shown(line) == "draft|");
    line.run(Edit::previous_history);
    BOOST_TEST(line.text() == "sent");
}

BOOST_AUTO_TEST_CASE(an_entry_of_several_lines_is_walked_through_line_by_line) {
    LineEditor line;
    send(line, "one");
    send(line, "two\nthree");
    line.run(Edit::previous_history);
    BOOST_TEST(shown(line) == "two\nthree|");
    line.run(Edit::previous_history);
    BOOST_TEST(shown(line) == "two|\nthree");
    line.run(Edit::previous_history);
    BOOST_TEST(shown(line) == "one|");
}

BOOST_AUTO_TEST_CASE(search_finds_the_newest_then_older_hits) {
    LineEditor line;
    send(line, "ask bob");
    send(line, "tell carol");
    send(line, "ask carol");
    type(line, "draft");
    line.run(Edit::reverse_search);
    BOOST_TEST((line.searching() == std::string()));
    BOOST_TEST(shown(line) == "draft|");
    type(line, "ask");
    BOOST_TEST((line.searching() == std::string("ask")));
    BOOST_TEST(shown(line) == "|ask carol");
    line.run(Edit::reverse_search);
    BOOST_TEST(shown(line) == "|ask bob");
    BOOST_TEST(!line.search_failed());
    line.run(Edit::reverse_search);
    BOOST_TEST(line.search_failed());
    BOOST_TEST(shown(line) == "|ask bob");  // what was found stays
    line.end_search(true);
    BOOST_TEST(!line.searching());
    BOOST_TEST(!line.search_failed());
    line.run(Edit::previous_history);
    BOOST_TEST(shown(line) == "|ask bob");  // it is the oldest
    for (int i = 0; i < 3; ++i) {
        line.run(Edit::next_history);
    }
    BOOST_TEST(line.text() == "draft");
}

BOOST_AUTO_TEST_CASE(search_follows_its_text) {
    LineEditor line;
    send(line, "carol was here");
    send(line, "carp");
    line.run(Edit::reverse_search);
    type(line, "car");
    BOOST_TEST(line.text() == "carp");
    type(line, "o");
    BOOST_TEST(line.text() == "carol was here");
    type(line, "X");
    BOOST_TEST(line.search_failed());
    line.run(Edit::backward_delete_char);
    BOOST_TEST(!line.search_failed());
    line.run(Edit::backward_delete_char);
    BOOST_TEST(line.text() == "carp");
    for (int i = 0; i < 5; ++i) {
        line.run(Edit::backward_delete_char);
    }
    BOOST_TEST((line.searching() == std::string()));
    BOOST_TEST(line.text().empty());
}

BOOST_AUTO_TEST_CASE(search_begun_again_repeats_the_last) {
    LineEditor line;
    send(line, "look at this");
    send(line, "other");
    line.run(Edit::reverse_search);
    type(line, "look");
    line.end_search(false);
    line.run(Edit::reverse_search);
    line.run(Edit::reverse_search);
    BOOST_TEST((line.searching() == std::string("look")));
    BOOST_TEST(line.text() == "look at this");
}

BOOST_AUTO_TEST_CASE(search_given_up_brings_the_line_back) {
    LineEditor line;
    send(line, "sent");
    line = at("dr|aft");
    send(line, "sent");
    line.insert("draft");
    line.run(Edit::backward_char);
    line.run(Edit::reverse_search);
    type(line, "se");
    BOOST_TEST(line.text() == "sent");
    line.end_search(false);
    BOOST_TEST(shown(line) == "draf|t");
    line.end_search(false);  // nothing to end
    BOOST_TEST(shown(line) == "draf|t");
}

BOOST_AUTO_TEST_CASE(any_other_edit_takes_the_hit) {
    LineEditor line;
    send(line, "ask carol");
    type(line, "draft");
    line.run(Edit::reverse_search);
    type(line, "carol");
    line.run(Edit::kill_line);
    BOOST_TEST(shown(line) == "ask |");
    BOOST_TEST(!line.searching());
    line.run(Edit::undo);
    line.run(Edit::undo);
    BOOST_TEST(shown(line) == "draft|");

    line.run(Edit::reverse_search);
    type(line, "carol");
    BOOST_TEST(line.take() == "ask carol");
    BOOST_TEST(!line.searching());
}

BOOST_AUTO_TEST_CASE(random_edits_break_nothing) {
    const std::vector<std::string> pieces = {"a",
                                             "word",
                                             " ",
                                             "\n",
                                             "e" + kAccent,
                                             kAccent,
                                             kFamily,
                                             "\xE2\x80\x8D",
                                             kGermany,
                                             "\xF0\x9F\x87\xA9",
                                             "\xF0\x9F\x91\xA9",
                                             "\xE6\x97\xA5",
                                             "\xE1\x84\x80",
                                             "\xE1\x85\xA1",
                                             "\xFF",
                                             "\x1B[A",
                                             "\r\n",
                                             "\xEF\xB8\x8F"};
    std::mt19937 random(17);
    for (int round = 0; round < 60; ++round) {
        LineEditor line;
        for (int step = 0; step < 400; ++step) {
            const std::size_t pick = random() % 30;
            if (pick <= static_cast<std::size_t>(Edit::reverse_search)) {
                line.run(static_cast<Edit>(pick));
            } else if (pick == 20) {
                (void)line.take();
            } else if (pick == 21) {
                line.end_search(random() % 2 == 0);
            } else if (pick == 22) {
                line.complete(random() % 20, pieces[random() % pieces.size()]);
            } else {
                line.insert(pieces[random() % pieces.size()]);
            }
            BOOST_REQUIRE(line.cursor() <= line.text().size());
            BOOST_REQUIRE(at_boundary(line));
            BOOST_REQUIRE(sotto::base::is_utf8(line.text()));
            BOOST_REQUIRE(line.text().size() <= LineEditor::kMaxBytes);
        }
    }
}

BOOST_AUTO_TEST_CASE(undo_brings_back_what_any_edit_changed) {
    std::mt19937 random(19);
    for (int round = 0; round < 3'000; ++round) {
        LineEditor line;
        send(line, "an older line");
        line.insert("some words, e" + kAccent + " and " + kFamily + "\nmore of it");
        for (std::size_t i = random() % 30; i > 0; --i) {
            line.run(Edit::backward_char);
        }
        const std::string text = line.text();
        const std::string before = shown(line);
        line.run(static_cast<Edit>(random() % static_cast<std::size_t>(Edit::undo)));
        if (line.text() == text) {
            continue;  // a move, or nothing to do
        }
        line.run(Edit::undo);
        BOOST_REQUIRE_EQUAL(shown(line), before);
    }
}

BOOST_AUTO_TEST_CASE(tag_characters_are_seen_in_the_line_as_they_will_be_in_the_chat) {
    LineEditor line;
    BOOST_TEST(line.insert("a\xF3\xA0\x81\xA1\xF3\xA0\x80\x81z"));
    BOOST_TEST(line.text() == "a\xEF\xBF\xBD\xEF\xBF\xBDz");
}

BOOST_AUTO_TEST_SUITE_END()
