// sotto-json(5) and sotto(1) say what the tables say.
#include "tui/common/command_table.h"
#include "tui/faces/json_commands.h"
#include "tui/faces/json_events.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

using namespace sotto::tui;

namespace {

std::string page(const std::string& name) {
    std::ifstream file(std::string(SOTTO_MANUAL) + "/" + name);
    BOOST_TEST_REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The lines of the item `.It Li NAME`, and how many such items there are.
std::vector<std::string> item(const std::string& text, const std::string& name,
                              std::size_t& count) {
    std::vector<std::string> out;
    std::istringstream lines(text);
    bool inside = false;
    count = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line == ".It Li " + name) {
            inside = true;
            ++count;
        } else if (line.substr(0, 3) == ".It" || line == ".El") {
            inside = false;
        } else if (inside) {
            out.push_back(line);
        }
    }
    return out;
}

std::string joined(const std::vector<std::string_view>& names) {
    std::string out;
    for (const std::string_view name : names) {
        out += (out.empty() ? ".Va " : " , ") + std::string(name);
    }
    return out;
}

void check_shapes(const std::vector<JsonShape>& shapes, const std::string& text) {
    for (const JsonShape& shape : shapes) {
        std::size_t count = 0;
        const auto lines = item(text, std::string(shape.name), count);
        BOOST_TEST(count == 1U, shape.name);
        if (!shape.fields.empty()) {
            BOOST_TEST_REQUIRE(!lines.empty(), shape.name);
            BOOST_TEST(lines.front() == joined(shape.fields));
        } else {
            const bool names_none = lines.empty() || lines.front().substr(0, 3) != ".Va";
            BOOST_TEST(names_none, shape.name);
        }
    }
}

std::string section(const std::string& text, const std::string& title) {
    const std::size_t begin = text.find("\n.Sh " + title + "\n");
    BOOST_TEST_REQUIRE(begin != std::string::npos, title);
    return text.substr(begin, text.find("\n.Sh ", begin + 1) - begin);
}

std::size_t items(const std::string& text) {
    std::size_t out = 0;
    for (std::size_t at = text.find("\n.It Li "); at != std::string::npos;
         at = text.find("\n.It Li ", at + 1)) {
        ++out;
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(manual)

BOOST_AUTO_TEST_CASE(every_json_command_stands_there_with_its_fields_and_no_other) {
    const std::string commands = section(page("sotto-json.5"), "COMMANDS");
    check_shapes(json_command_shapes(), commands);
    BOOST_TEST(items(commands) == json_command_shapes().size());
}

BOOST_AUTO_TEST_CASE(every_json_event_stands_there_with_its_fields_and_no_other) {
    const std::string text = page("sotto-json.5");
    const std::string events = section(text, "EVENTS") + section(text, "VALUES");
    check_shapes(json_event_shapes(), events);
    BOOST_TEST(items(events) == json_event_shapes().size());
}

BOOST_AUTO_TEST_CASE(every_word_that_a_field_may_hold_stands_there) {
    std::istringstream words(page("sotto-json.5"));
    const std::set<std::string> all{std::istream_iterator<std::string>(words), {}};
    for (const std::string_view word : json_event_words()) {
        BOOST_TEST(all.count(std::string(word)) == 1U, word);
    }
}

BOOST_AUTO_TEST_SUITE_END()
