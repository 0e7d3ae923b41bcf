#include "test/bench/report/plot.h"

#include "test/bench/report/bar_chart.h"
#include "test/bench/report/growth.h"
#include "test/bench/report/number.h"

namespace sotto::bench {

namespace {

constexpr const char* kHead =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 800" width="960" height="800" role="img">
<title>What a message costs each relay, and a directory operation as users grow</title>
<style>
text { font-family: system-ui, "DejaVu Sans", sans-serif; font-size: 13px; fill: #1f2328 }
.title { font-size: 16px; font-weight: bold }
.value { font-size: 11px; stroke: #ffffff; stroke-width: 3px; paint-order: stroke }
.faint { font-size: 12px; fill: #59636e }
.line { stroke: #d1d9e0; fill: none }
.ground { fill: #ffffff; stroke: #d1d9e0 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.value { stroke: #0d1117 }
.faint { fill: #9198a1 }
.line { stroke: #3d444d }
.ground { fill: #0d1117; stroke: #3d444d }
}
</style>
<rect class="ground" x="0.5" y="0.5" width="959" height="799" rx="8"/>
)";

/// Colours for readers with colour vision deficiency (Okabe and Ito), ours first.
constexpr const char* kRelayColours[] = {"#0072b2", "#8c959f", "#009e73", "#e69f00",
                                         "#d55e00", "#cc79a7", "#56b4e9"};
/// From few users to many: from pale to deep.
constexpr const char* kUserColours[] = {"#a5cdec", "#6fb0e0", "#3d8fcf", "#1c6cb0"};

BarChart messages(const Figures& figures) {
    BarChart chart;
    chart.title = "What a message costs the relay, by its payload";
    chart.unit = "us of processor time, many messages under way; logarithmic, less is better";
    const auto& relays = figures.relays();
    for (std::size_t i = 0; i < relays.size(); ++i) {
        chart.series.push_back({relays[i], kRelayColours[i % std::size(kRelayColours)]});
    }
    for (const char* run : {run::kBytes128, run::kKib1, run::kKib16, run::kKib48}) {
        BarChart::Group group{run, {}};
        for (const std::string& relay : relays) {
            group.values.push_back(figures.median(run, relay, quantity::kCpu));
        }
        chart.groups.push_back(std::move(group));
    }
    return chart;
}

BarChart operations(const Figures& figures) {
    BarChart chart;
    chart.title = "What an operation of the relay's directory costs, by its users";
    chart.unit = "ns of processor time; logarithmic, less is better";
    const auto& users = growth::users();
    for (std::size_t i = 0; i < users.size(); ++i) {
        chart.series.push_back({decimal(std::stod(users[i]), 0) + " users",
                                kUserColours[i % std::size(kUserColours)]});
    }
    for (const growth::Operation& operation : growth::operations()) {
        BarChart::Group group{operation.title, {}};
        for (const std::string& count : users) {
            group.values.push_back(figures.median(operation.run, count, growth::kTime));
        }
        chart.groups.push_back(std::move(group));
    }
    return chart;
}

}  // namespace

std::string plot(const Figures& figures, const Figures& growth) {
    return kHead + draw(messages(figures), {24, 20, 912, 410}) +
           draw(operations(growth), {24, 462, 912, 316}) + "</svg>\n";
}

}  // namespace sotto::bench
