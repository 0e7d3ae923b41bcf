#pragma once

#include <cstddef>
#include <string>

namespace sotto::relay {

/// What a look at a registry finds.
struct RegistryLook {
    std::size_t names = 0;  ///< owned or blocked
    /// False if a journal is there that can't be read without changing something: what is
    /// in it was left out.
    bool whole = true;
};

/// Looks at the registry at `path`, and changes nothing: makes no table, journal or index, and
/// leaves a journal as a killed relay left it. `in_use`: a relay runs on it. Throws
/// std::runtime_error with a sentence for the operator if it can't be read or is none.
[[nodiscard]] RegistryLook look_at_registry(const std::string& path, bool in_use);

}  // namespace sotto::relay
