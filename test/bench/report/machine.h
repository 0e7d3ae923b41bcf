#pragma once

#include <iosfwd>
#include <string>

namespace sotto::bench {

/// Where and when figures were measured.
struct Machine {
    unsigned processors = 0;
    std::string model;    ///< of the processor; empty if unknown
    std::string openssl;  ///< version
    std::string date;     ///< YYYY-MM-DD, in UTC
    std::string system;   ///< its name for itself; empty if unknown
};

[[nodiscard]] Machine this_machine();

/// The first "model name" of /proc/cpuinfo; empty if there is none.
[[nodiscard]] std::string processor_model(std::istream& cpuinfo);
/// PRETTY_NAME of os-release(5) without its quotes; empty if there is none.
[[nodiscard]] std::string system_name(std::istream& os_release);

}  // namespace sotto::bench
