#include "test/bench/report/bar_chart.h"

#include "test/bench/report/number.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <utility>

namespace sotto::bench {

namespace {

constexpr double kHead = 44;  // title and unit
constexpr double kLegendLine = 20;
constexpr double kAxis = 52;    // numbers, left of the bars
constexpr double kFoot = 24;    // names of the groups
constexpr double kBand = 0.86;  // of a group's width; the rest is space

std::string escaped(const std::string& text) {
    constexpr std::pair<char, const char*> kEscapes[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};
    std::string out;
    for (const char c : text) {
        const auto* const found = std::find_if(std::begin(kEscapes), std::end(kEscapes),
                                               [&](const auto& row) { return row.first == c; });
        out += found == std::end(kEscapes) ? std::string(1, c) : found->second;
    }
    return out;
}

/// Pixels, rounded to a tenth, which is finer than the eye.
std::string px(double value) {
    std::ostringstream out;
    out << std::round(value * 10) / 10;
    return out.str();
}

class Drawing {
  public:
    Drawing(const BarChart& chart, const Box& box)
        : chart_(chart), box_(box), columns_(chart.series.size() <= 4 ? 4 : 3) {
        const std::size_t lines = (chart.series.size() + columns_ - 1) / columns_;
        bars_.left = box.left + kAxis;
        bars_.top = box.top + kHead + kLegendLine * static_cast<double>(lines) + 18;
        bars_.width = box.width - kAxis;
        bars_.height = box.top + box.height - kFoot - bars_.top;
        choose_scale();
    }

    std::string all() {
        text(box_.left, box_.top + 16, "title", "start", chart_.title);
        text(box_.left, box_.top + 35, "faint", "start", chart_.unit);
        legend();
        axis();
        for (std::size_t i = 0; i < chart_.groups.size(); ++i) {
            group(i);
        }
        return out_.str();
    }

  private:
    /// From a power of ten below all values, so that every bar has a height, to some space above
    /// them for their numbers.
    void choose_scale() {
        double least = std::numeric_limits<double>::infinity();
        double most = 0;
        for (const BarChart::Group& group : chart_.groups) {
            for (const auto& value : group.values) {
                if (value && *value > 0) {
                    least = std::min(least, *value);
                    most = std::max(most, *value);
                }
            }
        }
        if (most > 0) {
            low_ = std::floor(std::log10(least) - 0.1);
            high_ = std::log10(most) + 0.1;
        }
    }
    [[nodiscard]] double height_at(double value) const {
        return bars_.top + bars_.height * (high_ - std::log10(value)) / (high_ - low_);
    }

    void text(double x, double y, const char* look, const char* anchor, const std::string& words) {
        out_ << "<text class=\"" << look << "\" x=\"" << px(x) << "\" y=\"" << px(y)
             << "\" text-anchor=\"" << anchor << "\">" << escaped(words) << "</text>\n";
    }
    void rectangle(const Box& box, const std::string& colour, const std::string& said) {
        out_ << "<rect x=\"" << px(box.left) << "\" y=\"" << px(box.top) << "\" width=\""
             << px(box.width) << "\" height=\"" << px(box.height) << "\" rx=\"1.5\" fill=\""
             << escaped(colour) << "\"><title>" << escaped(said) << "</title></rect>\n";
    }
    void legend() {
        const double column = box_.width / static_cast<double>(columns_);
        for (std::size_t i = 0; i < chart_.series.size(); ++i) {
            const double x = box_.left + column * static_cast<double>(i % columns_);
            const std::size_t line = i / columns_;
            const double y = box_.top + kHead + kLegendLine * static_cast<double>(line);
            rectangle({x, y + 4, 12, 12}, chart_.series[i].colour, chart_.series[i].name);
            text(x + 18, y + 14, "text", "start", chart_.series[i].name);
        }
    }
    void axis() {
        for (double power = low_; power <= high_; ++power) {
            const double value = std::pow(10, power);
            const double y = height_at(value);
            out_ << "<path class=\"line\" d=\"M" << px(bars_.left) << ' ' << px(y) << 'h'
                 << px(bars_.width) << "\"/>\n";
            text(bars_.left - 8, y + 4, "faint", "end",
                 decimal(value, power < 0 ? static_cast<int>(-power) : 0));
        }
    }
    void group(std::size_t at) {
        const BarChart::Group& group = chart_.groups[at];
        const double width = bars_.width / static_cast<double>(chart_.groups.size());
        const double left = bars_.left + width * static_cast<double>(at);
        const double bottom = bars_.top + bars_.height;
        const double step = width * kBand / static_cast<double>(chart_.series.size());
        text(left + width / 2, bottom + 18, "text", "middle", group.name);
        for (std::size_t i = 0; i < group.values.size(); ++i) {
            const double x = left + width * (1 - kBand) / 2 + step * static_cast<double>(i);
            const auto& value = group.values[i];
            if (!value || *value <= 0) {
                text(x + step / 2, bottom - 4, "faint", "middle", "-");
                continue;
            }
            const double y = height_at(*value);
            rectangle({x + 1, y, step - 2, bottom - y}, chart_.series[i].colour,
                      chart_.series[i].name + ", " + group.name + ": " + rounded(*value));
            text(x + step / 2, y - 4, "value", "middle", rounded(*value));
        }
    }

    const BarChart& chart_;
    Box box_;
    Box bars_;
    std::size_t columns_;  ///< of the legend
    double low_ = 0;       ///< powers of ten
    double high_ = 1;
    std::ostringstream out_;
};

}  // namespace

std::string draw(const BarChart& chart, const Box& box) {
    return Drawing(chart, box).all();
}

}  // namespace sotto::bench
