#pragma once

#include <optional>
#include <string>
#include <vector>

namespace sotto::bench {

/// Groups of bars on a logarithmic scale; each group has a bar for each series.
struct BarChart {
    struct Series {
        std::string name;
        std::string colour;  ///< in SVG's notation
    };
    struct Group {
        std::string name;
        std::vector<std::optional<double>> values;  ///< one per series; empty: not measured
    };
    std::string title;
    std::string unit;  ///< under the title
    std::vector<Series> series;
    std::vector<Group> groups;
};

/// A part of a drawing, in SVG's pixels.
struct Box {
    double left = 0;
    double top = 0;
    double width = 0;
    double height = 0;
};

/// The chart as SVG elements within `box`, styled by the classes `title`, `text`, `value`,
/// `faint` and `line` of the enclosing drawing.
[[nodiscard]] std::string draw(const BarChart& chart, const Box& box);

}  // namespace sotto::bench
