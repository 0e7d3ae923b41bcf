#pragma once

namespace sotto::base {

#ifdef SOTTO_INVARIANTS
inline constexpr bool kChecksInvariants = true;
#else
inline constexpr bool kChecksInvariants = false;
#endif

/// Says on standard error which invariant is broken, and aborts.
[[noreturn]] void invariant_broken(const char* what, const char* file, int line) noexcept;

/// What must hold whatever comes from outside, as that a state follows from the one before. In
/// builds with tests (the option SOTTO_INVARIANTS) the process aborts where it does not. In
/// others nothing happens: a mistake of ours must not be a way to end a relay.
inline void invariant(bool holds, const char* what, const char* file = __builtin_FILE(),
                      int line = __builtin_LINE()) noexcept {
    if (kChecksInvariants && !holds) {
        invariant_broken(what, file, line);
    }
}

}  // namespace sotto::base
