#pragma once

#include "net/tls/certificate.h"

#include <chrono>
#include <optional>
#include <string>

namespace sotto::relay {

/// A sentence about a certificate that has expired, is not valid yet, or expires soon: within
/// 14 days, or the last fifth of its time if that is less. None if all is well.
[[nodiscard]] std::optional<std::string> trouble_with(const net::Validity& certificate,
                                                      std::chrono::system_clock::time_point now);

/// When to tell that: as soon as it is so, and once a day as long as it is. A relay that
/// runs for months would else have said it before there was anything to say.
class ValidityWatch {
  public:
    /// What is wrong with `certificate` is news, whatever was told of one before.
    void watch(const net::Validity& certificate);
    /// The sentence that is due; none most of the time, and before there is a certificate.
    [[nodiscard]] std::optional<std::string> news(std::chrono::system_clock::time_point now);

  private:
    std::optional<net::Validity> certificate_;
    std::string told_;
    std::chrono::system_clock::time_point told_at_;
};

}  // namespace sotto::relay
