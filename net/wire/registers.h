#pragma once

namespace sotto::wire {

/// Whether this processor has AVX2: registers of 32 bytes, where every x86-64 has 16.
[[nodiscard]] inline bool has_avx2() noexcept {
#if defined(__x86_64__)
    static const bool has = __builtin_cpu_supports("avx2");
    return has;
#else
    return false;
#endif
}

}  // namespace sotto::wire
