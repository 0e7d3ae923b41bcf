// The Grafana dashboard is drawn from figures that the relay serves, and from nothing else.
#include "relay/broker/metrics.h"

#include <boost/test/unit_test.hpp>
#include <json/json.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace {

Json::Value dashboard() {
    std::ifstream file(SOTTO_DASHBOARD);
    BOOST_REQUIRE(file);
    Json::Value root;
    file >> root;  // throws at what is no JSON
    return root;
}

/// Every query, of panels and of variables.
std::vector<std::string> queries(const Json::Value& root) {
    std::vector<std::string> found;
    for (const Json::Value& panel : root["panels"]) {
        for (const Json::Value& target : panel["targets"]) {
            found.push_back(target["expr"].asString());
        }
    }
    for (const Json::Value& variable : root["templating"]["list"]) {
        if (variable["type"] == "query") {
            found.push_back(variable["query"]["query"].asString());
            found.push_back(variable["definition"].asString());
        }
    }
    return found;
}

/// The names of all series that the relay serves: of a histogram there are three.
std::set<std::string> served() {
    std::set<std::string> names;
    std::istringstream text(sotto::relay::to_prometheus({}));
    for (std::string word; text >> word;) {
        std::string name;
        std::string type;
        if (word != "TYPE" || !(text >> name >> type)) {
            continue;
        }
        if (type == "histogram") {
            names.insert({name + "_bucket", name + "_sum", name + "_count"});
        } else {
            names.insert(name);
        }
    }
    return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dashboard_of_the_relay)

BOOST_AUTO_TEST_CASE(every_metric_in_it_is_one_that_the_relay_serves) {
    const std::set<std::string> known = served();
    const std::regex metric("sotto_[a-z_]+");
    const Json::Value root = dashboard();
    std::set<std::string> shown;
    for (const std::string& query : queries(root)) {
        const std::sregex_iterator first(query.begin(), query.end(), metric);
        BOOST_TEST((first != std::sregex_iterator()), "no metric in " << query);
        for (auto at = first; at != std::sregex_iterator(); ++at) {
            BOOST_TEST(known.count(at->str()) == 1, "the relay does not serve " << at->str());
            shown.insert(at->str());
        }
    }
    BOOST_TEST(shown.size() > 10);
}

BOOST_AUTO_TEST_CASE(whoever_imports_it_chooses_the_source_of_the_data) {
    const Json::Value root = dashboard();
    BOOST_TEST(root["templating"]["list"][0]["name"] == "datasource");
    BOOST_TEST(root["templating"]["list"][0]["type"] == "datasource");
    BOOST_TEST(root["templating"]["list"][0]["query"] == "prometheus");
    for (const Json::Value& panel : root["panels"]) {
        BOOST_TEST(panel["datasource"]["uid"] == "${datasource}");
        for (const Json::Value& target : panel["targets"]) {
            BOOST_TEST(target["datasource"]["uid"] == "${datasource}");
        }
    }
}

BOOST_AUTO_TEST_CASE(panels_have_a_number_each_and_a_place_to_themselves) {
    std::set<int> numbers;
    std::set<std::pair<int, int>> taken;
    for (const Json::Value& panel : dashboard()["panels"]) {
        BOOST_TEST(numbers.insert(panel["id"].asInt()).second, panel["title"]);
        const Json::Value& place = panel["gridPos"];
        for (int x = place["x"].asInt(); x < place["x"].asInt() + place["w"].asInt(); ++x) {
            BOOST_TEST((x >= 0 && x < 24), panel["title"]);
            for (int y = place["y"].asInt(); y < place["y"].asInt() + place["h"].asInt(); ++y) {
                BOOST_TEST((taken.insert({x, y}).second), panel["title"] << " lies on another");
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
