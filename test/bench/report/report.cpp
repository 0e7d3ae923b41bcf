// The last step of `make bench-relay`: writes the measurements into the README, as tables and
// a plot.
#include "test/bench/report/growth.h"
#include "test/bench/report/plot.h"
#include "test/bench/report/section.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

using namespace sotto::bench;
namespace fs = std::filesystem;

std::ifstream opened(const fs::path& path) {
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error("can't read " + path.string());
    }
    return file;
}

std::string text_of(const fs::path& path) {
    std::ostringstream text;
    text << opened(path).rdbuf();
    return text.str();
}

void write(const fs::path& path, const std::string& text) {
    std::ofstream file(path);
    file << text;
    if (!file.flush()) {
        throw std::runtime_error("can't write " + path.string());
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::string figures;
    std::string growth;
    std::string page;
    std::string picture;
    CLI::App app("Writes the figures of relay_load and bench_relay_core into the README.");
    app.add_option("--figures", figures, "what relay_load wrote")->required();
    app.add_option("--growth", growth, "what bench_relay_core wrote, JSON")->required();
    app.add_option("--readme", page, "the page to write into, between its marks")->required();
    app.add_option("--plot", picture, "the SVG file to write")->required();
    CLI11_PARSE(app, argc, argv);
    try {
        std::ifstream json = opened(growth);
        const Measurement measured{Figures::read(figures), growth::read(json), this_machine()};
        const std::string link = fs::path(picture).lexically_relative(fs::path(page).parent_path());
        const std::string section = performance_section(measured, link);
        const std::string written = with_section(text_of(page), section);
        fs::create_directories(fs::path(picture).parent_path());
        write(picture, plot(measured.figures, measured.growth));
        write(page, written);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "relay_report: %s\n", error.what());
        return 1;
    }
}
