#include "test/integration/process_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace sotto::test {

namespace {

constexpr std::size_t kBlock = 1U << 20U;
constexpr std::uint64_t kTooLarge = 4ULL << 30U;  // a sanitizer's shadow, not real memory

void search(const std::string& text, const std::vector<std::string>& needles,
            std::set<std::string>& found) {
    for (const std::string& needle : needles) {
        if (text.find(needle) != std::string::npos) {
            found.insert(needle);
        }
    }
}

/// Searches block by block, with an overlap for matches that cross the boundary.
void search_region(int memory, std::uint64_t begin, std::uint64_t end,
                   const std::vector<std::string>& needles, std::set<std::string>& found) {
    std::size_t longest = 0;
    for (const std::string& needle : needles) {
        longest = std::max(longest, needle.size());
    }
    std::string window;
    std::string block(kBlock, '\0');
    for (std::uint64_t at = begin; at < end;) {
        const std::size_t wanted = std::min<std::uint64_t>(kBlock, end - at);
        const ssize_t size = ::pread(memory, block.data(), wanted, static_cast<off_t>(at));
        if (size <= 0) {
            return;  // a guard page, or unmapped meanwhile
        }
        window.append(block, 0, static_cast<std::size_t>(size));
        search(window, needles, found);
        window.erase(0, window.size() - std::min(window.size(), longest));
        at += static_cast<std::uint64_t>(size);
    }
}

}  // namespace

std::optional<std::vector<std::string>> found_in_memory(pid_t process,
                                                        const std::vector<std::string>& needles) {
    const std::string base = "/proc/" + std::to_string(process);
    std::ifstream maps(base + "/maps");
    const int memory = ::open((base + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
    if (!maps || memory < 0) {
        return std::nullopt;
    }
    std::set<std::string> found;
    for (std::string line; std::getline(maps, line);) {
        std::istringstream words(line);
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
        char dash = 0;
        std::string access;
        words >> std::hex >> begin >> dash >> end >> access;
        if (access.substr(0, 1) == "r" && end - begin < kTooLarge) {
            search_region(memory, begin, end, needles, found);
        }
    }
    ::close(memory);
    return std::vector<std::string>(found.begin(), found.end());
}

std::vector<std::string> found_in_files(const std::string& folder,
                                        const std::vector<std::string>& needles) {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            std::ifstream file(entry.path(), std::ios::binary);
            search({std::istreambuf_iterator<char>(file), {}}, needles, found);
        }
    }
    return {found.begin(), found.end()};
}

}  // namespace sotto::test
