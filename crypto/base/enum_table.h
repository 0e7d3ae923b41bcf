#pragma once

#include "crypto/base/enum.h"

#include <array>
#include <cstddef>
#include <stdexcept>

namespace sotto::base {

/// A value of `T` for each value of `Enum`: an array that only the enumeration can index.
template <class Enum, class T>
class EnumArray {
  public:
    constexpr T& operator[](Enum at) { return values_.at(enum_index(at)); }
    constexpr const T& operator[](Enum at) const { return values_.at(enum_index(at)); }
    [[nodiscard]] static constexpr std::size_t size() noexcept { return enum_count<Enum>; }
    [[nodiscard]] constexpr auto begin() noexcept { return values_.begin(); }
    [[nodiscard]] constexpr auto end() noexcept { return values_.end(); }
    [[nodiscard]] constexpr auto begin() const noexcept { return values_.begin(); }
    [[nodiscard]] constexpr auto end() const noexcept { return values_.end(); }

  private:
    std::array<T, enum_count<Enum>> values_{};
};

/// A row for each value of an enumeration. `Row` is an aggregate whose first member, `key`, is
/// the value that the row is about. A table with a row that is missing, out of its place or
/// there twice does not compile, so a value that is added to the enumeration needs a row:
///
///     constexpr EnumTable<Trust, Row> kTrust({{Trust::unknown, "new"}, ...});
template <class Enum, class Row>
class EnumTable {
  public:
    /// Only constant tables are checked when they are compiled: declare them `constexpr`.
    template <std::size_t size>
    constexpr explicit EnumTable(const Row (&rows)[size])  // NOLINT(*-avoid-c-arrays)
        : EnumTable(rows, std::make_index_sequence<size>()) {
        static_assert(size == enum_count<Enum>, "a row for each value, and no other");
        for (std::size_t at = 0; at < size; ++at) {
            if (enum_index(rows[at].key) != at) {
                throw std::logic_error("a row is not in its place");
            }
        }
    }
    constexpr const Row& operator[](Enum at) const { return rows_.at(enum_index(at)); }
    [[nodiscard]] static constexpr std::size_t size() noexcept { return enum_count<Enum>; }
    [[nodiscard]] constexpr auto begin() const noexcept { return rows_.begin(); }
    [[nodiscard]] constexpr auto end() const noexcept { return rows_.end(); }

  private:
    template <std::size_t size, std::size_t... at>
    constexpr EnumTable(const Row (&rows)[size],  // NOLINT(*-avoid-c-arrays)
                        std::index_sequence<at...> /*all*/)
        : rows_{rows[at]...} {}

    std::array<Row, enum_count<Enum>> rows_;
};

}  // namespace sotto::base
