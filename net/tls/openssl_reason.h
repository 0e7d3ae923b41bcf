#pragma once

#include <string>

namespace sotto::net {

/// Why OpenSSL's last call failed, for the operator: the first error of its queue, which is
/// the cause of the others, and the system's own words if it is the system's. Empties the
/// queue.
[[nodiscard]] std::string openssl_reason();

}  // namespace sotto::net
