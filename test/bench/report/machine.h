#pragma once

#include <iosfwd>
#include <string>

namespace sotto::bench {

/// Where figures were measured, and when.
struct Machine {
    unsigned processors = 0;
    std::string model;    ///< of the processor; empty: the system does not say
    std::string openssl;  ///< version
    std::string date;     ///< YYYY-MM-DD, in UTC
    std::string system;   ///< as it names itself; empty: it does not
};

[[nodiscard]] Machine this_machine();

/// The first "model name" of /proc/cpuinfo; empty if there is none.
[[nodiscard]] std::string processor_model(std::istream& cpuinfo);
/// PRETTY_NAME of os-release(5) without its quotes; empty if there is none.
[[nodiscard]] std::string system_name(std::istream& os_release);

}  // namespace sotto::bench
