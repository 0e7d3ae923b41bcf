#pragma once

#include "crypto/base/enum_table.h"

#include <string_view>

namespace sotto::tui {

/// The word for each value of an enumeration; a value without one does not compile.
template <class Enum>
struct WordRow {
    Enum key;
    std::string_view text;
};
template <class Enum>
using WordTable = base::EnumTable<Enum, WordRow<Enum>>;

}  // namespace sotto::tui
