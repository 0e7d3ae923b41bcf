#include "test/tui/face_fixture.h"
#include "tui/faces/line_input.h"
#include "tui/faces/line_output.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <thread>

using namespace sotto::test;
using sotto::tui::LineInput;
using sotto::tui::LineOutput;

namespace {

struct Lines {
    void put(const std::string& text) {
        pipe.put(text);
        input.read();
    }
    std::vector<std::string> take() {
        std::vector<std::string> out;
        while (const auto line = input.next()) {
            out.push_back(line->too_long ? "TOO LONG" : line->text);
        }
        return out;
    }
    Pipe pipe;
    LineInput input{pipe.reader(), 8};
};

using Texts = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(line_input, Lines)

BOOST_AUTO_TEST_CASE(lines_come_whole_however_they_were_written) {
    put("one\ntw");
    BOOST_TEST((take() == Texts{"one"}));
    put("o\r\n\nthree");
    BOOST_TEST((take() == Texts{"two", ""}));
    put("\n");
    BOOST_TEST((take() == Texts{"three"}));
}

BOOST_AUTO_TEST_CASE(a_line_of_just_the_bound_is_taken_with_either_end) {
    put("12345678\n12345678\r\n123456789\n1234567\r8\n");
    BOOST_TEST((take() == Texts{"12345678", "12345678", "TOO LONG", "TOO LONG"}));
}

BOOST_AUTO_TEST_CASE(a_line_too_long_is_told_once_at_once_and_its_rest_is_dropped) {
    put("123456789012");
    BOOST_TEST((take() == Texts{"TOO LONG"}));
    put("/quit");
    BOOST_TEST(take().empty());
    put("/quit\nnext\n");
    BOOST_TEST((take() == Texts{"next"}));
}

BOOST_AUTO_TEST_CASE(what_stands_before_the_end_is_a_line_and_then_there_is_none) {
    put("last");
    BOOST_TEST(take().empty());
    BOOST_TEST(input.descriptor() == pipe.reader());
    pipe.close_writer();
    input.read();
    BOOST_TEST((take() == Texts{"last"}));
    BOOST_TEST(input.ended());
    BOOST_TEST(input.descriptor() == -1);
}

BOOST_AUTO_TEST_CASE(nothing_to_read_is_no_end) {
    input.read();
    BOOST_TEST(!input.ended());
    BOOST_TEST(take().empty());
}

BOOST_AUTO_TEST_CASE(bytes_of_any_value_pass) {
    put(std::string("a\0\xFF\x1b\n", 5));
    BOOST_TEST((take() == Texts{std::string("a\0\xFF\x1b", 4)}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(line_output)

BOOST_AUTO_TEST_CASE(a_slow_reader_gets_all_of_it) {
    Pipe pipe;  // which refuses to block, and holds 64 KiB
    const std::string line(200'000, 'x');
    std::string heard;
    std::thread reader([&] {
        while (heard.size() < line.size() + 1) {
            heard += pipe.take();
        }
    });
    LineOutput output(pipe.writer());
    BOOST_TEST(output.line(line));
    reader.join();
    BOOST_TEST((heard == line + "\n"));
}

BOOST_AUTO_TEST_CASE(it_says_when_nobody_reads) {
    std::signal(SIGPIPE, SIG_IGN);
    Pipe pipe;
    LineOutput output(pipe.writer());
    BOOST_TEST(output.line("heard"));
    pipe.close_reader();
    BOOST_TEST(!output.line("not heard"));
    BOOST_TEST(!output.line("nor this"));
    BOOST_TEST(output.closed());
}

BOOST_AUTO_TEST_SUITE_END()
