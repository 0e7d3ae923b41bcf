#include "test/abuse/scratch.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace sotto::abuse {

Scratch::Scratch()
    : path_((std::filesystem::temp_directory_path() / "sotto-abuse-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) {
        throw std::runtime_error("can't make " + path_);
    }
}

Scratch::~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> relay_command(const std::string& relay, const Scratch& scratch,
                                       const std::vector<std::string>& more,
                                       const std::string& limits) {
    std::vector<std::string> out{"/bin/sh", "-c",        limits + " exec \"$0\" \"$@\" 2>/dev/null",
                                 relay,     "--address", "127.0.0.1",
                                 "--port",  "0",         "--log-level",
                                 "error",   "--state",   scratch.path()};
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

}  // namespace sotto::abuse
