#include "test/bench/report/growth.h"

#include <json/json.h>

#include <istream>
#include <stdexcept>

namespace sotto::bench::growth {

const std::vector<Operation>& operations() {
    static const std::vector<Operation> all{
        {"lookup", "a lookup"},
        {"idle_poll", "a poll, nothing new"},
        {"poll_of_ten_changes", "a poll of ten changes"},
        {"leave_and_come_back", "leaving and coming back"},
    };
    return all;
}

const std::vector<std::string>& users() {
    static const std::vector<std::string> all{"100", "1000", "10000", "100000"};
    return all;
}

namespace {

double nanoseconds_in(const std::string& unit) {
    constexpr struct {
        const char* name;
        double nanoseconds;
    } kUnits[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
    for (const auto& row : kUnits) {
        if (unit == row.name) {
            return row.nanoseconds;
        }
    }
    throw std::runtime_error("the growth figures have the unit '" + unit + "'");
}

}  // namespace

Figures read(std::istream& json) {
    try {
        Json::Value root;
        json >> root;
        Figures figures;
        for (const Json::Value& row : root["benchmarks"]) {
            const std::string name = row["run_name"].asString();
            const std::size_t slash = name.find('/');
            // The list also contains means and deviations of the repetitions.
            if (row["run_type"] == "iteration" && slash != std::string::npos &&
                !row["error_occurred"].asBool()) {
                figures.add(
                    name.substr(0, slash), name.substr(slash + 1), kTime,
                    row["cpu_time"].asDouble() * nanoseconds_in(row["time_unit"].asString()));
            }
        }
        return figures;
    } catch (const Json::Exception& error) {
        throw std::runtime_error(std::string("the growth figures can't be read: ") + error.what());
    }
}

}  // namespace sotto::bench::growth
