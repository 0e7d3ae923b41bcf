#include "crypto/suite.h"

#include "crypto/primitives.h"

namespace sotto::crypto {

Suite best_suite() noexcept {
    return KemKey::available() ? Suite::x25519_mlkem768 : Suite::x25519;
}

Bytes SuitePolicy::offer() const {
    Bytes out;
    for (auto suite = static_cast<std::uint8_t>(best); suite >= static_cast<std::uint8_t>(floor);
         --suite) {
        out.push_back(suite);
    }
    return out;
}

bool SuitePolicy::allows(std::uint8_t suite) const {
    return suite >= static_cast<std::uint8_t>(floor) && suite <= static_cast<std::uint8_t>(best);
}

}  // namespace sotto::crypto
