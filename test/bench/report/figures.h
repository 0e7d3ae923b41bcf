#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sotto::bench {

/// What was measured: for each run, relay and quantity a value from every round. Kept in
/// a file of lines "run, relay, quantity, value", with tabs between.
class Figures {
  public:
    void add(const std::string& run, const std::string& relay, const std::string& quantity,
             double value);
    /// The median of the rounds; empty if it was not measured.
    [[nodiscard]] std::optional<double> median(const std::string& run, const std::string& relay,
                                               const std::string& quantity) const;
    /// How many times another relay's a relay's value is: the median of the rounds' ratios. Where
    /// the machine's speed changes from round to round it is steadier than that of the medians.
    [[nodiscard]] std::optional<double> ratio(const std::string& run, const std::string& relay,
                                              const std::string& to,
                                              const std::string& quantity) const;
    [[nodiscard]] const std::vector<std::string>& relays() const { return relays_; }

    /// Both throw std::runtime_error if the file can't be had.
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
    std::vector<std::string> relays_;            ///< in the order in which they were met
};

/// The relay that the others are compared with.
inline constexpr const char* kOurs = "sotto-relay";

/// Names of runs and quantities that more than one file must agree on.
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
inline constexpr const char* kCpu = "us";  ///< of the relay's processor: a message, a connection
inline constexpr const char* kRate = "per second";
inline constexpr const char* kP50 = "p50 ms";
inline constexpr const char* kP99 = "p99 ms";
inline constexpr const char* kP999 = "p999 ms";
inline constexpr const char* kBusy = "generator";  ///< share of its processor, 0 to 1
inline constexpr const char* kMemory = "KiB";
}  // namespace quantity

/// Whether the load generator had no time left in that run, so that a rate or a wait says
/// as much of it as of the relay.
[[nodiscard]] bool generator_was_full(const Figures& figures, const std::string& run,
                                      const std::string& relay);

}  // namespace sotto::bench
