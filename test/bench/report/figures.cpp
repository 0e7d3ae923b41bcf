#include "test/bench/report/figures.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <tuple>

namespace sotto::bench {

namespace {

double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

bool Figures::Key::operator<(const Key& other) const {
    return std::tie(run, relay, quantity) < std::tie(other.run, other.relay, other.quantity);
}

void Figures::add(const std::string& run, const std::string& relay, const std::string& quantity,
                  double value) {
    values_[{run, relay, quantity}].push_back(value);
    if (std::find(relays_.begin(), relays_.end(), relay) == relays_.end()) {
        relays_.push_back(relay);
    }
}

std::optional<double> Figures::median(const std::string& run, const std::string& relay,
                                      const std::string& quantity) const {
    const auto found = values_.find({run, relay, quantity});
    return found == values_.end() ? std::nullopt : std::optional(median_of(found->second));
}

std::optional<double> Figures::ratio(const std::string& run, const std::string& relay,
                                     const std::string& to, const std::string& quantity) const {
    const auto theirs = values_.find({run, relay, quantity});
    const auto ours = values_.find({run, to, quantity});
    if (theirs == values_.end() || ours == values_.end()) {
        return std::nullopt;
    }
    std::vector<double> ratios;
    const std::size_t rounds = std::min(theirs->second.size(), ours->second.size());
    for (std::size_t round = 0; round < rounds; ++round) {
        ratios.push_back(theirs->second[round] / ours->second[round]);
    }
    return median_of(std::move(ratios));
}

void Figures::write(const std::string& path) const {
    std::ofstream file(path);
    for (const std::string& relay : relays_) {
        for (const auto& [key, values] : values_) {
            for (const double value : values) {
                if (key.relay == relay) {
                    file << key.run << '\t' << relay << '\t' << key.quantity << '\t' << value
                         << '\n';
                }
            }
        }
    }
    if (!file.flush()) {
        throw std::runtime_error("can't write " + path);
    }
}

Figures Figures::read(const std::string& path) {
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error("can't read " + path);
    }
    Figures figures;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string run;
        std::string relay;
        std::string quantity;
        double value = 0;
        std::getline(words, run, '\t');
        std::getline(words, relay, '\t');
        std::getline(words, quantity, '\t');
        if (words >> value) {
            figures.add(run, relay, quantity, value);
        }
    }
    return figures;
}

bool generator_was_full(const Figures& figures, const std::string& run, const std::string& relay) {
    constexpr double kFull = 0.95;
    return figures.median(run, relay, quantity::kBusy).value_or(0) > kFull;
}

}  // namespace sotto::bench
