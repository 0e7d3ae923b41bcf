// The figures of `make bench-relay` as tables and a plot.
#include "test/bench/report/growth.h"
#include "test/bench/report/number.h"
#include "test/bench/report/plot.h"
#include "test/bench/report/section.h"
#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using namespace sotto::bench;

namespace {

constexpr const char* kOther = "other <1.0>";

Figures two_relays() {
    Figures figures;
    for (const char* run : {run::kBytes128, run::kUnbatched, run::kConnect}) {
        figures.add(run, kOurs, quantity::kCpu, 2);
        figures.add(run, kOurs, quantity::kRate, 1'234'567);
        figures.add(run, kOurs, quantity::kP50, 0.012);
        figures.add(run, kOurs, quantity::kBusy, 0.5);
        figures.add(run, kOther, quantity::kCpu, 25);
    }
    return figures;
}

Figures some_growth() {
    std::istringstream json(R"({"context": {}, "benchmarks": [
        {"run_name": "lookup/100", "run_type": "iteration", "cpu_time": 12, "time_unit": "ns"},
        {"run_name": "lookup/100", "run_type": "iteration", "cpu_time": 14, "time_unit": "ns"},
        {"run_name": "lookup/100", "run_type": "iteration", "cpu_time": 90, "time_unit": "ns"},
        {"run_name": "lookup/100", "run_type": "aggregate", "cpu_time": 7, "time_unit": "ns"},
        {"run_name": "lookup/1000", "run_type": "iteration", "error_occurred": true},
        {"run_name": "lookup/100000", "run_type": "iteration", "cpu_time": 2, "time_unit": "us"}]})");
    return growth::read(json);
}

std::string section(const Figures& figures) {
    const Machine machine{2, "A Processor", "3.0.1", "2026-11-24", "A System 1"};
    return performance_section({figures, some_growth(), machine}, "folder/plot.svg");
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) {
        ++found;
    }
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(numbers)

