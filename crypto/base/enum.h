#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

/// What the language does not tell of an enumeration: how many values it has, and their names.
/// For `enum class` types whose values are 0, 1, 2 and so on, as the compiler numbers them.
namespace sotto::base {

namespace detail {

/// The compiler's own spelling of a value: `Trust::verified`, or `(Trust)7` where 7 has no name.
template <class Enum, Enum value>
constexpr std::string_view spelling() noexcept {
    constexpr std::string_view mark = "value = ";
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find(mark) + mark.size());
    return text.substr(0, text.find_first_of(";]"));
}

template <class Enum, std::size_t at>
constexpr bool is_named() noexcept {
    return spelling<Enum, static_cast<Enum>(at)>().front() != '(';
}

template <class Enum, std::size_t at = 0>
constexpr std::size_t count_named() noexcept {
    if constexpr (is_named<Enum, at>()) {
        return count_named<Enum, at + 1>();
    } else {
        return at;
    }
}

constexpr std::string_view last_part(std::string_view name) noexcept {
    return name.substr(name.rfind(':') + 1);
}

template <class Enum, std::size_t... at>
constexpr auto names(std::index_sequence<at...> /*all*/) noexcept {
    return std::array<std::string_view, sizeof...(at)>{
        last_part(spelling<Enum, static_cast<Enum>(at)>())...};
}

}  // namespace detail

/// How many values `Enum` has.
template <class Enum>
inline constexpr std::size_t enum_count = detail::count_named<Enum>();

template <class Enum>
constexpr std::size_t enum_index(Enum value) noexcept {
    return static_cast<std::size_t>(value);
}

/// `verified` for Trust::verified; `?` for a number that has no name.
template <class Enum>
constexpr std::string_view enum_name(Enum value) noexcept {
    constexpr auto names = detail::names<Enum>(std::make_index_sequence<enum_count<Enum>>());
    return enum_index(value) < names.size() ? names[enum_index(value)] : "?";
}

}  // namespace sotto::base
