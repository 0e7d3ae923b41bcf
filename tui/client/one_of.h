#pragma once

#include <type_traits>
#include <variant>

namespace sotto::client {

template <class One, class Variant>
struct IsOneOf : std::false_type {};
template <class One, class... All>
struct IsOneOf<One, std::variant<All...>> : std::disjunction<std::is_same<One, All>...> {};

/// For a constructor template that takes any alternative of `Variant`, and nothing else.
template <class One, class Variant>
using IfOneOf = std::enable_if_t<IsOneOf<std::decay_t<One>, Variant>::value, int>;

/// One visitor of several functions.
template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace sotto::client
