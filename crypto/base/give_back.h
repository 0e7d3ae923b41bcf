#pragma once

#include <string>

namespace sotto::base {

/// Empties `text` and frees its memory. Assigning an empty string frees nothing: the library
/// keeps the buffer for the next text.
inline void give_back(std::string& text) noexcept {
    std::string().swap(text);
}

}  // namespace sotto::base
