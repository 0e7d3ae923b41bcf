#include "tui/common/command_table.h"
#include "tui/model/key_table.h"
#include "tui/model/layout.h"
#include "tui/model/pages.h"

#include <boost/test/unit_test.hpp>

#include <set>
#include <sstream>

namespace {

using namespace sotto::tui;

bool holds(const Page& page, const std::string& text) {
    for (const PageLine& line : page.lines) {
        if (line.text.find(text) != std::string::npos) {
            return true;
        }
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(no_two_commands_have_a_name_in_common) {
    std::set<std::string> seen;
    for (const CommandRow& row : command_table()) {
        std::istringstream names(std::string(row.name) + " " + std::string(row.aliases));
        for (std::string name; names >> name;) {
            BOOST_TEST(seen.insert(name).second, name);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_key_stands_twice_in_one_place) {
    std::set<std::pair<Where, std::string>> seen;
    for (const KeyPlace& place : key_places()) {
        for (const KeyRow& row : place.rows()) {
            std::stringstream names{std::string(row.keys)};
            for (std::string name; std::getline(names, name, ',');) {
                BOOST_TEST(seen.emplace(place.key, name).second, name);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(control_w_never_closes_anything) {
    for (const Focus focus : {Focus::input, Focus::users, Focus::requests, Focus::chat}) {
        const KeyRow* row = find_key(focus, "C-w");
        BOOST_TEST((row == nullptr || std::holds_alternative<Edit>(row->action)));
    }
}

BOOST_AUTO_TEST_CASE(help_shows_every_command_and_every_key) {
    const Page page = help_page("");
    for (const CommandRow& row : command_table()) {
        BOOST_TEST(holds(page, "/" + std::string(row.name)));
    }
    for (const KeyPlace& place : key_places()) {
        for (const KeyRow& row : place.rows()) {
            BOOST_TEST(holds(page, std::string(row.help)));
        }
    }
}

BOOST_AUTO_TEST_CASE(help_with_a_word_shows_what_holds_it) {
    const Page page = help_page("safety");
    BOOST_TEST(holds(page, "/verify"));
    BOOST_TEST(!holds(page, "/quit"));
}

BOOST_AUTO_TEST_CASE(help_finds_a_word_in_any_case_and_says_when_there_is_none) {
    BOOST_TEST(holds(help_page("VERIFY"), "/verify"));
    BOOST_TEST(holds(help_page("xyzzy"), "No command or key holds xyzzy."));
}

BOOST_AUTO_TEST_CASE(help_names_the_first_and_the_last_of_a_row_of_keys) {
    BOOST_TEST(holds(help_page(""), "M-1 to M-0"));
    BOOST_TEST(holds(help_page(""), "C-a is a with Ctrl"));
}

BOOST_AUTO_TEST_CASE(a_command_may_be_written_in_any_case) {
    const Understood result = understand("/QUIT", {});
    BOOST_TEST((std::holds_alternative<sotto::client::Command>(result)));
}

BOOST_AUTO_TEST_CASE(only_a_command_that_is_near_is_taken_for_the_one_meant) {
    const auto why = [](const std::string& line) {
        return std::get<Misunderstood>(understand(line, {})).why;
    };
    BOOST_TEST(why("/verfy").find("did you mean /verify?") != std::string::npos);
    BOOST_TEST(why("/chta").find("did you mean /chat?") != std::string::npos);
    BOOST_TEST(why("/qiut").find("did you mean /quit?") != std::string::npos);
    for (const char* line : {"/foo", "/away", "/xyzzy"}) {
        BOOST_TEST(why(line).find("did you mean") == std::string::npos, why(line));
        BOOST_TEST(why(line).find("/help lists them") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(what_a_command_has_no_use_for_is_refused_with_how_it_is_used) {
    const Current current{"bob", "bob"};
    const auto why = [&](const std::string& line) {
        const Understood understood = understand(line, current);
        const auto* wrong = std::get_if<Misunderstood>(&understood);
        return wrong == nullptr ? std::string() : wrong->why;
    };
    BOOST_TEST(why("/quit now") == "usage: /quit");
    BOOST_TEST(why("/chat bob hello") == "usage: /chat NAME");
    BOOST_TEST(why("/close bob carol") == "usage: /close [NAME]");
    for (const char* line : {"/quit  ", "/close bob ", "/search two words", "/help two words",
                             "/confirm bob 12345 67890", "/trust bob 1111 2222 3333 4444"}) {
        BOOST_TEST(why(line) == "", line);
    }
}

BOOST_AUTO_TEST_CASE(every_command_understands_its_own_name) {
    for (const CommandRow& row : command_table()) {
        const Understood result =
            understand("/" + std::string(row.name) + " bob x", {"carol", "dave"});
        const auto* wrong = std::get_if<Misunderstood>(&result);
        BOOST_TEST((wrong == nullptr || wrong->why.rfind("usage:", 0) == 0), row.name);
    }
}

BOOST_AUTO_TEST_CASE(panes_never_overlap_and_never_leave_the_screen) {
    for (int rows = 4; rows < 60; ++rows) {
        for (int columns = 20; columns < 140; columns += 3) {
            const Layout layout = lay_out({rows, columns}, Focus::input, 3, 50);
            int cells = 0;
            for (const Rect* rect :
                 {&layout.users, &layout.requests, &layout.chat, &layout.status, &layout.input}) {
                if (rect->empty()) {
                    continue;
                }
                BOOST_REQUIRE(rect->row >= 0 && rect->row + rect->rows <= rows);
                BOOST_REQUIRE(rect->column >= 0 && rect->column + rect->columns <= columns);
                cells += rect->rows * rect->columns;
            }
            const int divider = layout.side_by_side ? layout.main.rows : 0;
            BOOST_REQUIRE_EQUAL(cells + divider, rows * columns);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
