#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::abuse {

/// Whom to attack, and for how long; some attacks take a little longer to see their result.
struct Target {
    std::uint16_t port = 0;
    double seconds = 1;
    std::size_t crowd = 500;  ///< connections, in attacks that hold many
};

/// What an attack did, and whether the relay dealt with it as it should.
struct Outcome {
    std::string done;
    bool good = true;
};

/// One way to attack a relay on loopback.
struct Attack {
    std::string_view name;
    Outcome (*run)(const Target& target);
    /// It waits for the relay's deadlines, so it runs beside the others.
    bool throughout = false;
};

[[nodiscard]] const std::vector<Attack>& attacks_on_the_transport();
[[nodiscard]] const std::vector<Attack>& attacks_on_tls();
[[nodiscard]] const std::vector<Attack>& attacks_on_the_protocol();
[[nodiscard]] const std::vector<Attack>& attacks_on_the_memory();

/// The end of a period.
class Until {
  public:
    explicit Until(double seconds)
        : end_(std::chrono::steady_clock::now() +
               std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                   std::chrono::duration<double>(seconds))) {}
    [[nodiscard]] bool left() const { return std::chrono::steady_clock::now() < end_; }

  private:
    std::chrono::steady_clock::time_point end_;
};

}  // namespace sotto::abuse
