#include "test/bench/relay/scratch.h"

#include "net/tls/certificate.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace sotto::bench {

Scratch::Scratch() : path_("/tmp/sotto-bench-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) {
        throw std::runtime_error("no folder in /tmp");
    }
    const auto pair = net::make_self_signed("bench");
    (void)file("certificate.pem", pair.certificate);
    (void)file("key.pem", pair.key);
    ::chmod(key().c_str(), 0600);
}

Scratch::~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string Scratch::file(const std::string& name, const std::string& text) const {
    std::string path = path_ + "/" + name;
    std::ofstream(path) << text;
    return path;
}

}  // namespace sotto::bench
