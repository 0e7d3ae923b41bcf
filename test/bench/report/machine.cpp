#include "test/bench/report/machine.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <string_view>
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
    std::ifstream os_release("/etc/os-release");
    return {std::thread::hardware_concurrency(), processor_model(cpuinfo),
            OpenSSL_version(OPENSSL_VERSION_STRING), today(), system_name(os_release)};
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

std::string system_name(std::istream& os_release) {
    static constexpr std::string_view kKey = "PRETTY_NAME=";
    for (std::string line; std::getline(os_release, line);) {
        if (line.rfind(kKey, 0) == 0) {
            line.erase(0, kKey.size());
            line.erase(std::remove(line.begin(), line.end(), '"'), line.end());
            return line;
        }
    }
    return {};
}

}  // namespace sotto::bench
