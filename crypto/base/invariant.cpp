#include "crypto/base/invariant.h"

#include <cstdio>
#include <cstdlib>

namespace sotto::base {

void invariant_broken(const char* what, const char* file, int line) noexcept {
    std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, what);
    std::abort();
}

}  // namespace sotto::base
