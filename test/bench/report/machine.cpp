#include "test/bench/report/machine.h"

#include <openssl/crypto.h>

#include <array>
#include <ctime>
#include <fstream>
#include <thread>

namespace sotto::bench {

namespace {

std::string today() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
    return text.data();
}

}  // namespace

Machine this_machine() {
    std::ifstream cpuinfo("/proc/cpuinfo");
    return {std::thread::hardware_concurrency(), processor_model(cpuinfo),
            OpenSSL_version(OPENSSL_VERSION_STRING), today()};
}

std::string processor_model(std::istream& cpuinfo) {
    for (std::string line; std::getline(cpuinfo, line);) {
        const std::size_t colon = line.find(": ");
        if (line.rfind("model name", 0) == 0 && colon != std::string::npos) {
            return line.substr(colon + 2);
        }
    }
    return {};
}

}  // namespace sotto::bench