BOOST_AUTO_TEST_CASE(thousands_are_set_apart) {
    BOOST_TEST(decimal(0, 0) == "0");
    BOOST_TEST(decimal(999, 0) == "999");
    BOOST_TEST(decimal(1'000, 0) == "1,000");
    BOOST_TEST(decimal(1'234'567.25, 1) == "1,234,567.2");
}

BOOST_AUTO_TEST_CASE(about_three_digits_are_kept) {
    BOOST_TEST(rounded(0.0123) == "0.012");
    BOOST_TEST(rounded(0.712) == "0.71");
    BOOST_TEST(rounded(25.06) == "25.1");
    BOOST_TEST(rounded(5'286.4) == "5,286");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(figures_in_a_file)

BOOST_AUTO_TEST_CASE(what_was_written_is_read_back_with_the_relays_in_order) {
    const sotto::test::TemporaryFolder folder;
    Figures figures;
    for (const double value : {3.0, 1.0, 2.0}) {
        figures.add(run::kKib1, "second by name", quantity::kCpu, value);
    }
    figures.add(run::kKib1, "first by name", quantity::kCpu, 7);
    figures.write(folder.path / "figures");
    const Figures read = Figures::read(folder.path / "figures");
    BOOST_TEST(*read.median(run::kKib1, "second by name", quantity::kCpu) == 2);
    BOOST_TEST(read.relays() == (std::vector<std::string>{"second by name", "first by name"}),
               boost::test_tools::per_element());
    BOOST_TEST(!read.median(run::kKib1, "first by name", quantity::kRate));
}

BOOST_AUTO_TEST_CASE(a_ratio_is_that_of_the_same_round_at_the_median) {
    Figures figures;
    // Half as fast in the second round; in the fourth, only while these were measured.
    for (const double value : {1.0, 2.0, 1.0, 1.0}) {
        figures.add(run::kKib1, kOurs, quantity::kCpu, value);
    }
    for (const double value : {3.0, 6.0, 3.0, 6.0}) {
        figures.add(run::kKib1, kOther, quantity::kCpu, value);
    }
    BOOST_TEST(*figures.ratio(run::kKib1, kOther, kOurs, quantity::kCpu) == 3);
    BOOST_TEST(*figures.median(run::kKib1, kOther, quantity::kCpu) == 6);
    BOOST_TEST(!figures.ratio(run::kKib16, kOther, kOurs, quantity::kCpu));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_an_error) {
    BOOST_CHECK_THROW((void)Figures::read("/nowhere/figures"), std::runtime_error);
    BOOST_CHECK_THROW(Figures().write("/nowhere/figures"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(growth_is_the_median_of_the_repetitions_in_ns) {
    const Figures figures = some_growth();
    BOOST_TEST(*figures.median("lookup", "100", growth::kTime) == 14);
    BOOST_TEST(*figures.median("lookup", "100000", growth::kTime) == 2'000);
    BOOST_TEST(!figures.median("lookup", "1000", growth::kTime));
}

BOOST_AUTO_TEST_CASE(growth_that_is_no_json_or_has_no_unit_is_an_error) {
    for (const char* text :
         {"", "lookup/100 12 ns", "[1, 2]", R"({"benchmarks": [{"run_name": []}]})",
          R"({"benchmarks": [{"run_name": "a/1", "run_type": "iteration", "cpu_time": 1}]})"}) {
        std::istringstream json(text);
        BOOST_CHECK_THROW((void)growth::read(json), std::runtime_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(section_of_the_readme)

BOOST_AUTO_TEST_CASE(a_cost_has_its_ratio_to_ours_beside_it) {
    const std::string text = section(two_relays());
    BOOST_TEST(has(text, "| sotto-relay | 2.00 | - | - | - | 2.00 | - |\n"));
    BOOST_TEST(has(text, "| other <1.0> | 25.0 (12.5x) | - | - | - | 25.0 (12.5x) | - |\n"));
}

BOOST_AUTO_TEST_CASE(it_says_where_when_and_on_what) {
    const std::string text = section(two_relays());
    BOOST_TEST(
        has(text, "2026-11-24 with 2 processors (A Processor), OpenSSL 3.0.1 and A System 1,\n"));
    BOOST_TEST(has(text, "](folder/plot.svg)"));
    BOOST_TEST(has(text, "| a lookup | 14.0 | - | - | 2,000 |"));
}

BOOST_AUTO_TEST_CASE(a_system_says_its_name_with_or_without_quotes) {
    std::istringstream quoted("ID=x\nPRETTY_NAME=\"A System 1 (name)\"\n");
    BOOST_TEST(system_name(quoted) == "A System 1 (name)");
    std::istringstream bare("PRETTY_NAME=System\n");
    BOOST_TEST(system_name(bare) == "System");
    std::istringstream none("NAME=\"A System\"\n");
    BOOST_TEST(system_name(none).empty());
}

BOOST_AUTO_TEST_CASE(a_generator_that_had_time_left_is_not_mentioned) {
    BOOST_TEST(has(section(two_relays()), "| sotto-relay | 1,234,567 |"));
    BOOST_TEST(!has(section(two_relays()), "†"));
}

BOOST_AUTO_TEST_CASE(rates_and_waits_are_marked_where_the_generator_was_full) {
    Figures figures = two_relays();
    figures.add(run::kUnbatched, kOurs, quantity::kBusy, 0.96);
    figures.add(run::kUnbatched, kOurs, quantity::kBusy, 0.97);
    const std::string text = section(figures);
    BOOST_TEST(has(text, "| sotto-relay | 1,234,567 | - | - | - | 1,234,567 † | - |\n"));
    BOOST_TEST(has(text, "| sotto-relay | 0.012 † |"));
    BOOST_TEST(has(text, "unbatched: sotto-relay 96 %."));
}

BOOST_AUTO_TEST_CASE(without_figures_of_our_own_or_of_growth_there_is_no_section) {
    Figures figures;
    figures.add(run::kBytes128, kOther, quantity::kCpu, 1);
    BOOST_CHECK_THROW((void)section(figures), std::runtime_error);
    BOOST_CHECK_THROW((void)performance_section({two_relays(), {}, {}}, ""), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(it_takes_the_place_of_the_last_one_and_nothing_else) {
    const std::string page =
        "# A page\n\n<!-- performance -->\nold\n<!-- /performance -->\n\nthe rest\n";
    const std::string once = with_section(page, "new\n");
    BOOST_TEST(once ==
               "# A page\n\n<!-- performance -->\nnew\n<!-- /performance -->\n\nthe rest\n");
    BOOST_TEST(with_section(once, "new\n") == once);
}

BOOST_AUTO_TEST_CASE(a_page_without_both_marks_is_an_error) {
    for (const char* page : {"", "<!-- performance -->\n", "<!-- /performance -->\n",
                             "<!-- /performance -->\n<!-- performance -->\n"}) {
        BOOST_CHECK_THROW((void)with_section(page, "new\n"), std::runtime_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(plotted)

/// The heights of the bars with the tooltip `hint`.
double height_of(const std::string& svg, const std::string& hint) {
    const std::size_t at = svg.find("<title>" + hint + "</title></rect>");
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, hint);
    const std::size_t height = svg.rfind("height=\"", at);
    return std::stod(svg.substr(height + 8));
}

BOOST_AUTO_TEST_CASE(bars_grow_by_the_same_for_the_same_ratio) {
    Figures figures;
    figures.add(run::kBytes128, kOurs, quantity::kCpu, 2);
    figures.add(run::kKib1, kOurs, quantity::kCpu, 20);
    figures.add(run::kKib16, kOurs, quantity::kCpu, 200);
    const std::string svg = plot(figures, some_growth());
    const double low = height_of(svg, "sotto-relay, 128 B: 2.00");
    const double middle = height_of(svg, "sotto-relay, 1 KiB: 20.0");
    const double high = height_of(svg, "sotto-relay, 16 KiB: 200");
    BOOST_TEST(low > 0);
    BOOST_TEST(std::abs((high - middle) - (middle - low)) < 0.3);
}

BOOST_AUTO_TEST_CASE(names_are_escaped_and_the_file_runs_nothing_and_fetches_nothing) {
    const std::string svg = plot(two_relays(), some_growth());
    BOOST_TEST(has(svg, "other &lt;1.0&gt;"));
    BOOST_TEST(!has(svg, "other <1.0>"));
    BOOST_TEST(!has(svg, "script"));
    BOOST_TEST(count(svg, "http") == 1);  // the name of SVG's namespace
    BOOST_TEST(count(svg, "<text") == count(svg, "</text>"));
    BOOST_TEST(count(svg, "<rect") == count(svg, "</rect>") + count(svg, "class=\"ground\""));
}

BOOST_AUTO_TEST_CASE(nothing_measured_is_an_empty_plot_with_dashes) {
    const std::string svg = plot(Figures(), Figures());
    BOOST_TEST(!has(svg, "nan"));
    BOOST_TEST(!has(svg, "inf"));
    BOOST_TEST(count(svg, ">-</text>") == growth::operations().size() * growth::users().size());
}

BOOST_AUTO_TEST_SUITE_END()
