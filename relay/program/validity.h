#pragma once

#include "net/io/certificate.h"

#include <chrono>
#include <optional>
#include <string>

namespace sotto::relay {

/// A sentence about a certificate that has expired, is not valid yet, or expires soon: within
/// 14 days, or the last fifth of its time if that is less. None if all is well.
[[nodiscard]] std::optional<std::string> trouble_with(const net::Validity& certificate,
                                                      std::chrono::system_clock::time_point now);

}  // namespace sotto::relay
