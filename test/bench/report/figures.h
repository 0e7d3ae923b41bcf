#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sotto::bench {

/// The measurements: for each run, relay and quantity a value from every round. Stored in a
/// file of lines "run, relay, quantity, value", separated by tabs.
class Figures {
  public:
    void add(const std::string& run, const std::string& relay, const std::string& quantity,
             double value);
    /// The median of the rounds; empty if it was not measured.
    [[nodiscard]] std::optional<double> median(const std::string& run, const std::string& relay,
                                               const std::string& quantity) const;
    /// The ratio of a relay's value to another's: the median of the rounds' ratios. If the
    /// machine's speed changes between rounds, it is steadier than the ratio of the medians.
    [[nodiscard]] std::optional<double> ratio(const std::string& run, const std::string& relay,
                                              const std::string& to,
                                              const std::string& quantity) const;
    [[nodiscard]] const std::vector<std::string>& relays() const { return relays_; }

    /// Both throw std::runtime_error if the file can't be opened.
    void write(const std::string& path) const;
    [[nodiscard]] static Figures read(const std::string& path);

  private:
    struct Key {
        std::string run;
        std::string relay;
        std::string quantity;
        bool operator<(const Key& other) const;
    };
    std::map<Key, std::vector<double>> values_;  ///< in the order of the rounds
    std::vector<std::string> relays_;            ///< in the order of their first appearance
};

/// The relay with which the others are compared.
inline constexpr const char* kOurs = "sotto-relay";

/// Names of runs and quantities on which several files must agree.
namespace run {
inline constexpr const char* kBytes128 = "128 B";
inline constexpr const char* kKib1 = "1 KiB";
inline constexpr const char* kKib16 = "16 KiB";
inline constexpr const char* kKib48 = "48 KiB";
inline constexpr const char* kUnbatched = "unbatched";
inline constexpr const char* kOpenLoop = "open loop";
inline constexpr const char* kIdle = "idle";
inline constexpr const char* kConnect = "connect";
inline constexpr const char* kJoin = "join";
}  // namespace run
namespace quantity {
inline constexpr const char* kCpu = "us";  ///< of the relay's processor, per message or connection
inline constexpr const char* kRate = "per second";
inline constexpr const char* kP50 = "p50 ms";
inline constexpr const char* kP99 = "p99 ms";
inline constexpr const char* kP999 = "p999 ms";
inline constexpr const char* kBusy = "generator";  ///< share of its processor, 0 to 1
inline constexpr const char* kMemory = "KiB";
}  // namespace quantity

/// Whether the load generator was saturated in that run, so that a rate or a latency depends
/// as much on it as on the relay.
[[nodiscard]] bool generator_was_full(const Figures& figures, const std::string& run,
                                      const std::string& relay);

}  // namespace sotto::bench
