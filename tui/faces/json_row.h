#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

/// How the JSON face names the structs of event.h and command.h: a table is a tuple of
/// rows, one a struct, in the order of its variant.
namespace sotto::tui {

template <class Struct, class Value>
struct JsonField {
    std::string_view name;
    Value Struct::*member;
};

template <class Struct, class... Values>
struct JsonRow {
    using Type = Struct;
    std::string_view name;
    std::tuple<JsonField<Struct, Values>...> fields;
};

template <class Struct, class Value>
constexpr JsonField<Struct, Value> field(std::string_view name, Value Struct::*member) {
    return {name, member};
}

template <class Struct, class... Values>
constexpr JsonRow<Struct, Values...> row(std::string_view name,
                                         JsonField<Struct, Values>... fields) {
    return {name, {fields...}};
}

/// True if the rows of `Table` are the alternatives of `Variant`, all and in their order.
template <class Variant, class Table>
struct Covers : std::false_type {};
template <class... Structs, class... Rows>
struct Covers<std::variant<Structs...>, std::tuple<Rows...>> {
    static constexpr bool value =
        std::is_same_v<std::tuple<Structs...>, std::tuple<typename Rows::Type...>>;
};

/// A row as the manual describes it.
struct JsonShape {
    std::string_view name;
    std::vector<std::string_view> fields;
};

template <class Table>
std::vector<JsonShape> shapes_of(const Table& table) {
    std::vector<JsonShape> out;
    const auto add = [&](const auto& one) {
        JsonShape shape{one.name, {}};
        std::apply([&](const auto&... fields) { (shape.fields.push_back(fields.name), ...); },
                   one.fields);
        out.push_back(std::move(shape));
    };
    std::apply([&](const auto&... rows) { (add(rows), ...); }, table);
    return out;
}

}  // namespace sotto::tui
